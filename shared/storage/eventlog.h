// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/records/history.h"
#include "shared/records/logentry.h"

#include <QString>
#include <QStringList>

#include <atomic>
#include <functional>

namespace dormouse {

/// Writer of logs/lifecycle-events-YYYY-MM-DD.jsonl (files specification, "Event log"). Owned by the agent; main thread.
class EventLog
{
public:
    explicit EventLog(QString folder);

    /// Appends one line, durable when it returns: O_APPEND under flock, a torn last line ended first, fsync. A new file each UTC day.
    [[nodiscard]] Result<void> append(const LogEntry &entry);

    /// Gzips files older than 30 days; the plain file goes only when the archive is durable. Returns how many were archived. May take long: any thread, and
    /// beside append(). Broken off, with nothing lost, once `isOver` is true.
    [[nodiscard]] Result<int> archive(WallTime now, const std::atomic<bool> *isOver = nullptr) const;

private:
    QString m_folder;
};

/// Calls `visit` for each readable entry with since ≤ time < until, file by file, oldest first, archives included. Torn lines and lines
/// that are no object are skipped. A day before `since` is read too, as far as needed to know the state at `since`, when `lookBack` is true.
/// Thread: any. Broken off once `isOver` is true.
void readEventLog(const QString &folder, WallTime since, WallTime until, bool lookBack,
                  const std::function<void(const LogEntry &)> &visit, const std::atomic<bool> *isOver = nullptr);

/// The same into a history, which wants little of each line, and many times faster. Of other kinds only the time counts, whatever else stands in the line.
void readHistory(const QString &folder, WallTime since, WallTime until, bool lookBack, HistoryBuilder &into,
                 const std::atomic<bool> *isOver = nullptr);

/// The log files of a folder, oldest day first, with their full paths.
[[nodiscard]] QStringList eventLogFiles(const QString &folder);

} // namespace dormouse
