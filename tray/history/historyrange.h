// SPDX-License-Identifier: MIT
#pragma once

#include "tray/history/timescale.h"

#include <array>
#include <vector>

namespace dormouse {

/// What the window looks back on.
enum class HistoryRange {
    Day,   ///< the last 24 h, as one row
    Week,  ///< today and the six local days before, a row each
    Month, ///< today and the 29 local days before, a row each
};

inline constexpr std::array kAllRanges{HistoryRange::Day, HistoryRange::Week, HistoryRange::Month};

/// One row of the strip.
struct StripRow {
    QDate date; ///< of a row that is a local day; not valid for the row of the last 24 h
    TimeScale scale;
};

/// Oldest first, never empty. The last row holds `now`, or ends with it.
[[nodiscard]] std::vector<StripRow> stripRows(HistoryRange range, WallTime now, const QTimeZone &zone);

} // namespace dormouse
