// SPDX-License-Identifier: MIT
// The inputs of the driver: observations and requests. The start is in driverstart.cpp, the decisions are in driver.cpp.
#include "agent/decide/driver.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Longer holds would overflow the clocks; nobody sees the end of this one.
constexpr Millis kHoldMax = std::chrono::hours(24 * 36525);
} // namespace

void Driver::setSettings(const Settings &settings)
{
    m_settings = settings;
    m_isJudged = false;
}

void Driver::observeClocks(const Instants &now)
{
    const Millis drift = now.elapsed.time_since_epoch() - now.awake.time_since_epoch();
    const std::optional<Millis> before = std::exchange(m_drift, drift);
    if (!before || drift - *before <= 2 * m_settings.tick)
        return;
    m_slept = m_slept.value_or(Millis{0}) + (drift - *before);
    observeResume(now);
}

void Driver::observeResume(const Instants &now)
{
    m_presence.beginGrace();
    m_graceUntil = now.awake + m_settings.staleAfter;
    m_idlenessAt.reset();
    m_isJudged = false;
}

void Driver::observeScan(const HeartbeatScan &scan, const Instants &now)
{
    observeClocks(now);
    m_memoryChanged |= m_presence.absorb(scan, now.awake, m_settings.staleAfter);
    m_wasScanned = true;
    if (std::exchange(m_wishAwaitsScan, false) && m_wish)
        m_wish->ignored = m_presence.attached();
    m_isJudged = false;
    forgetUsedWrappers();
    judge(now);
    noticePresence(now);
}

void Driver::observeIdleness(const UserIdleness &idleness, const Instants &now)
{
    m_idleness = idleness;
    m_idlenessAt = now.awake;
    m_isJudged = false;
}

void Driver::cycleCompleted()
{
    if (m_state != State::Sleep)
        return;
    m_cycleComplete = true;
    m_memoryChanged = true;
}

bool Driver::observeSignal(const std::optional<CountedSignal> &signal, const Instants &now)
{
    if (signal == m_signalKept)
        return false;
    m_signalKept = signal;
    m_memoryChanged = true;
    if (!signal)
        return false;
    m_signalPending = true;
    used(now);
    return true;
}

void Driver::request(const Requester &requester, const Instants &now)
{
    m_requestPending = true;
    m_presence.noteUse(requester, now.awake);
    if (m_wish) {
        const auto count = std::erase_if(m_wish->ignored, [&requester](const IgnoredWrapper &ignored) {
            return isFrom(requester, ignored.pid, ignored.uuid);
        });
        m_memoryChanged |= count > 0;
    }
    m_isJudged = false;
    used(now);
}

void Driver::hold(std::optional<Millis> length, const QString &reason, const Instants &now)
{
    if (length)
        length = std::min(*length, kHoldMax);
    m_hold = Hold{.since = now.wall, .length = length, .untilElapsed = {}, .untilWall = {}, .reason = reason};
    if (length) {
        m_hold->untilElapsed = now.elapsed + *length;
        m_hold->untilWall = now.wall + *length;
    }
    m_memoryChanged = true;
    request({}, now);
}

bool Driver::endHold(const Instants &now)
{
    if (!m_hold)
        return false;
    m_hold.reset();
    m_holdActivityPending = m_memoryChanged = true;
    m_baseline = now.awake;
    return true;
}

void Driver::expireHold(const Instants &now)
{
    if (m_hold && m_hold->untilElapsed && now.elapsed >= *m_hold->untilElapsed)
        endHold(now);
}

/// A lease that ran out was presence up to its end, however late that is noticed.
void Driver::expireLeases(const Instants &now)
{
    std::erase_if(m_leases, [this, &now](const Lease &lease) {
        if (now.awake < lease.until)
            return false;
        if (!isLeaseIgnored(lease))
            m_baseline = std::max(m_baseline, lease.until);
        return true;
    });
}

WishOutcome Driver::wish(State target, const QString &reason, bool force, const Instants &now)
{
    if (m_state == State::Hibernation || (target == State::Sleep && m_state == State::Sleep))
        return {WishOutcome::Kind::Already, {}};
    noticePresence(now);
    QStringList leases;
    for (const Lease &lease : m_leases) {
        if (!isLeaseIgnored(lease))
            leases.append(lease.name);
    }
    leases.removeDuplicates();
    if (!leases.isEmpty() && !force)
        return {WishOutcome::Kind::Busy, leases};
    if (endHold(now))
        m_holdActivityPending = m_state == State::Wake; // anywhere else a heartbeat_refresh would be a wake
    m_requestPending = m_signalNeedsRequest = false;    // what was asked before is overruled
    m_wish = Wish{.kind = target == State::Sleep ? u"sleep"_s : u"hibernate"_s,
                  .since = now.wall,
                  .reason = reason,
                  .eligible = true,
                  .ignored = m_presence.attached(),
                  .ignoredLeases = {},
                  .isReached = false};
    for (const Lease &lease : m_leases)
        m_wish->ignoredLeases.append(lease.name);
    m_walkTarget = target;
    m_wishAwaitsScan = !m_wasScanned;
    m_memoryChanged = true;
    m_isStarting = false;
    m_isJudged = false;
    judge(now);
    return {};
}

