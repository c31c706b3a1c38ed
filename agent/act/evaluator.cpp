// SPDX-License-Identifier: MIT
#include "agent/act/evaluator.h"

#include "shared/base/logging.h"
#include "shared/records/daemonstate.h"

#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kDecisionsMax = 16; // the longest way, start-up to HIBERNATION and a wake, takes six

} // namespace

Evaluator::Evaluator(const Parts &parts, QObject *parent) : QObject(parent), m_parts(parts)
{
    connect(&m_parts.dispatcher, &Dispatcher::transitioned, this, [this](State from, State to) { afterTransition(from, to); });
    connect(&m_parts.cycle, &CycleRunner::progressChanged, this, &Evaluator::keepProgress);
    connect(&m_parts.cycle, &CycleRunner::finished, this, [this] {
        m_isMirrorDue = true;
        evaluate();
    });
    connect(&m_parts.cycle, &CycleRunner::stepStarted, this, [this] {
        if (!m_isEvaluating)
            Q_EMIT evaluated();
    });
}

void Evaluator::evaluate()
{
    if (m_isFinished)
        return;
    if (m_isEvaluating) { // an effect of this evaluation asks for another
        m_isRepeatDue = true;
        return;
    }
    m_isEvaluating = true;
    do {
        m_isRepeatDue = false;
        const Instants now = m_parts.clock.now();
        observeSignal(now);
        const bool isDemanded = m_parts.driver.isDemandPending();
        m_parts.cycle.refresh();
        m_parts.driver.observeCycle(m_parts.cycle.view());
        for (int count = 0; count < kDecisionsMax; ++count) {
            const auto decision = m_parts.driver.next(now);
            if (!decision)
                break;
            if (!carryOut(*decision, now) && !m_parts.driver.isDemandPending())
                break; // a demand goes on: a full disk must not keep anybody from waking
        }
        if (isDemanded) // a forced cycle, too, and in whatever state
            m_parts.cycle.interrupt();
        if (std::exchange(m_isTellingDue, false))
            Q_EMIT decided();
        m_parts.dispatcher.flushLog();
        logSlept(now);
        removeCountedSignal(now);
        mirrorState();
        saveMemory();
        if (m_parts.driver.needsIdleness(now))
            Q_EMIT idlenessNeeded();
    } while (m_isRepeatDue);
    m_isEvaluating = false;
    Q_EMIT evaluated();
}

void Evaluator::lookForSignal()
{
    const auto signal = m_parts.signalFile.look();
    if (!m_isEvaluating && signal && signal != m_toldSignal)
        evaluate();
}

void Evaluator::finish()
{
    m_isFinished = true;
    m_parts.dispatcher.retry();
    m_parts.cycle.interrupt();
    mirrorState();
    saveMemory(true);
}

void Evaluator::observeScan(const HeartbeatScan &scan)
{
    m_parts.driver.observeScan(scan, m_parts.clock.now());
}

void Evaluator::observeIdleness(const UserIdleness &idleness)
{
    m_parts.driver.observeIdleness(idleness, m_parts.clock.now());
    evaluate();
}

bool Evaluator::carryOut(const Decision &decision, const Instants &now)
{
    bool ok = true;
    switch (decision.kind) {
    case Decision::Kind::Dispatch: ok = m_parts.dispatcher.dispatch(decision.event, decision.payload, now.wall); break;
    case Decision::Kind::StartCycle:
        m_parts.cycle.start();
        m_isMirrorDue = true;
        m_parts.driver.observeCycle(m_parts.cycle.view());
        break;
    }
    m_parts.driver.settled(decision, m_parts.dispatcher.state(), ok, now);
    return ok;
}

void Evaluator::afterTransition(State from, State to)
{
    m_isTellingDue = true;
    m_isMirrorDue = true;
    const CycleView cycle = m_parts.cycle.view();
    if (cycle.running && ((from == State::Sleep && to != State::Sleep && !cycle.forced) || to == State::Hibernation))
        m_parts.cycle.interrupt();
}

