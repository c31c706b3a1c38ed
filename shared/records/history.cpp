// SPDX-License-Identifier: MIT
#include "shared/records/history.h"

#include "shared/records/timestamp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

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

HistoryEvent::Kind historyKind(std::string_view kind)
{
    const auto is = [kind](QLatin1StringView name) {
        return kind == std::string_view(name.data(), static_cast<std::size_t>(name.size()));
    };
    if (is(logkind::kStateTransition))
        return HistoryEvent::Kind::Transition;
    if (is(logkind::kHibernationExit))
        return HistoryEvent::Kind::HibernationExit;
    if (is(logkind::kAgentStarted))
        return HistoryEvent::Kind::Start;
    if (is(logkind::kAgentStopped))
        return HistoryEvent::Kind::Stop;
    if (is(logkind::kServiceReady))
        return HistoryEvent::Kind::ServiceReady;
    if (is(logkind::kSystemResumed))
        return HistoryEvent::Kind::Resume;
    return HistoryEvent::Kind::Other;
}

HistoryEvent historyEvent(const LogEntry &entry)
{
    HistoryEvent event;
    event.time = entry.time;
    event.kind = historyKind(entry.kind.toStdString());
    const auto text = [&entry](QLatin1StringView key) { return entry.fields.value(key).toString(); };
    switch (event.kind) {
    case HistoryEvent::Kind::Transition:
        event.state = stateField(entry, "to"_L1);
        if (const std::optional<State> from = stateField(entry, "from"_L1); from && event.state) {
            event.from = *from;
            event.name = text("trigger"_L1);
        } else {
            event = {};
            event.time = entry.time;
        }
        break;
    case HistoryEvent::Kind::HibernationExit: event.number = entry.fields.value("freed_bytes"_L1).toDouble(); break;
    case HistoryEvent::Kind::Start:
        event.state = stateField(entry, "state"_L1);
        event.lastSeen = parseTimestamp(text("last_seen_ts"_L1));
        break;
    case HistoryEvent::Kind::ServiceReady: event.name = entry.fields.value("service"_L1).toString(text("name"_L1)); break;
    case HistoryEvent::Kind::Resume: event.number = entry.fields.value("slept_sec"_L1).toDouble(); break;
    case HistoryEvent::Kind::Stop:
    case HistoryEvent::Kind::Other: break;
    }
    return event;
}

HistoryBuilder::HistoryBuilder(WallTime since, WallTime until) : m_since(since), m_until(until) {}

void HistoryBuilder::add(const HistoryEvent &event)
{
    // A clock set back must not make time run backwards here.
    const WallTime at = std::max(event.time, m_lastSeen.value_or(event.time));
    switch (event.kind) {
    case HistoryEvent::Kind::Other: break;
    case HistoryEvent::Kind::Transition: addTransition(at, event); break;
    case HistoryEvent::Kind::HibernationExit: addHibernationExit(at, event); break;
    case HistoryEvent::Kind::Start: addStart(at, event); break;
    case HistoryEvent::Kind::Stop: addStop(at); break;
    case HistoryEvent::Kind::ServiceReady: addServiceReady(at, event); break;
    case HistoryEvent::Kind::Resume: addResume(at, event); break;
    }
    m_lastSeen = at;
}

void HistoryBuilder::addTransition(WallTime at, const HistoryEvent &event)
{
    const State from = event.from;
    const State to = *event.state;
    if (at >= m_since && at < m_until)
        m_history.transitions.push_back({at, from, to, event.name});
    settleStart(from);
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

void HistoryBuilder::addHibernationExit(WallTime at, const HistoryEvent &event)
{
    closeWake();
    settleStart(State::Hibernation);
    // An agent that was started while hibernated, found nobody and left again freed nothing more; what the first exit freed is still free.
    pauseSaving(at);
    m_freedBytes = std::max(event.number, m_freedBytes.value_or(0));
    m_savingSince = at;
    moveTo(at, Phase::Hibernated);
    m_state = State::Hibernation;
}

void HistoryBuilder::addStart(WallTime at, const HistoryEvent &event)
{
    closeWake();
    const std::optional<WallTime> lastSeen = event.lastSeen;
    if (m_phase == Phase::Starting || m_phase == Phase::Running) {
        // No agent_stopped: it was killed, some time after its last sign of life, be that in the log or in the record.
        const WallTime died = std::clamp(lastSeen.value_or(*m_lastSeen), *m_lastSeen, at);
        endSaving(died);
        moveTo(died, Phase::Stopped);
    } else if (m_phase == Phase::Unknown && lastSeen && *lastSeen < at) {
        moveTo(*lastSeen, Phase::Stopped);
    }
    if (event.state) {
        if (event.state != State::Hibernation)
            endSaving(at);
        moveTo(at, Phase::Running);
        m_state = event.state;
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

void HistoryBuilder::addServiceReady(WallTime at, const HistoryEvent &event)
{
    // A service that is restarted later in the same stay is not what people waited for.
    if (!m_wokeAt || (!event.name.isEmpty() && m_ready.contains(event.name)))
        return;
    m_ready.append(event.name);
    m_readyAt = at;
}

void HistoryBuilder::addResume(WallTime at, const HistoryEvent &event)
{
    constexpr double kSleptMax = 100 * 366 * 86400.0; // nonsense beyond; also keeps the conversion defined
    const double slept = event.number;
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
    std::array<Millis, kAllStates.size()> timeIn{};
    Millis notRunning{0};
    for (const HistorySpan &span : m_history.spans)
        (span.state ? timeIn[static_cast<std::size_t>(*span.state)] : notRunning) +=
            std::chrono::round<Millis>(span.to - span.from);
    for (const State state : kAllStates)
        m_history.timeIn.insert(toString(state), timeIn[static_cast<std::size_t>(state)]);
    m_history.timeIn.insert(kNotRunning, notRunning);
    return std::move(m_history);
}

} // namespace dormouse
