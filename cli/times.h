// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QString>

#include <optional>

namespace dormouse {

/// Local time for people: "15:42" on the same day, "Tue 15:42" within six days, else "2026-05-02 15:42".
[[nodiscard]] QString localTime(WallTime at, WallTime now);
/// The same of a time stamp; one that is no time is shown as it is (sanitized).
[[nodiscard]] QString localTimeOf(const QString &timestamp, WallTime now);
/// "2026-05-02 15:42:07", local.
[[nodiscard]] QString localDateTime(WallTime at);
/// "15:42:07", local.
[[nodiscard]] QString localClock(WallTime at);

/// now − at, never negative.
[[nodiscard]] Millis ageOf(WallTime at, WallTime now);

/// Seconds as JSON has them; never negative, and bounded far inside what Millis holds.
[[nodiscard]] Millis fromSeconds(double seconds);
/// How long something took, for people: "267 ms", "2.3 s", "45 s", "12 min".
[[nodiscard]] QString tookText(Millis duration);

/// A moment a person typed: a duration before `now` ("24h"), a date (its local midnight), or a time stamp, local when it names
/// no zone.
[[nodiscard]] std::optional<WallTime> parseMoment(const QString &text, WallTime now);

} // namespace dormouse
