// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QByteArray>
#include <QString>

namespace dormouse {

/// Sets `key` ("timers.drowsy_after") to `value`, which is TOML already ("300", "\"active\"", "true"), and changes no other byte: comments (also behind the old value), order, unknown tables and line
/// ends stay. Where the key is not set yet, a line is added to its table; where there is no table, one at the end (before any [[array]] or [table] if the key needs none). An empty `value` takes the
/// key's line away, with its own comment only. Pure. Error (Malformed): the text is not TOML, or sets the key where it cannot be changed safely; nothing is guessed.
[[nodiscard]] Result<QByteArray> editToml(const QByteArray &text, const QString &key, const QByteArray &value);

} // namespace dormouse
