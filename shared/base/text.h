// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace dormouse {

/// Parses "90", "0.5", "90s", "5m", "2h", "1d", "250ms" (a bare number is seconds). Never negative.
[[nodiscard]] std::optional<Millis> parseDuration(QStringView text);

/// For people, two units at most: "45 s", "12 min", "2 h 5 min", "3 d 4 h".
[[nodiscard]] QString formatDuration(Millis duration);

/// For people, as a clock that counts down: "04:41", "1:04:41".
[[nodiscard]] QString formatCountdown(Millis duration);

/// For people, powers of 1000 as on a disk label: "1.9 GB", "640 kB", "12 B".
[[nodiscard]] QString formatBytes(qint64 bytes);

/// The candidate with the smallest edit distance to `word`, when it is near enough to be meant.
[[nodiscard]] std::optional<QString> nearestWord(const QString &word, const QStringList &candidates);

/// Makes foreign text safe to show on a terminal or in a menu: one line, no control or
/// bidirectional override characters, at most `maximum` characters.
[[nodiscard]] QString sanitized(QStringView text, int maximum = 200);

} // namespace dormouse
