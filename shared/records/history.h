// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/logentry.h"

#include <QMap>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <string_view>
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

/// A suspend of the machine, as `system_resumed` told it. The states go on through it.
struct HistorySuspend {
    WallTime from;
    WallTime to;

    bool operator==(const HistorySuspend &) const = default;
};

/// What the event log tells of [since, until).
struct History {
    std::vector<HistoryTransition> transitions; ///< oldest first
    std::vector<HistorySpan> spans;             ///< gapless, oldest first; empty before the first known moment
    std::vector<HistorySuspend> suspends;       ///< oldest first
    QMap<QString, Millis> timeIn;               ///< "WAKE" … "HIBERNATION", "not_running": all five, sums of the spans
    double savedGigabyteHours = 0;              ///< freed_bytes of each hibernation × its length inside the range
    std::vector<Millis> wakeToReady;            ///< from a wake to the last service's first `service_ready` before the next state
};

/// What one log entry means for a history. Most entries mean no more than that the agent was alive.
struct HistoryEvent {
    enum class Kind : std::uint8_t { Other, Transition, HibernationExit, Start, Stop, ServiceReady, Resume };

    Kind kind = Kind::Other;
    WallTime time;
    State from = State::Wake;         ///< of a transition
    std::optional<State> state;       ///< entered by a transition; told by a start
    std::optional<WallTime> lastSeen; ///< told by a start
    QString name;                     ///< a transition's trigger; a service's name
    double number = 0;                ///< bytes freed by an exit; seconds slept

    bool operator==(const HistoryEvent &) const = default;
};
[[nodiscard]] HistoryEvent historyEvent(const LogEntry &entry);
/// The kind of event that entries of `kind` become, when their fields are right.
[[nodiscard]] HistoryEvent::Kind historyKind(std::string_view kind);

/// Folds log entries (oldest first, may begin before `since`) into a History. Time after a hibernation exit is HIBERNATION until the next
/// transition or start; time from agent_stopped (or, without one, from the last_seen_ts of the next agent_started) is "not running".
class HistoryBuilder
{
public:
    HistoryBuilder(WallTime since, WallTime until);
    /// How many entries may come; only a hint.
    void expectEntries(std::size_t count) { m_history.transitions.reserve(count); }
    void add(const HistoryEvent &event);
    void add(const LogEntry &entry) { add(historyEvent(entry)); }
    /// `current` is the state now, when an agent is running: it closes the last span at `until`.
    [[nodiscard]] History finish(std::optional<State> current);

private:
    /// What is known of the agent while the log is read.
    enum class Phase {
        Unknown,  ///< nothing yet
        Starting, ///< it runs, but no entry has told its state yet
        Running,
        Hibernated, ///< it has told its exit; `agent_stopped` changes nothing any more
        Stopped,
    };

    void addTransition(WallTime at, const HistoryEvent &event);
    void addHibernationExit(WallTime at, const HistoryEvent &event);
    void addStart(WallTime at, const HistoryEvent &event);
    void addStop(WallTime at);
    void addServiceReady(WallTime at, const HistoryEvent &event);
    void addResume(WallTime at, const HistoryEvent &event);
    void settleStart(State state);
    void pauseSaving(WallTime at);
    void endSaving(WallTime at);
    void closeWake();
    void moveTo(WallTime at, Phase phase);
    void appendSpan(WallTime from, WallTime to, std::optional<State> state);

    WallTime m_since;
    WallTime m_until;
    Phase m_phase = Phase::Unknown;
    std::optional<State> m_state;       ///< the last one known; it outlives the process, as the record does
    WallTime m_from;                    ///< begin of the open span
    std::optional<WallTime> m_lastSeen; ///< the last entry
    std::optional<double> m_freedBytes; ///< of the present hibernation
    std::optional<WallTime> m_savingSince;
    std::optional<WallTime> m_wokeAt;
    std::optional<WallTime> m_readyAt;
    QStringList m_ready; ///< services that have become ready since m_wokeAt
    History m_history;
};

} // namespace dormouse
