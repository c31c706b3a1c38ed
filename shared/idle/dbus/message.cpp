// SPDX-License-Identifier: MIT
#include "shared/idle/dbus/message.h"

#include "shared/idle/dbus/wirereader.h"

#include <QtEndian>

namespace dormouse::dbus {
namespace {

// D-Bus specification, "Header Fields".
enum class Field : quint8 { Path = 1, Interface, Member, ErrorName, ReplySerial, Destination, Sender, Signature };

constexpr qsizetype kSignatureMax = 255; // D-Bus specification, "Valid Signatures"
constexpr qsizetype kFixedHeader = 16;   // up to and with the length of the field array
constexpr char kNoAutoStart = 0x2;
constexpr char kProtocolVersion = 1;

void pad(QByteArray &out, qsizetype to)
{
    out.append((to - out.size() % to) % to, '\0');
}

void appendNumber(QByteArray &out, quint32 number)
{
    pad(out, 4);
    const quint32 little = qToLittleEndian(number);
    out.append(QByteArrayView(reinterpret_cast<const char *>(&little), sizeof(little)));
}

void appendText(QByteArray &out, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    appendNumber(out, quint32(bytes.size()));
    out.append(bytes).append('\0');
}

void appendField(QByteArray &out, Field field, char type, const QString &text)
{
    pad(out, 8);
    out.append(char(field)).append('\1').append(type).append('\0');
    if (type == 'g')
        out.append(char(text.size())).append(text.toLatin1()).append('\0');
    else
        appendText(out, text);
}

void takeField(Message &message, Field field, const QVariant &value)
{
    switch (field) {
    case Field::Path: message.path = value.toString(); break;
    case Field::Interface: message.interface = value.toString(); break;
    case Field::Member: message.member = value.toString(); break;
    case Field::ErrorName: message.errorName = value.toString(); break;
    case Field::ReplySerial: message.replySerial = value.toUInt(); break;
    case Field::Signature: message.signature = value.toString().toLatin1(); break;
    case Field::Destination:
    case Field::Sender: break;
    }
}

} // namespace

std::optional<QVariantList> Message::arguments() const
{
    // As text of another type, which no honest bus sends, it could be of any length, and a message take seconds to read.
    if (signature.size() > kSignatureMax)
        return std::nullopt;
    WireReader reader(body, isBigEndian);
    QVariantList result;
    QByteArray rest = signature;
    while (reader.isOk() && !rest.isEmpty())
        result.append(reader.value(rest));
    return reader.isOk() ? std::optional(result) : std::nullopt;
}

QByteArray encode(const MethodCall &call, quint32 serial)
{
    QByteArray body;
    for (const QString &argument : call.arguments)
        appendText(body, argument);
    QByteArray out("l");
    out.append(char(Message::Type::Call)).append(kNoAutoStart).append(kProtocolVersion);
    appendNumber(out, quint32(body.size()));
    appendNumber(out, serial);
    appendNumber(out, 0); // the length of the fields, known below
    appendField(out, Field::Path, 'o', call.path);
    appendField(out, Field::Interface, 's', call.interface);
    appendField(out, Field::Member, 's', call.member);
    appendField(out, Field::Destination, 's', call.service);
    if (!call.arguments.isEmpty())
        appendField(out, Field::Signature, 'g', QString(call.arguments.size(), u's'));
    qToLittleEndian(quint32(out.size() - kFixedHeader), out.data() + kFixedHeader - 4);
    pad(out, 8);
    return out + body;
}

Framing frame(const QByteArray &bytes)
{
    if (bytes.size() < kFixedHeader)
        return {};
    const char order = bytes.at(0);
    if ((order != 'l' && order != 'B') || bytes.at(3) != kProtocolVersion)
        return {Framing::Kind::Malformed, 0};
    const auto number = [&bytes, order](qsizetype at) {
        const char *data = bytes.constData() + at;
        return qsizetype(order == 'l' ? qFromLittleEndian<quint32>(data) : qFromBigEndian<quint32>(data));
    };
    const qsizetype header = (kFixedHeader + number(12) + 7) / 8 * 8;
    const qsizetype size = header + number(4);
    if (header > kMessageBytesMax || size > kMessageBytesMax)
        return {Framing::Kind::Malformed, 0};
    return bytes.size() < size ? Framing{} : Framing{Framing::Kind::Complete, size};
}

std::optional<Message> decode(const QByteArray &bytes)
{
    if (frame(bytes).kind != Framing::Kind::Complete)
        return std::nullopt;
    Message message;
    message.isBigEndian = bytes.at(0) == 'B';
    const auto type = quint8(bytes.at(1));
    if (type < quint8(Message::Type::Call) || type > quint8(Message::Type::Signal))
        return std::nullopt;
    message.type = Message::Type(type);
    WireReader reader(bytes, message.isBigEndian);
    QByteArray signature("yyyyuua(yv)");
    QVariantList header;
    while (reader.isOk() && !signature.isEmpty())
        header.append(reader.value(signature));
    reader.align(8);
    if (!reader.isOk())
        return std::nullopt;
    for (const QVariant &entry : header.last().toList()) {
        const QVariantList pair = entry.toList();
        const uint field = pair.at(0).toUInt();
        if (field >= uint(Field::Path) && field <= uint(Field::Signature))
            takeField(message, Field(field), pair.at(1));
    }
    message.body = bytes.mid(reader.position(), frame(bytes).size - reader.position());
    return message;
}

} // namespace dormouse::dbus
