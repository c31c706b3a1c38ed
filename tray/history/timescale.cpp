// SPDX-License-Identifier: MIT
#include "tray/history/timescale.h"

#include "tray/history/localtime.h"

#include <algorithm>

namespace dormouse {
namespace {

using std::chrono::seconds;

seconds offsetAt(WallTime at, const QTimeZone &zone)
{
    return seconds(zone.offsetFromUtc(localDateTime(at, zone)));
}

/// The first instant after `low` at which clocks show another offset than at `low`; there is one up to `high`.
WallTime changeBetween(WallTime low, WallTime high, const QTimeZone &zone)
{
    const seconds before = offsetAt(low, zone);
    while (high - low > seconds(1)) {
        const WallTime middle = std::chrono::floor<seconds>(low + (high - low) / 2);
        (offsetAt(middle, zone) == before ? low : high) = middle;
    }
    return high;
}

} // namespace

TimeScale TimeScale::even(WallTime from, WallTime to)
{
    return TimeScale({{from, 0.0}, {to, 1.0}});
}

TimeScale TimeScale::localDay(QDate date, const QTimeZone &zone)
{
    const WallTime from = wallTime(date.startOfDay(zone));
    const WallTime to = wallTime(date.addDays(1).startOfDay(zone));
    const WallTime midnight = wallTime(QDateTime(date, QTime(0, 0), Qt::UTC)); // the same reading on a clock in UTC
    const auto part = [midnight](WallTime at, seconds offset) {
        return std::clamp(std::chrono::duration<double>(at + offset - midnight).count() / 86400.0, 0.0, 1.0);
    };
    const seconds first = offsetAt(from, zone);
    const seconds last = offsetAt(to - Millis(1), zone);
    if (first == last)
        return TimeScale({{from, part(from, first)}, {to, part(to, first)}});
    const WallTime change = changeBetween(from, to, zone);
    const seconds back = first - last;
    if (back < seconds(0)) {
        return TimeScale(
            {{from, part(from, first)}, {change, part(change, first)}, {change, part(change, last)}, {to, part(to, last)}});
    }
    const WallTime twiceFrom = std::max(from, change - back);
    const WallTime twiceTo = std::min(to, change + back);
    return TimeScale(
        {{from, part(from, first)}, {twiceFrom, part(twiceFrom, first)}, {twiceTo, part(twiceTo, last)}, {to, part(to, last)}});
}

double TimeScale::partAt(WallTime at) const
{
    if (at < from())
        return m_anchors.front().part;
    if (at >= to())
        return m_anchors.back().part;
    const auto isBefore = [](WallTime time, const Anchor &anchor) { return time < anchor.at; };
    const auto next = std::upper_bound(m_anchors.begin(), m_anchors.end(), at, isBefore);
    const Anchor &left = *std::prev(next);
    const double way = std::chrono::duration<double>(at - left.at) / std::chrono::duration<double>(next->at - left.at);
    return left.part + (next->part - left.part) * way;
}

} // namespace dormouse
