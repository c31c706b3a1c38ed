// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/logentry.h"
#include "shared/records/timestamp.h"
#include "shared/storage/rootpaths.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <map>
#include <vector>

namespace dormouse::test {

/// A private root with an event log that a test writes.
class HistoryRoot
{
public:
    HistoryRoot() { QDir().mkpath(paths().logs()); }

    [[nodiscard]] RootPaths paths() const { return {m_folder.path() + QLatin1StringView("/root")}; }
    [[nodiscard]] QString at(const QString &name) const { return m_folder.filePath(name); }

    /// Oldest first. False where it cannot be written.
    [[nodiscard]] bool write(const std::vector<LogEntry> &entries) const
    {
        std::map<QString, QByteArray> days;
        for (const LogEntry &entry : entries)
            days[formatUtcDay(entry.time)] += formatLogLine(entry);
        for (const auto &[day, bytes] : days) {
            QFile file(paths().logs() + QString(QLatin1StringView("/lifecycle-events-%1.jsonl")).arg(day));
            if (!file.open(QIODevice::WriteOnly | QIODevice::Append) || file.write(bytes) != bytes.size())
                return false;
        }
        return true;
    }

private:
    QTemporaryDir m_folder;
};

inline LogEntry moved(WallTime at, State from, State to)
{
    return transitionEntry(at, from, to, to == State::Wake ? Event::HeartbeatRefresh : Event::Idle5Min);
}

/// Awake and drowsy by turns, `step` apart, from `from` up to `to`.
inline std::vector<LogEntry> turns(WallTime from, WallTime to, std::chrono::seconds step)
{
    std::vector<LogEntry> entries;
    State state = State::Wake;
    for (WallTime at = from; at < to; at += step) {
        const State next = state == State::Wake ? State::Drowsy : State::Wake;
        entries.push_back(moved(at, state, next));
        state = next;
    }
    return entries;
}

} // namespace dormouse::test
