// SPDX-License-Identifier: MIT
#include "shared/records/history.h"

#include "shared/records/timestamp.h"

#include <algorithm>
#include <cmath>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kNotRunning{"not_running"};

std::optional<State> stateField(const LogEntry &entry, QLatin1StringView key)
{
    return stateFromString(entry.fields.value(key).toString());
}

double hours(std::chrono::microseconds time)
{
    return std::chrono::duration<double, std::ratio<3600>>(time).count();
}

} // namespace

HistoryBuilder::HistoryBuilder(WallTime since, WallTime until) : m_since(since), m_until(until) {}

void HistoryBuilder::add(const LogEntry &entry)
{
    // A clock set back must not make time run backwards here.
    const WallTime at = std::max(entry.time, m_lastSeen.value_or(entry.time));
    if (entry.kind == logkind::kStateTransition)
        addTransition(at, entry);
    else if (entry.kind == logkind::kHibernationExit)
        addHibernationExit(at, entry);
    else if (entry.kind == logkind::kAgentStarted)
        addStart(at, entry);
    else if (entry.kind == logkind::kAgentStopped)
        addStop(at);
    else if (entry.kind == logkind::kServiceReady)
        addServiceReady(at, entry);
    else if (entry.kind == logkind::kSystemResumed)
        addResume(at, entry);
    m_lastSeen = at;
}

void HistoryBuilder::addTransition(WallTime at, const LogEntry &entry)
{
    const std::optional<State> from = stateField(entry, "from"_L1);
    const std::optional<State> to = stateField(entry, "to"_L1);
    if (!from || !to)
        return;
    if (at >= m_since && at < m_until)
        m_history.transitions.push_back({at, *from, *to, entry.fields.value("trigger"_L1).toString()});
    settleStart(*from);
    // WAKE→WAKE is a request, not a new stay: services that start go on starting.
    if (from != to || m_state != to) {
        endSaving(at);
        closeWake();
        if (to == State::Wake)
            m_wokeAt = at;
    }
    moveTo(at, Phase::Running);
    m_state = to;
}

void HistoryBuilder::addHibernationExit(WallTime at, const LogEntry &entry)
{
    closeWake();
    settleStart(State::Hibernation);
    // An agent that was started while hibernated, found nobody and left again freed nothing more; what the first exit freed is still free.
    pauseSaving(at);
    m_freedBytes = std::max(entry.fields.value("freed_bytes"_L1).toDouble(), m_freedBytes.value_or(0));
    m_savingSince = at;
    moveTo(at, Phase::Hibernated);
    m_state = State::Hibernation;
}

void HistoryBuilder::addStart(WallTime at, const LogEntry &entry)
{
    closeWake();
    const std::optional<WallTime> lastSeen = parseTimestamp(entry.fields.value("last_seen_ts"_L1).toString());
    if (m_phase == Phase::Starting || m_phase == Phase::Running) {
        // No agent_stopped: it was killed, some time after its last sign of life, be that in the log or in the record.
        const WallTime died = std::clamp(lastSeen.value_or(*m_lastSeen), *m_lastSeen, at);
        endSaving(died);
        moveTo(died, Phase::Stopped);
    } else if (m_phase == Phase::Unknown && lastSeen && *lastSeen < at) {
        moveTo(*lastSeen, Phase::Stopped);
    }
    if (const std::optional<State> state = stateField(entry, "state"_L1)) {
        if (state != State::Hibernation)
            endSaving(at);
        moveTo(at, Phase::Running);
        m_state = state;
    } else {
        moveTo(at, m_state ? Phase::Running : Phase::Starting);
    }
}

void HistoryBuilder::addStop(WallTime at)
{
    closeWake();
    if (m_phase == Phase::Hibernated)
        return;
    endSaving(at);
    moveTo(at, Phase::Stopped);
}

