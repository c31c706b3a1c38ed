// SPDX-License-Identifier: MIT
// The start of the driver (lifecycle rule 8): what a predecessor left, and what the record's state makes of the start.
#include "agent/decide/driver.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// When a hold that ran out while no agent ran ended on the awake clock; with a suspend in between, the latest it can have been.
AwakeTime endOfHold(const AgentMemory &memory, ElapsedTime end, const Instants &now)
{
    const Millis savedDrift = memory.savedElapsed.time_since_epoch() - memory.savedAwake.time_since_epoch();
    const Millis drift = now.elapsed.time_since_epoch() - now.awake.time_since_epoch();
    const Millis suspended = std::max(drift - savedDrift, Millis{0});
    return std::min(now.awake, now.awake - (now.elapsed - end) + suspended);
}

} // namespace

Driver::Driver(const Settings &settings) : m_settings(settings) {}

void Driver::start(const StartContext &context, const Instants &now)
{
    m_start = context;
    m_state = context.recorded;
    m_isStarting = true;
    m_isSameBoot = !context.bootId.isEmpty() && context.memory.bootId == context.bootId;
    restore(context, now);
    m_start.memory = {}; // the parts that go on living are the driver's own now
    m_graceUntil = now.awake + m_settings.staleAfter;
    observeClocks(now);
    if (context.wakeRequested) {
        m_signalPending = true;
        used(now);
    }
}

void Driver::restore(const StartContext &context, const Instants &now)
{
    const AgentMemory &memory = context.memory;
    // Instants in the future come from a damaged file: they would never be over.
    m_baseline = m_isSameBoot && memory.baseline ? std::min(*memory.baseline, now.awake) : now.awake;
    if (m_isSameBoot) {
        m_presence.restore(memory, now.awake);
        if (memory.lastHeartbeatPresence)
            m_lastHeartbeatPresence = std::min(*memory.lastHeartbeatPresence, now.awake);
        m_cycleComplete = memory.cycleComplete && context.recorded == State::Sleep;
        restoreWish(memory);
    }
    m_signalKept = memory.countedSignal;
    restoreHold(memory, now);
}

/// Of this boot only: after another start of the machine none of the clients it was about is left, and nobody gets housekeeping at the moment of login.
void Driver::restoreWish(const AgentMemory &memory)
{
    m_wish = memory.wish;
    if (!m_wish)
        return;
    const bool isAbove = m_state == State::Wake || m_state == State::Drowsy;
    if (m_wish->isReached && isAbove) { // WAKE was entered since, and the agent ended before it could be noted here
        m_wish.reset();
        m_memoryChanged = true;
        return;
    }
    std::ranges::sort(m_wish->ignored, {}, &IgnoredWrapper::pid);
    if (!m_wish->kind || !m_wish->eligible)
        return;
    const bool isHibernate = m_wish->kind == "hibernate"_L1;
    if (isAbove || (isHibernate && m_state == State::Sleep))
        m_walkTarget = isHibernate ? State::Hibernation : State::Sleep; // the agent ended on the way
}

void Driver::restoreHold(const AgentMemory &memory, const Instants &now)
{
    m_hold = memory.hold;
    if (!m_hold || !m_hold->length)
        return;
    if (m_isSameBoot && m_hold->untilElapsed) {
        const Millis left = *m_hold->untilElapsed - now.elapsed;
        if (left > Millis{0} && left <= *m_hold->length)
            return;
        if (left <= Millis{0}) {
            m_baseline = std::max(m_baseline, endOfHold(memory, *m_hold->untilElapsed, now));
            m_holdActivityPending = true;
        }
        m_hold.reset(); // over, or further away than it was long
        m_memoryChanged = true;
        return;
    }
    const Millis left = m_hold->untilWall ? std::chrono::duration_cast<Millis>(*m_hold->untilWall - now.wall) : Millis{0};
    if (left <= Millis{0} || left > *m_hold->length)
        m_hold.reset(); // over, or set under a wrong clock
    else
        m_hold->untilElapsed = now.elapsed + left;
    m_memoryChanged = true;
}

/// After the first scan. Ends the start-up unless an idle source has yet to answer.
std::optional<Decision> Driver::startDecision(const Instants &now)
{
    const auto wake = [](Event event) { return Decision{Decision::Kind::Dispatch, event, {}}; };
    if (m_state == State::Hibernation && !m_start.supervised)
        return wake(Event::WakeSignal);
    if (!isAnyonePresent() && !m_hold && !isWishEligible()) {
        const bool dependsOnUser = m_state == State::Sleep || (m_state == State::Hibernation && m_presence.dependsOnUser());
        if (dependsOnUser && isIdlenessAwaited(now))
            return std::nullopt;
        if (m_state == State::Sleep && (!m_isSameBoot || !isEligible(now)))
            return wake(Event::RequestArrived);
    }
    m_isStarting = false;
    return std::nullopt;
}

} // namespace dormouse
