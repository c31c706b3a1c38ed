// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QDate>
#include <QTimeZone>

#include <vector>

namespace dormouse {

/// Where in a row of the strip an instant lies: 0 is the left edge, 1 the right one. Never falls as time goes on. A value.
class TimeScale
{
public:
    /// Evenly from `from` to `to`; `to` must be later.
    static TimeScale even(WallTime from, WallTime to);

    /// A local day, by the clock on the wall: nine o'clock is at 9/24 on every day. Where clocks go forward, the hour that does not exist takes no
    /// time; where they go back, the hour that comes twice holds both.
    static TimeScale localDay(QDate date, const QTimeZone &zone);

    [[nodiscard]] WallTime from() const { return m_anchors.front().at; }
    [[nodiscard]] WallTime to() const { return m_anchors.back().at; }
    /// Clamped to the ends of the row.
    [[nodiscard]] double partAt(WallTime at) const;

private:
    struct Anchor {
        WallTime at;
        double part;
    };
    explicit TimeScale(std::vector<Anchor> anchors) : m_anchors(std::move(anchors)) {}

    std::vector<Anchor> m_anchors; ///< both rise, or stay, from one to the next
};

} // namespace dormouse
