// SPDX-License-Identifier: MIT
#pragma once

#include "agent/decide/decision.h"
#include "agent/decide/observations.h"
#include "agent/decide/presencebook.h"
#include "shared/base/settings.h"

#include <optional>
#include <utility>
#include <vector>

namespace dormouse {

/// The policy brain: observations in, decisions out (lifecycle specification, "The driver"). A value with state, without I/O, timers or a clock: every call is
/// handed the time. Usage: observe…, then `while (decision = next(now)) { do it; settled(…); }`, stopping after one that failed unless isDemandPending(). One
/// thread.
class Driver
{
public:
    explicit Driver(const Settings &settings);
    void setSettings(const Settings &settings);
    void start(const StartContext &context, const Instants &now);

    // Observations
    /// Compares the two clocks (rule 10). observeScan() and next() do so themselves.
    void observeClocks(const Instants &now);
    void observeResume(const Instants &now); ///< the platform's own signal
    /// How long the machine slept, once after each suspend that was noticed.
    [[nodiscard]] std::optional<Millis> takeSlept() { return std::exchange(m_slept, std::nullopt); }
    void observeScan(const HeartbeatScan &scan, const Instants &now);
    void observeIdleness(const UserIdleness &idleness, const Instants &now);
    void observeCycle(const CycleView &cycle) { m_cycle = cycle; }
    void cycleCompleted();
    /// wake.signal's identity, nothing when there is none. Answers whether it counts now (rule 9).
    bool observeSignal(const std::optional<CountedSignal> &signal, const Instants &now);

    // Requests
    void request(const Requester &requester, const Instants &now);
    void hold(std::optional<Millis> length, const QString &reason, const Instants &now);
    bool endHold(const Instants &now); ///< false when there was none
    [[nodiscard]] WishOutcome wish(State target, const QString &reason, bool force, const Instants &now);
    bool ignoreWrapper(const QString &uuid, const Instants &now); ///< false when no such heartbeat is known
    void takeLease(const Lease &lease, const Instants &now);
    bool dropLease(const QString &name, const Instants &now); ///< false when it is not held
    void dropLeasesOf(quint64 connection, const Instants &now);
    void dropDeadLeases(const std::vector<qint64> &livePids, const Instants &now);

    // Decisions
    /// True when the user's idleness matters and what is known of it is too old: ask, then call observeIdleness().
    [[nodiscard]] bool needsIdleness(const Instants &now) const;
    [[nodiscard]] std::optional<Decision> next(const Instants &now);
    /// `state` is what the dispatcher is in now; `ok` is false when the decision could not be carried out.
    void settled(const Decision &decision, State state, bool ok, const Instants &now);
    /// Somebody's wake is still to be honoured: the evaluation goes on, even past a dispatch that failed.
    [[nodiscard]] bool isDemandPending() const { return m_requestPending || m_signalPending || m_signalNeedsRequest; }
    [[nodiscard]] Departure departure() const;
    /// True once after something changed that has to be written to dormouse.json.
    [[nodiscard]] bool takeMemoryChanged();
    [[nodiscard]] AgentMemory memory(const Instants &now) const;

