// SPDX-License-Identifier: MIT
#pragma once

#include "agent/serve/controltarget.h"

#include <QJsonObject>
#include <QString>

#include <atomic>

namespace dormouse {

/// Reads the event log and answers a `history` request: total, transitions, seconds in each state, GB·h saved, wake-to-ready times. Thread: any; takes as long
/// as reading the log takes, and is broken off once `isOver` is true.
[[nodiscard]] QJsonObject historyFields(const QString &logFolder, const HistoryQuery &query, WallTime now, State current,
                                        const std::atomic<bool> *isOver = nullptr);

} // namespace dormouse
