// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/logentry.h"

#include <QMap>

#include <optional>
#include <vector>

namespace dormouse {

/// A stretch of time in one state; `state` is nothing while the agent was not running.
struct HistorySpan {
    WallTime from;
    WallTime to;
    std::optional<State> state;

    bool operator==(const HistorySpan &) const = default;
};

struct HistoryTransition {
    WallTime at;
    State from = State::Wake;
    State to = State::Wake;
    QString trigger;

    bool operator==(const HistoryTransition &) const = default;
};

/// What the event log tells of [since, until).
struct History {
    std::vector<HistoryTransition> transitions; ///< oldest first
    std::vector<HistorySpan> spans;             ///< gapless, oldest first; empty before the first known moment
    QMap<QString, Millis> timeIn;               ///< "WAKE" … "HIBERNATION", "not_running"
    double savedGigabyteHours = 0;              ///< freed_bytes of each hibernation × its length
    std::vector<Millis> wakeToReady;            ///< from a wake to the last service ready
};

/// Folds log entries (oldest first, may begin before `since`) into a History. Time after a hibernation exit is HIBERNATION until the next
/// transition or start; time from agent_stopped (or, without one, from the last_seen_ts of the next agent_started) is "not running".
class HistoryBuilder
{
public:
    HistoryBuilder(WallTime since, WallTime until);
    void add(const LogEntry &entry);
    /// `current` is the state now, when an agent is running: it closes the last span at `until`.
    [[nodiscard]] History finish(std::optional<State> current);

private:
    void moveTo(WallTime at, std::optional<State> state);

    WallTime m_since;
    WallTime m_until;
    std::optional<WallTime> m_from;  ///< begin of the open span
    std::optional<State> m_state;
    std::optional<double> m_freedBytes;
    std::optional<WallTime> m_wokeAt;
    bool m_hibernated = false;
    History m_history;
};

} // namespace dormouse
