// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QByteArray>
#include <QJsonObject>

#include <optional>

namespace dormouse {

/// Parses a JSON object. ErrorCode::Malformed for anything else: a syntax error (with its offset), NaN, a byte order mark,
/// text that is not UTF-8, another type than object, or nesting that is too deep.
[[nodiscard]] Result<QJsonObject> parseJsonObject(const QByteArray &bytes);

/// Indented by 2, UTF-8, a newline at the end: how every JSON file of ours looks.
[[nodiscard]] QByteArray formatJsonFile(const QJsonObject &object);

/// One line without a newline: event log and control socket.
[[nodiscard]] QByteArray formatJsonLine(const QJsonObject &object);

/// An integer as JSON has it: not a boolean, not 2.5, not "3", inside 64 bits.
[[nodiscard]] std::optional<qint64> jsonInteger(const QJsonValue &value);

/// True when `bytes` (valid JSON) hold an integer that does not fit into 64 bits: Qt would write it back as a
/// rounded double, so such a file must not be rewritten.
[[nodiscard]] bool hasIntegerBeyond64Bits(const QByteArray &bytes);

} // namespace dormouse
