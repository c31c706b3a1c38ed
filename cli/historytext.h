// SPDX-License-Identifier: MIT
#pragma once

#include "cli/palette.h"
#include "shared/records/history.h"

#include <QJsonObject>
#include <QString>

namespace dormouse {

/// What a history is shown for: [since, until) seen at `now`.
struct HistoryRange {
    WallTime since;
    WallTime until;
    WallTime now;
};

/// For people: time in each state, what was saved, the transitions. `bars` adds a bar a state, for terminals. Ends with a
/// newline.
[[nodiscard]] QString historyText(const History &history, const HistoryRange &range, const Palette &palette, bool bars);

/// Keys: since, until, total, transitions [{ts, from, to, trigger}], seconds {WAKE …, not_running}, saved_gb_hours,
/// wake_to_ready_sec.
[[nodiscard]] QJsonObject historyJson(const History &history, const HistoryRange &range);

/// A line a span: from,to,state,duration_sec; with a heading; time stamps in UTC.
[[nodiscard]] QString historyCsv(const History &history);

/// A bar of block characters, `part` of 1 being `width` columns; anything above nothing shows at least a sliver.
[[nodiscard]] QString blockBar(double part, int width);

} // namespace dormouse
