// SPDX-License-Identifier: MIT
#include "agent/decide/driver.h"

#include <algorithm>

namespace dormouse {
namespace {

Decision dispatch(Event event, Payload payload = {})
{
    return {Decision::Kind::Dispatch, event, payload};
}

} // namespace

std::optional<Decision> Driver::next(const Instants &now)
{
    observeClocks(now);
    expireHold(now);
    judge(now);
    expireLeases(now);
    noticePresence(now);

    if (auto decision = demandDecision(now))
        return decision;
    if (!m_wasScanned)
        return std::nullopt; // nothing is known of anybody's absence
    if (m_isStarting) {
        if (auto decision = startDecision(now))
            return decision;
        if (m_isStarting)
            return std::nullopt;
    }
    if (auto decision = presenceDecision(now))
        return decision;
    if (m_holdActivityPending)
        return dispatch(Event::HeartbeatRefresh);
    if (m_hold)
        return m_state == State::Wake ? std::nullopt : std::optional(dispatch(Event::RequestArrived));
    if (auto decision = walkDecision())
        return decision;
    if (isAnyonePresent())
        return std::nullopt;
    return idleDecision(now);
}

/// Rules 9 and 14: what somebody asked for comes first.
std::optional<Decision> Driver::demandDecision(const Instants &now)
{
    if (m_signalPending)
        return dispatch(Event::WakeSignal);
    if (m_signalNeedsRequest)
        return dispatch(Event::RequestArrived);
    if (!m_requestPending)
        return std::nullopt;
    if (m_state != State::Wake || mayRefresh(now))
        return dispatch(Event::RequestArrived);
    m_requestPending = false; // answered from memory; the baseline has moved
    return std::nullopt;
}

/// Rules 2 and 3.
std::optional<Decision> Driver::presenceDecision(const Instants &now) const
{
    if (!isAnyonePresent())
        return std::nullopt;
    switch (m_state) {
    case State::Wake: return mayRefresh(now) ? std::optional(dispatch(Event::HeartbeatRefresh)) : std::nullopt;
    case State::Drowsy: return dispatch(Event::HeartbeatRefresh);
    case State::Sleep:
    case State::Hibernation: return dispatch(Event::RequestArrived);
    }
    return std::nullopt;
}

/// Rule 13: a wish on its way; not held back by any grace.
std::optional<Decision> Driver::walkDecision() const
{
    if (!m_walkTarget)
        return std::nullopt;
    switch (m_state) {
    case State::Wake: return dispatch(Event::Idle5Min);
    case State::Drowsy: return dispatch(Event::Idle30Min, {.sleepEligible = true});
    case State::Sleep: return dispatch(Event::SleepCycleDone, {.stillIdle = true});
    case State::Hibernation: break;
    }
    return std::nullopt;
}

/// Rules 4 and 6, with the graces of rules 8 and 10 and the pending answer of rule 5.
std::optional<Decision> Driver::idleDecision(const Instants &now) const
{
    if (graceLeft(now) && !isWishEligible())
        return std::nullopt;
    if (isIdlenessAwaited(now) && !isWishEligible())
        return std::nullopt;
    switch (m_state) {
    case State::Wake: return idleFor(now) >= m_settings.drowsyAfter ? std::optional(dispatch(Event::Idle5Min)) : std::nullopt;
    case State::Drowsy:
        if (idleFor(now) >= m_settings.sleepAfter && isEligible(now))
            return dispatch(Event::Idle30Min, {.sleepEligible = true});
        return std::nullopt;
    case State::Sleep: return sleepDecision(now);
    case State::Hibernation: break;
    }
    return std::nullopt;
}

/// Rule 6: a cycle that can start or go on does so first; then HIBERNATION.
std::optional<Decision> Driver::sleepDecision(const Instants &now) const
{
    if (m_cycle.running || !isEligible(now))
        return std::nullopt;
    if (!m_cycleComplete && m_cycle.canStart)
        return Decision{Decision::Kind::StartCycle, Event::Tick, {}};
    if (m_cycleComplete || idleFor(now) >= m_settings.hibernateAfter)
        return dispatch(Event::SleepCycleDone, {.stillIdle = true});
    return std::nullopt;
}

bool Driver::mayRefresh(const Instants &now) const
{
    const Millis period = std::max(m_settings.tick, defaults::kRefreshPeriod) - defaults::kCoarseTimerSlack;
    return !m_lastRefresh || now.awake - *m_lastRefresh >= period;
}

void Driver::settled(const Decision &decision, State state, bool ok, const Instants &now)
{
    const State before = std::exchange(m_state, state);
    if (decision.kind == Decision::Kind::StartCycle)
        return;
    if (decision.event == Event::HeartbeatRefresh || decision.event == Event::RequestArrived)
        m_lastRefresh = now.awake;             // also when its write failed: tried again in the next period, not at every change
    if (decision.event == Event::WakeSignal) { // also when its write failed: a full disk keeps nobody from waking
        m_signalPending = false;
        m_signalNeedsRequest = state != State::Wake;
    }
    if (!ok && before == state)
        return;
    if (m_isStarting && isActivity(decision.event))
        used(now); // a start that wakes is a use
    m_isStarting = false;
    m_memoryChanged |= isActivity(decision.event); // the baseline is written with each activity write
    if (decision.event == Event::RequestArrived)
        m_requestPending = m_signalNeedsRequest = false;
    else if (decision.event == Event::HeartbeatRefresh)
        m_holdActivityPending = false;
    if (m_walkTarget == state) {
        m_walkTarget.reset();
        if (m_wish)
            m_wish->isReached = true;
    }
    if (before != state)
        entered(before);
}

void Driver::entered(State from)
{
    m_memoryChanged = true;
    if (from == State::Sleep)
        m_cycleComplete = false;
    if (m_state == State::Wake) {
        m_wish.reset();
        m_walkTarget.reset();
        m_isJudged = false;
    }
}

Departure Driver::departure() const
{
    if (m_state != State::Hibernation || m_isStarting || isDemandPending() || m_hold || isAnyonePresent())
        return Departure::NotNow;
    if (m_start.shadowRun || isSignalKept())
        return Departure::Linger;
    switch (m_settings.hibernation) {
    case HibernationMode::Exit: return Departure::Exit;
    case HibernationMode::Linger: return Departure::Linger;
    case HibernationMode::Auto: break;
    }
    return m_start.supervised ? Departure::Exit : Departure::Linger;
}

bool Driver::isUserAway(const Instants &now) const
{
    if (!m_idlenessAt)
        return false;
    return userIdle(now) >= m_settings.sleepAfter || m_idleness.displayAsleep || m_idleness.sleptRecently;
}

bool Driver::isEligible(const Instants &now) const
{
    if (isWishEligible() || isUserAway(now))
        return true;
    if (m_settings.requireUserIdle && userIdle(now))
        return false;
    return !m_lastHeartbeatPresence || now.awake - *m_lastHeartbeatPresence >= m_settings.sleepAfter;
}

bool Driver::needsIdleness(const Instants &now) const
{
    const bool isIdleLong = m_state == State::Sleep || (m_state != State::Hibernation && idleFor(now) >= m_settings.sleepAfter);
    const bool matters = m_presence.dependsOnUser() || (isIdleLong && !isAnyonePresent() && !m_hold);
    return matters && (!m_idlenessAt || now.awake - *m_idlenessAt >= std::max(m_settings.tick / 2, Millis(1)));
}

bool Driver::isIdlenessAwaited(const Instants &now) const
{
    return needsIdleness(now);
}

std::optional<std::pair<State, Millis>> Driver::upcoming(const Instants &now) const
{
    if (isAnyonePresent() || m_hold)
        return std::nullopt;
    const Millis idle = idleFor(now);
    const Millis grace = graceLeft(now).value_or(Millis{0});
    const auto in = [grace](Millis wait) { return std::max({wait, grace, Millis{0}}); };
    switch (m_state) {
    case State::Wake: return std::pair(State::Drowsy, in(m_settings.drowsyAfter - idle));
    case State::Drowsy: {
        Millis wait = m_settings.sleepAfter - idle;
        if (const auto user = userIdle(now); user && m_settings.requireUserIdle && !isUserAway(now))
            wait = std::max(wait, m_settings.sleepAfter - *user);
        return std::pair(State::Sleep, in(wait));
    }
    case State::Sleep: return std::pair(State::Hibernation, in(m_cycleComplete ? Millis{0} : m_settings.hibernateAfter - idle));
    case State::Hibernation: break;
    }
    return std::nullopt;
}

} // namespace dormouse
