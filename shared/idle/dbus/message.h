// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVariant>

#include <optional>

namespace dormouse::dbus {

/// A larger message ends the connection: nothing we ask for comes near it.
inline constexpr qsizetype kMessageBytesMax = 256 * 1024;

/// A method to call. The arguments are strings, all that we ever say.
struct MethodCall {
    QString service;
    QString path;
    QString interface;
    QString member;
    QStringList arguments;
};

/// One message that came in (D-Bus specification, "Message Protocol").
struct Message {
    enum class Type : quint8 { Call = 1, Return = 2, Error = 3, Signal = 4 };

    Type type = Type::Call;
    quint32 replySerial = 0;
    QString path;
    QString interface;
    QString member;
    QString errorName;
    QByteArray signature;
    QByteArray body;
    bool isBigEndian = false;

    /// The arguments: numbers, booleans, QString, QByteArray (of bytes), QVariantList (of arrays, structs and dictionaries, whose entries are pairs); a variant is
    /// what is in it. Nothing when the body is not what its signature says.
    [[nodiscard]] std::optional<QVariantList> arguments() const;
};

/// The bytes of a call that expects an answer and starts no service.
[[nodiscard]] QByteArray encode(const MethodCall &call, quint32 serial);

/// What stands at the beginning of `bytes`.
struct Framing {
    enum class Kind : quint8 { Incomplete, Malformed, Complete };
    Kind kind = Kind::Incomplete;
    qsizetype size = 0; ///< of a complete message
};
[[nodiscard]] Framing frame(const QByteArray &bytes);

/// Reads one complete message; nothing when it is malformed.
[[nodiscard]] std::optional<Message> decode(const QByteArray &bytes);

} // namespace dormouse::dbus
