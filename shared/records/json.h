// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QLatin1StringView>

#include <optional>

namespace dormouse {

/// Parses a JSON object. ErrorCode::Malformed for anything else: a syntax error (with its offset), NaN, a byte order mark,
/// text that is not UTF-8, another type than object, nesting that is too deep (over 1024 levels), and what Qt alone lets pass: raw control
/// characters in strings, unknown escapes, "1.". Of a repeated key the last one counts, as in Python.
[[nodiscard]] Result<QJsonObject> parseJsonObject(const QByteArray &bytes);

/// Indented by 2, UTF-8, a newline at the end: how every JSON file of ours looks.
[[nodiscard]] QByteArray formatJsonFile(const QJsonObject &object);

/// One line without a newline: event log and control socket.
[[nodiscard]] QByteArray formatJsonLine(const QJsonObject &object);

/// An integer as JSON has it: not a boolean, not 2.5, not "3", inside 64 bits. Qt does not tell 3.0 and 1e2 from 3 and 100: they are
/// integers here; where that matters, see jsonIntegerMember().
[[nodiscard]] std::optional<qint64> jsonInteger(const QJsonValue &value);

/// The integer that a top-level member of `bytes` (accepted by parseJsonObject) is written as: nothing for 3.0 or 1e2, which
/// Python reads as floats, for what does not fit into 64 bits, for other types, and when there is no such member.
[[nodiscard]] std::optional<qint64> jsonIntegerMember(const QByteArray &bytes, QLatin1StringView key);

/// True when `bytes` (valid JSON) hold an integer that does not fit into 64 bits: Qt would write it back as a
/// rounded double, so such a file must not be rewritten.
[[nodiscard]] bool hasIntegerBeyond64Bits(const QByteArray &bytes);

} // namespace dormouse
