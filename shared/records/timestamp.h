// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QString>

#include <optional>

namespace dormouse {

/// Reads an ISO-8601 extended time: `T` or a space, optional seconds and fraction (any number of digits, cut at
/// microseconds), and `Z`, `±HH:MM`, `±HHMM`, `±HH` or nothing (UTC). Anything else, or a date that does not exist, is nothing.
[[nodiscard]] std::optional<WallTime> parseTimestamp(QStringView text);

/// "2026-05-02T15:14:30.123+00:00": UTC, milliseconds, never `Z`, so that Python 3.10's fromisoformat reads it.
[[nodiscard]] QString formatTimestamp(WallTime time);

/// "2026-05-02", the UTC day: names of event logs.
[[nodiscard]] QString formatUtcDay(WallTime time);

} // namespace dormouse