bool Driver::ignoreWrapper(const QString &uuid, const Instants &now)
{
    noticePresence(now);
    bool isKnown = false;
    for (const JudgedWrapper &wrapper : m_presence.wrappers()) {
        const Heartbeat &heartbeat = wrapper.entry.heartbeat;
        if (heartbeat.uuid != uuid)
            continue;
        isKnown = true;
        if (!m_wish)
            m_wish = Wish{.kind = {},
                          .since = now.wall,
                          .reason = {},
                          .eligible = false,
                          .ignored = {},
                          .ignoredLeases = {},
                          .isReached = false};
        std::erase_if(m_wish->ignored, [&heartbeat](const IgnoredWrapper &ignored) {
            return ignored.pid == heartbeat.pid && ignored.uuid == heartbeat.uuid;
        });
        m_wish->ignored.push_back({heartbeat.pid, heartbeat.uuid, heartbeat.lastActive});
    }
    if (isKnown) {
        std::ranges::sort(m_wish->ignored, {}, &IgnoredWrapper::pid);
        m_memoryChanged = true;
        m_isJudged = false;
        judge(now);
    }
    return isKnown;
}

void Driver::takeLease(const Lease &lease, const Instants &now)
{
    std::erase_if(m_leases,
                  [&lease](const Lease &held) { return held.name == lease.name && held.connection == lease.connection; });
    m_leases.push_back(lease);
    if (m_wish)
        m_wish->ignoredLeases.removeAll(lease.name);
    request({.uuid = {}, .pid = lease.pid}, now);
}

bool Driver::dropLease(const QString &name, const Instants &now)
{
    noticePresence(now);
    return std::erase_if(m_leases, [&name](const Lease &lease) { return lease.name == name; }) > 0;
}

void Driver::dropLeasesOf(quint64 connection, const Instants &now)
{
    noticePresence(now);
    std::erase_if(m_leases, [connection](const Lease &lease) { return lease.connection == connection; });
}

void Driver::dropDeadLeases(const std::vector<qint64> &livePids, const Instants &now)
{
    noticePresence(now);
    std::erase_if(m_leases, [&livePids](const Lease &lease) {
        return lease.pid != 0 && std::ranges::find(livePids, lease.pid) == livePids.end();
    });
}

bool Driver::takeMemoryChanged()
{
    return std::exchange(m_memoryChanged, false);
}

AgentMemory Driver::memory(const Instants &now) const
{
    AgentMemory result;
    result.bootId = m_start.bootId;
    result.savedAwake = now.awake;
    result.savedElapsed = now.elapsed;
    result.baseline = m_baseline;
    result.lastHeartbeatPresence = m_lastHeartbeatPresence;
    m_presence.store(result);
    result.hold = m_hold;
    result.wish = m_wish;
    result.countedSignal = m_signalKept;
    result.cycleComplete = m_cycleComplete;
    return result;
}

bool Driver::isAnyonePresent() const
{
    return m_presence.isAnyPresent()
           || std::ranges::any_of(m_leases, [this](const Lease &lease) { return !isLeaseIgnored(lease); });
}

bool Driver::isLeaseIgnored(const Lease &lease) const
{
    return m_wish && m_wish->ignoredLeases.contains(lease.name);
}

Millis Driver::idleFor(const Instants &now) const
{
    return std::max(now.awake - m_baseline, Millis{0});
}

std::optional<Millis> Driver::userIdle(const Instants &now) const
{
    if (!m_idleness.idle || !m_idlenessAt)
        return std::nullopt;
    return *m_idleness.idle + (now.awake - *m_idlenessAt);
}

std::optional<Millis> Driver::graceLeft(const Instants &now) const
{
    if (!m_graceUntil || now.awake >= *m_graceUntil)
        return std::nullopt;
    return *m_graceUntil - now.awake;
}

/// A wrapper that shows newer use than when the wish was made counts again (rule 13).
void Driver::forgetUsedWrappers()
{
    if (!m_wish || m_wish->ignored.empty())
        return;
    for (const JudgedWrapper &wrapper : m_presence.wrappers()) {
        const Heartbeat &heartbeat = wrapper.entry.heartbeat;
        if (!heartbeat.lastActive)
            continue;
        const auto isUsedAgain = [&heartbeat](const IgnoredWrapper &ignored) {
            return ignored.pid == heartbeat.pid && ignored.uuid == heartbeat.uuid
                   && ignored.lastActive != heartbeat.lastActive; // compared with itself: "newer" also after a clock was set back
        };
        if (std::erase_if(m_wish->ignored, isUsedAgain) > 0)
            m_memoryChanged = true;
    }
}

void Driver::judge(const Instants &now)
{
    if (m_graceUntil && now.awake >= *m_graceUntil) {
        m_graceUntil.reset();
        m_presence.endGrace();
        m_isJudged = false;
    }
    if (m_isJudged && (m_judgedAt == now.awake || m_settings.presence == PresencePolicy::Attached))
        return;
    m_presence.judge({m_settings, m_wish, userIdle(now), m_idlenessAt.has_value(), now.awake});
    m_isJudged = true;
    m_judgedAt = now.awake;
}

void Driver::noticePresence(const Instants &now)
{
    if (m_presence.isAnyPresent())
        m_lastHeartbeatPresence = now.awake;
    if (isAnyonePresent())
        used(now);
}

/// Somebody is there, or was just now: idleness starts anew, and what a wish still wanted is over.
void Driver::used(const Instants &now)
{
    m_baseline = now.awake;
    m_walkTarget.reset();
    if (isWishEligible()) {
        m_wish->eligible = false;
        m_memoryChanged = true;
    }
}

} // namespace dormouse
