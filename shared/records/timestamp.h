// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QString>

#include <optional>

namespace dormouse {

/// Reads an ISO-8601 extended time: `T` or a space, optional seconds and fraction (after `.` or `,`; any number of
/// digits, cut at microseconds), and `Z`, `±HH:MM`, `±HHMM`, `±HH` or nothing (UTC). Anything else, or a date that does not exist, is nothing; so are
/// year 0, hour 24, second 60 and offsets of 24 hours or more, none of which the reference's Python has.
[[nodiscard]] std::optional<WallTime> parseTimestamp(QStringView text);

/// "2026-05-02T15:14:30.123+00:00": UTC, milliseconds, never `Z`, so that Python 3.10's fromisoformat reads it.
/// Years outside 1 to 9999 are clamped.
[[nodiscard]] QString formatTimestamp(WallTime time);

/// The same with microseconds: reads back as exactly the same instant.
[[nodiscard]] QString formatExactTimestamp(WallTime time);

/// "2026-05-02", the UTC day: names of event logs.
[[nodiscard]] QString formatUtcDay(WallTime time);

/// "20260502T151430123": sorts by time, fits into a file name.
[[nodiscard]] QString timeTag(WallTime time);

} // namespace dormouse