void HistoryBuilder::addServiceReady(WallTime at, const LogEntry &entry)
{
    // A service that is restarted later in the same stay is not what people waited for.
    const QString name = entry.fields.value("service"_L1).toString(entry.fields.value("name"_L1).toString());
    if (!m_wokeAt || (!name.isEmpty() && m_ready.contains(name)))
        return;
    m_ready.append(name);
    m_readyAt = at;
}

void HistoryBuilder::addResume(WallTime at, const LogEntry &entry)
{
    constexpr double kSleptMax = 100 * 366 * 86400.0; // nonsense beyond; also keeps the conversion defined
    const double slept = entry.fields.value("slept_sec"_L1).toDouble();
    if (!(slept > 0) || slept > kSleptMax)
        return;
    const WallTime from = std::max(at - std::chrono::microseconds(std::llround(slept * 1e6)), m_since);
    const WallTime to = std::min(at, m_until);
    if (from < to)
        m_history.suspends.push_back({from, to});
}

/// The first transition after a start tells what the state was since that start.
void HistoryBuilder::settleStart(State state)
{
    if (m_phase != Phase::Starting)
        return;
    m_phase = Phase::Running;
    m_state = state;
}

void HistoryBuilder::pauseSaving(WallTime at)
{
    if (m_savingSince && m_freedBytes) {
        const WallTime from = std::max(*m_savingSince, m_since);
        const WallTime to = std::min(at, m_until);
        if (from < to)
            m_history.savedGigabyteHours += *m_freedBytes / 1e9 * hours(to - from);
    }
    m_savingSince.reset();
}

void HistoryBuilder::endSaving(WallTime at)
{
    pauseSaving(at);
    m_freedBytes.reset();
}

void HistoryBuilder::closeWake()
{
    if (m_wokeAt && m_readyAt && *m_wokeAt >= m_since && *m_wokeAt < m_until)
        m_history.wakeToReady.push_back(std::chrono::floor<Millis>(*m_readyAt - *m_wokeAt));
    m_wokeAt.reset();
    m_readyAt.reset();
    m_ready.clear();
}

/// Ends the open span, whose state is m_state as it is now, and opens one of `phase`.
void HistoryBuilder::moveTo(WallTime at, Phase phase)
{
    switch (m_phase) {
    case Phase::Unknown: break;
    case Phase::Starting: // it ended before anything told its state: what is known begins after it
        m_history.spans.clear();
        break;
    case Phase::Running:
    case Phase::Hibernated: appendSpan(m_from, at, m_state); break;
    case Phase::Stopped: appendSpan(m_from, at, std::nullopt); break;
    }
    m_phase = phase;
    m_from = at;
}

void HistoryBuilder::appendSpan(WallTime from, WallTime to, std::optional<State> state)
{
    from = std::max(from, m_since);
    to = std::min(to, m_until);
    if (from >= to)
        return;
    std::vector<HistorySpan> &spans = m_history.spans;
    if (!spans.empty() && spans.back().to == from && spans.back().state == state)
        spans.back().to = to;
    else
        spans.push_back({from, to, state});
}

History HistoryBuilder::finish(std::optional<State> current)
{
    const bool wasRunning = m_phase == Phase::Starting || m_phase == Phase::Running;
    if (current) {
        settleStart(*current);
    } else if (wasRunning && *m_lastSeen < m_until) {
        // Nobody runs, and no agent_stopped: it was killed after its last entry.
        endSaving(*m_lastSeen);
        moveTo(*m_lastSeen, Phase::Stopped);
    }
    pauseSaving(m_until);
    closeWake();
    moveTo(std::max(m_until, m_from), Phase::Unknown);
    for (const State state : kAllStates)
        m_history.timeIn.insert(toString(state), Millis(0));
    m_history.timeIn.insert(kNotRunning, Millis(0));
    for (const HistorySpan &span : m_history.spans) {
        const QString key = span.state ? QString(toString(*span.state)) : QString(kNotRunning);
        m_history.timeIn[key] += std::chrono::round<Millis>(span.to - span.from);
    }
    return std::move(m_history);
}

} // namespace dormouse