    // What is known; for why, next and the snapshot
    [[nodiscard]] bool isStarting() const { return m_isStarting; } ///< the state of the start is not settled yet (rule 8)
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Settings &settings() const { return m_settings; }
    [[nodiscard]] const PresenceBook &presence() const { return m_presence; }
    [[nodiscard]] const std::vector<Lease> &leases() const { return m_leases; }
    [[nodiscard]] const std::optional<Hold> &currentHold() const { return m_hold; }
    [[nodiscard]] const std::optional<Wish> &currentWish() const { return m_wish; }
    [[nodiscard]] const CycleView &cycle() const { return m_cycle; }
    [[nodiscard]] bool isCycleComplete() const { return m_cycleComplete; }
    [[nodiscard]] const UserIdleness &idleness() const { return m_idleness; }
    [[nodiscard]] bool isAnyonePresent() const;
    [[nodiscard]] bool isLeaseIgnored(const Lease &lease) const;
    [[nodiscard]] Millis idleFor(const Instants &now) const; ///< awake time since the end of use
    [[nodiscard]] std::optional<Millis> userIdle(const Instants &now) const;
    /// How old the last answer of the idle sources is; nothing before the first.
    [[nodiscard]] std::optional<Millis> idlenessAge(const Instants &now) const
    {
        return m_idlenessAt ? std::optional(now.awake - *m_idlenessAt) : std::nullopt;
    }
    [[nodiscard]] bool isEligible(const Instants &now) const; ///< rule 5
    [[nodiscard]] std::optional<Millis> graceLeft(const Instants &now) const;
    [[nodiscard]] bool isIdlenessAwaited(const Instants &now) const;
    [[nodiscard]] bool isSignalKept() const { return m_signalKept.has_value() && !m_signalPending; }
    /// What comes next if nothing happens, and in how long; nothing while presence or a hold keeps the state.
    [[nodiscard]] std::optional<std::pair<State, Millis>> upcoming(const Instants &now) const;

private:
    [[nodiscard]] std::optional<Decision> startDecision(const Instants &now);
    [[nodiscard]] std::optional<Decision> demandDecision(const Instants &now);
    [[nodiscard]] std::optional<Decision> presenceDecision(const Instants &now) const;
    [[nodiscard]] std::optional<Decision> walkDecision() const;
    [[nodiscard]] std::optional<Decision> idleDecision(const Instants &now) const;
    [[nodiscard]] std::optional<Decision> sleepDecision(const Instants &now) const;
    [[nodiscard]] bool mayRefresh(const Instants &now) const;
    void restore(const StartContext &context, const Instants &now);
    void restoreHold(const AgentMemory &memory, const Instants &now);
    void restoreWish(const AgentMemory &memory);
    void expireHold(const Instants &now);
    void expireLeases(const Instants &now);
    void forgetUsedWrappers();
    void judge(const Instants &now);
    void noticePresence(const Instants &now);
    void used(const Instants &now);
    void entered(State from);
    [[nodiscard]] bool isWishEligible() const { return m_wish && m_wish->eligible; }
    [[nodiscard]] bool isUserAway(const Instants &now) const;

    Settings m_settings;
    PresenceBook m_presence;
    std::vector<Lease> m_leases;
    std::optional<Hold> m_hold;
    std::optional<Wish> m_wish;
    std::optional<State> m_walkTarget; ///< a wish on its way
    CycleView m_cycle;
    UserIdleness m_idleness;
    std::optional<AwakeTime> m_idlenessAt;
    StartContext m_start;
    State m_state = State::Wake;
    bool m_isStarting = true;
    bool m_isSameBoot = false; ///< a predecessor's instants mean something
    bool m_wasScanned = false;
    bool m_wishAwaitsScan = false; ///< who is attached at its moment is known at the first scan
    bool m_cycleComplete = false;
    bool m_requestPending = false;
    bool m_signalPending = false;
    bool m_signalNeedsRequest = false; ///< wake_signal was a no-op: request_arrived follows
    bool m_holdActivityPending = false;
    bool m_memoryChanged = false;
    bool m_isJudged = false; ///< nothing but the time (m_judgedAt) changed since the judgement
    AwakeTime m_judgedAt;
    std::optional<CountedSignal> m_signalKept;
    AwakeTime m_baseline;
    std::optional<AwakeTime> m_lastHeartbeatPresence;
    std::optional<AwakeTime> m_lastRefresh; ///< last dispatch of presence or a request in WAKE
    std::optional<AwakeTime> m_graceUntil;
    std::optional<Millis> m_slept;
    std::optional<Millis> m_drift; ///< elapsed minus awake clock at the last look
};

} // namespace dormouse
