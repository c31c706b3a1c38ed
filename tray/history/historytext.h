// SPDX-License-Identifier: MIT
#pragma once

#include "tray/history/historyrange.h"
#include "tray/history/historysummary.h"
#include "tray/history/striplayout.h"

#include <QString>

namespace dormouse::historytext {

// What the history window says, translated (context "HistoryText"). Times of day are local to `zone`, on 24 hours.

[[nodiscard]] QString stateName(std::optional<State> state);
/// Two units at most: "45 s", "2 h 5 min", "3 d 4 h"; under 10 s with a tenth.
[[nodiscard]] QString duration(Millis duration);
/// "12.5 %", in the locale's way; "< 0.1 %" for what is there but hardly.
[[nodiscard]] QString percent(double part);
/// "12.4 GB·h", "860 MB·h".
[[nodiscard]] QString saved(double gigabyteHours);
/// What led into a state; a trigger that is not known is shown as it stands.
[[nodiscard]] QString trigger(const QString &name);
/// "Mon 12 May": the name of a row.
[[nodiscard]] QString day(QDate date);
/// "Tue 2 June, 09:12 – 10:47"; both days where they differ; seconds where it is short.
[[nodiscard]] QString period(WallTime from, WallTime to, const QTimeZone &zone);

/// The state, when, how long, why, and what else is there: "Awake · Mon 12 May, 09:12 – 10:47 · 1 h 35 min · a wrapper was used".
[[nodiscard]] QString details(const History &history, const StripSegment &segment, const QTimeZone &zone);

/// "2.1 s": the median; with "slowest 8.4 s of 38" in `readyNote`. A dash where nothing is known.
[[nodiscard]] QString ready(const HistorySummary &summary);
[[nodiscard]] QString readyNote(const HistorySummary &summary);

/// What stands where the strip would be when nothing is recorded.
[[nodiscard]] QString nothingYet();

} // namespace dormouse::historytext
