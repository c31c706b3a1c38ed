// SPDX-License-Identifier: MIT
#include "agent/decide/why.h"

#include "shared/base/text.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::size_t kNamedMax = 2; // more would not fit a tooltip

QString activityText(const Driver &driver, const JudgedWrapper &wrapper, const Instants &now)
{
    if (driver.settings().presence == PresencePolicy::Attached)
        return u" is attached"_s;
    if (wrapper.neverKnown && !driver.userIdle(now))
        return u" is attached (nothing tells whether it is used: no last_active, no idle source)"_s;
    const QString ago = wrapper.lastActivity ? formatDuration(now.awake - *wrapper.lastActivity) : QString();
    return ago.isEmpty() ? u" is attached"_s : QString(u" is attached, last active "_s + ago + u" ago"_s);
}

std::vector<Reason> presenceReasons(const Driver &driver, const Instants &now)
{
    std::vector<Reason> result;
    for (const Lease &lease : driver.leases()) {
        if (driver.isLeaseIgnored(lease))
            continue;
        const QString name = sanitized(lease.name, 60);
        const QString holder = lease.pid > 0 ? QString(u" (pid "_s + QString::number(lease.pid) + u')') : QString();
        result.push_back({u"lease"_s, QString(u"lease "_s + name + holder + u" is held"_s), name, lease.pid});
    }
    for (const JudgedWrapper &wrapper : driver.presence().wrappers()) {
        if (!wrapper.counts())
            continue;
        const Heartbeat &heartbeat = wrapper.entry.heartbeat;
        result.push_back({u"wrapper"_s, QString(wrapperLabel(heartbeat) + activityText(driver, wrapper, now)),
                          sanitized(heartbeat.name, 60), heartbeat.pid});
    }
    return result;
}

/// Fresh heartbeats that are no presence: people wonder about them.
std::vector<Reason> notCounting(const Driver &driver)
{
    std::vector<Reason> result;
    for (const JudgedWrapper &wrapper : driver.presence().wrappers()) {
        if (wrapper.entry.status != HeartbeatStatus::Fresh || wrapper.counts())
            continue;
        const Heartbeat &heartbeat = wrapper.entry.heartbeat;
        result.push_back({u"not_counting"_s,
                          QString(wrapperLabel(heartbeat) + u" does not count: "_s + countingText(wrapper.counting)),
                          sanitized(heartbeat.name, 60), heartbeat.pid});
    }
    return result;
}

QString joined(const std::vector<Reason> &reasons)
{
    QStringList parts;
    for (std::size_t i = 0; i < std::min(reasons.size(), kNamedMax); ++i)
        parts.append(reasons[i].text);
    if (reasons.size() > kNamedMax)
        parts.append(QString(u"and "_s + QString::number(reasons.size() - kNamedMax) + u" more"_s));
    return parts.join(u", "_s);
}

Reason holdReason(const Hold &hold, const Instants &now)
{
    QString text = hold.untilElapsed
                       ? QString(u"held awake for "_s + formatDuration(*hold.untilElapsed - now.elapsed) + u" more"_s)
                       : u"held awake until `resume`"_s;
    if (!hold.reason.isEmpty())
        text += u" ("_s + sanitized(hold.reason, 80) + u')';
    return {u"hold"_s, text, {}, 0};
}

Reason idleReason(const Driver &driver, const Instants &now)
{
    return {u"idle"_s, QString(u"nobody for "_s + formatDuration(driver.idleFor(now))), {}, 0};
}

