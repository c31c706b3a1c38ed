// SPDX-License-Identifier: MIT
#include "tray/history/historyrange.h"

#include "tray/history/localtime.h"

namespace dormouse {

std::vector<StripRow> stripRows(HistoryRange range, WallTime now, const QTimeZone &zone)
{
    int days = 0;
    switch (range) {
    case HistoryRange::Day: return {{QDate(), TimeScale::even(now - std::chrono::hours(24), now)}};
    case HistoryRange::Week: days = 7; break;
    case HistoryRange::Month: days = 30; break;
    }
    const QDate today = localDateTime(now, zone).date();
    std::vector<StripRow> rows;
    for (int i = days - 1; i >= 0; --i) {
        const QDate date = today.addDays(-i);
        rows.push_back({date, TimeScale::localDay(date, zone)});
    }
    return rows;
}

} // namespace dormouse
