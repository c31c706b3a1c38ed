// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QDateTime>
#include <QTimeZone>

namespace dormouse {

/// What a clock on the wall in `zone` shows at `at`, to the millisecond.
[[nodiscard]] inline QDateTime localDateTime(WallTime at, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<Millis>(at.time_since_epoch()).count(), zone);
}

[[nodiscard]] inline WallTime wallTime(const QDateTime &local)
{
    return WallTime(Millis(local.toMSecsSinceEpoch()));
}

} // namespace dormouse