/// What stands between this state and the next, apart from time.
std::vector<Reason> blockReasons(const Driver &driver, const Instants &now)
{
    std::vector<Reason> result;
    if (const auto grace = driver.graceLeft(now); grace && driver.state() != State::Hibernation) {
        result.push_back({u"grace"_s,
                          QString(u"clients get "_s + formatDuration(*grace) + u" to report after a start or a suspend"_s),
                          {},
                          0});
    }
    const bool isSleepNear = driver.state() == State::Drowsy || driver.state() == State::Sleep;
    if (isSleepNear && driver.idleFor(now) >= driver.settings().sleepAfter && !driver.isEligible(now)) {
        const auto user = driver.userIdle(now);
        result.push_back({u"user"_s,
                          user ? QString(u"waiting for the user, whose last input was "_s + formatDuration(*user) + u" ago"_s)
                               : u"waiting for the user to be idle"_s,
                          {},
                          0});
    }
    if (driver.state() == State::Sleep && !driver.isCycleComplete() && !driver.cycle().running && !driver.cycle().canStart)
        result.push_back({u"cycle"_s, QString(u"housekeeping waits: "_s + driver.cycle().heldBack), {}, 0});
    return result;
}

QString stateWord(State state)
{
    switch (state) {
    case State::Wake: return u"awake"_s;
    case State::Drowsy: return u"drowsy"_s;
    case State::Sleep: return u"asleep"_s;
    case State::Hibernation: return u"hibernating"_s;
    }
    return {};
}

QString sleepText(const Driver &driver)
{
    if (driver.cycle().running)
        return u"housekeeping is running"_s;
    return driver.isCycleComplete() ? u"housekeeping is done"_s : u"housekeeping is due"_s;
}

QString hibernationText(const Driver &driver)
{
    switch (driver.departure()) {
    case Departure::Exit: return u"the agent exits; any client or `dormouse wake` starts it"_s;
    case Departure::Linger:
        if (driver.isSignalKept())
            return u"wake.signal cannot be removed, so the agent stays; remove the file by hand"_s;
        return u"the services are down; any client or `dormouse wake` wakes it"_s;
    case Departure::NotNow: break;
    }
    return u"a wake is on its way"_s;
}

QString upcomingText(const Driver &driver, const Instants &now)
{
    const auto upcoming = driver.upcoming(now);
    if (!upcoming)
        return {};
    const auto &[state, in] = *upcoming;
    return QString(stateWord(state) + (in > Millis{0} ? QString(u" in "_s + formatCountdown(in)) : u" next"_s));
}

} // namespace

QString wrapperLabel(const Heartbeat &heartbeat)
{
    const QString pid = u"pid "_s + QString::number(heartbeat.pid);
    return heartbeat.name.isEmpty() ? pid : QString(sanitized(heartbeat.name, 60) + u" ("_s + pid + u')');
}

QString countingText(Counting counting)
{
    switch (counting) {
    case Counting::Counts: return {};
    case Counting::Stale: return u"its heartbeat is too old"_s;
    case Counting::Orphan: return u"its process is gone"_s;
    case Counting::Leaked: return u"the program that started it is gone"_s;
    case Counting::UnderWish: return u"an explicit sleep ignores it until it is used again"_s;
    case Counting::Unused: return u"nobody uses it"_s;
    }
    return {};
}

Why explain(const Driver &driver, const Instants &now)
{
    Why why;
    if (driver.currentHold())
        why.keeps.push_back(holdReason(*driver.currentHold(), now));
    std::ranges::move(presenceReasons(driver, now), std::back_inserter(why.keeps));
    if (why.keeps.empty() && driver.state() != State::Hibernation)
        why.keeps.push_back(idleReason(driver, now));
    why.blocks = blockReasons(driver, now);
    const std::vector<Reason> uncounted = notCounting(driver);

    QStringList clauses{joined(why.keeps)};
    if (driver.state() == State::Sleep)
        clauses.append(sleepText(driver));
    if (driver.state() == State::Hibernation)
        clauses = QStringList{hibernationText(driver)};
    if (!why.blocks.empty())
        clauses.append(joined(why.blocks));
    else if (const QString upcoming = upcomingText(driver, now); !upcoming.isEmpty())
        clauses.append(upcoming);
    if (!uncounted.empty())
        clauses.append(joined(uncounted));
    why.text = stateWord(driver.state()) + u": "_s + clauses.join(u"; "_s);
    std::ranges::copy(uncounted, std::back_inserter(why.blocks));
    return why;
}

} // namespace dormouse