void Evaluator::keepProgress(bool isCycleComplete)
{
    if (isCycleComplete)
        m_parts.driver.cycleCompleted();
    m_isOwnChanged = m_isOwnChanged || m_parts.cycle.memory() != m_savedCycle;
    saveMemory();
}

void Evaluator::observeSignal(const Instants &now)
{
    m_toldSignal = m_parts.signalFile.take();
    if (m_parts.driver.observeSignal(m_toldSignal, now))
        qCInfo(lcLifecycle) << "wake.signal found";
}

/// Last, once the wake is durable: a crash before this lets it count again.
void Evaluator::removeCountedSignal(const Instants &now)
{
    if (!m_parts.driver.isSignalKept() || m_parts.driver.isDemandPending() || m_parts.dispatcher.isWritePending())
        return;
    const auto signal = m_parts.signalFile.look();
    if (signal && signal != m_toldSignal) { // another one, written meanwhile: it counts for itself
        QMetaObject::invokeMethod(this, &Evaluator::lookForSignal, Qt::QueuedConnection);
        return;
    }
    if (const auto removed = signal ? m_parts.signalFile.remove(*signal) : Result<void>(); !removed) {
        if (!std::exchange(m_isSignalStuck, true))
            qCWarning(lcStorage).noquote() << removed.error().text();
        return;
    }
    m_isSignalStuck = false;
    m_toldSignal.reset();
    m_parts.driver.observeSignal(std::nullopt, now);
}

/// Keeps `fsm_state` in .daemon-state.json true for those who read only that.
void Evaluator::mirrorState()
{
    if (!m_isMirrorDue)
        return;
    const State state = m_parts.dispatcher.state();
    // HIBERNATION has no word of its own there; what stays must not say that a cycle runs.
    const auto fsmState =
        daemonstate::fsmStateFor(state == State::Hibernation ? State::Sleep : state, m_parts.cycle.view().running);
    m_isMirrorDue = false;
    if (!fsmState)
        return;
    const auto updated = m_parts.daemonState.update([&fsmState](QJsonObject &object) {
        if (object.value("fsm_state"_L1).toString() == *fsmState)
            return false;
        object.insert("fsm_state"_L1, *fsmState);
        return true;
    });
    const std::optional<Error> before = std::exchange(m_mirrorError, updated ? std::nullopt : std::optional(updated.error()));
    m_isMirrorDue = !updated; // tried again at the next evaluation
    if (!updated && m_mirrorError != before)
        qCWarning(lcStorage).noquote() << "cannot mirror the state:" << updated.error().text();
}

void Evaluator::logSlept(const Instants &now)
{
    if (const auto slept = m_parts.driver.takeSlept())
        m_parts.dispatcher.log({now.wall, logkind::kSystemResumed, {{"slept_sec"_L1, double(slept->count()) / 1000.0}}});
}

void Evaluator::saveMemory(bool always)
{
    if (!m_parts.driver.takeMemoryChanged() && !m_isOwnChanged && !always)
        return;
    AgentMemory memory = m_parts.driver.memory(m_parts.clock.now());
    if (m_parts.dispatcher.isWritePending())
        memory.countedSignal.reset(); // after a crash now it has to count again
    memory.acknowledged = m_own.acknowledged;
    memory.leftAlone = m_own.leftAlone;
    memory.lastDigest = m_own.lastDigest;
    memory.unknown = m_own.unknown;
    memory.cycle = m_parts.cycle.memory();
    const auto saved = m_parts.memoryFile.save(memory);
    m_isOwnChanged = !saved; // tried again at the next evaluation
    if (saved)
        m_savedCycle = memory.cycle;
    const std::optional<Error> before = std::exchange(m_memoryError, saved ? std::nullopt : std::optional(saved.error()));
    if (!saved && m_memoryError != before)
        qCWarning(lcStorage).noquote() << "cannot write dormouse.json:" << saved.error().text();
}

std::optional<Error> Evaluator::lastError() const
{
    if (m_parts.dispatcher.lastError())
        return m_parts.dispatcher.lastError();
    return m_memoryError ? m_memoryError : m_mirrorError;
}

} // namespace dormouse
