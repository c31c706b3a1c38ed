// SPDX-License-Identifier: MIT
#include "shared/idle/dbus/busaddress.h"
#include "shared/idle/dbus/message.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace dormouse::fuzz {
namespace {

/// How many values there are in all; what is in an array or a struct counts, too.
qsizetype valuesIn(const QVariantList &list)
{
    qsizetype count = list.size();
    for (const QVariant &value : list) {
        if (value.metaType() == QMetaType::fromType<QVariantList>())
            count += valuesIn(value.toList());
    }
    return count;
}

void checkMessage(const dbus::Message &message, qsizetype size)
{
    require(message.body.size() <= size, "a message's body lies within it");
    require(message.path.size() <= size && message.interface.size() <= size && message.member.size() <= size,
            "a message's names are no longer than it is");
    const std::optional<QVariantList> arguments = message.arguments();
    require(!arguments || message.signature.size() <= 255, "a signature that is longer than it may be is not followed");
    // A value takes a byte at least, and is in at most 16 others.
    require(!arguments || valuesIn(*arguments) <= 17 * message.body.size(), "a short message makes no long answer");
}

/// Whatever we say, a bus that follows the specification hears the same.
void checkCall(const QByteArray &input)
{
    QByteArray rest = input;
    const auto next = [&rest] { return QString::fromUtf8(takeLine(rest)); };
    const dbus::MethodCall call{next(), next(), next(), next(), {next(), next()}};
    const QByteArray bytes = encode(call, 7);
    const dbus::Framing framing = dbus::frame(bytes);
    require(framing.kind == dbus::Framing::Kind::Complete && framing.size == bytes.size(), "a call of ours is one message");
    require(dbus::frame(bytes.chopped(1)).kind == dbus::Framing::Kind::Incomplete, "a call of ours is no shorter than it says");
    const std::optional<dbus::Message> heard = dbus::decode(bytes);
    require(heard.has_value(), "a call of ours is a message");
    require(heard->path == call.path && heard->interface == call.interface && heard->member == call.member,
            "a call of ours says what is called");
    require(heard->arguments() == QVariantList{call.arguments.at(0), call.arguments.at(1)}, "a call of ours has its arguments");
}

void checkAddress(const QByteArray &input)
{
    const std::optional<dbus::BusSocket> socket = dbus::parseBusAddress(QString::fromUtf8(input));
    require(!socket || (!socket->name.isEmpty() && !socket->name.contains(QChar(0)) && socket->name.size() <= input.size()),
            "a bus's socket has a name");
}

} // namespace

void dbus(const QByteArray &input)
{
    constexpr qsizetype kTextMax = 300;
    const dbus::Framing framing = dbus::frame(input);
    const std::optional<dbus::Message> message = dbus::decode(input);
    const bool isComplete = framing.kind == dbus::Framing::Kind::Complete;
    require(isComplete || (framing.size == 0 && !message), "what is no whole message is not read");
    require(!isComplete || (framing.size >= 16 && framing.size <= input.size() && framing.size <= dbus::kMessageBytesMax),
            "a message is no longer than what came in");
    if (message)
        checkMessage(*message, framing.size);
    const bool isText =
        input.size() <= kTextMax && !input.contains('\0') && !input.contains("\xef\xbb\xbf") && input.isValidUtf8();
    if (!isComplete && isText) {
        checkAddress(input);
        checkCall(input);
    }
}

} // namespace dormouse::fuzz
