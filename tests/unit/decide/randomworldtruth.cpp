// SPDX-License-Identifier: MIT
// What must be true in a random world, told from outside: it looks at what really is, not at what the driver believes.
#include "tests/unit/decide/randomworld.h"

#include "shared/base/text.h"

#include <algorithm>

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

void RandomWorld::trail(const char *what)
{
    m_trail[m_trailNext++ % m_trail.size()] = {m_world.now().awake, what, {}, {}};
}

/// The agent may take it as use.
void RandomWorld::used()
{
    m_lastThere = m_world.now().awake;
}

void RandomWorld::outside()
{
    m_lastOutside = m_world.now().awake;
    ++m_outsideToday;
}

void RandomWorld::check(Property property, bool holds, const char *what)
{
    ++m_findings.checked[static_cast<std::size_t>(property)];
    if (!holds)
        violated(property, what);
}

void RandomWorld::violated(Property property, const char *what)
{
    QString &violation = m_findings.violation[static_cast<std::size_t>(property)];
    if (!violation.isEmpty())
        return;
    const AwakeTime now = m_world.now().awake;
    violation = u"DORMOUSE_SEED="_s + QString::number(m_seed) + u": "_s + QString::fromLatin1(what) + u", in "_s
                + toString(m_world.state()) + u". Latest first, ago:"_s;
    for (std::size_t i = 0; i < m_trail.size(); ++i) {
        const Step &step = m_trail[(m_trailNext + m_trail.size() - 1 - i) % m_trail.size()];
        if (step.at == AwakeTime() || step.at > now)
            break; // before the beginning, or before the machine was started anew
        violation += u"\n  "_s + formatDuration(now - step.at) + u": "_s;
        violation += step.what ? QString::fromLatin1(step.what) : QString(toString(step.from) + u" -> "_s + toString(step.to));
    }
}

void RandomWorld::entered(State from, State to, Event)
{
    m_trail[m_trailNext++ % m_trail.size()] = {m_world.now().awake, nullptr, from, to};
    if (from == to)
        return;
    const AwakeTime now = m_world.now().awake;
    std::optional<AwakeTime> &before = m_enteredAt[static_cast<std::size_t>(to)];
    check(Property::NoFlapping, !before || now - *before >= 1min || m_lastOutside >= *before,
          "a state was entered twice within a minute");
    before = now;
    if (to == State::Wake)
        m_isWished = false;
    else
        checkNotTooSoon(to);
    if (to == State::Sleep)
        m_cyclesBefore = m_world.cyclesCompleted();
    if (from == State::Sleep && !m_wasDiskFull)
        check(Property::OneCycleAStay, m_world.cyclesCompleted() - m_cyclesBefore <= 1, "more than one cycle in a stay");
}

bool RandomWorld::maybeUsed(const SimClient &client) const
{
    const Settings &settings = m_world.settings;
    const AwakeTime now = m_world.now().awake;
    if (settings.presence == PresencePolicy::Attached || now - client.lastUse <= settings.drowsyAfter + slack()
        || now - m_sourceChanged <= slack())
        return true;
    if (m_world.userSource == UserSource::Present || m_world.userSource == UserSource::Slow)
        return m_world.userIdle() <= settings.drowsyAfter + slack();
    return !client.entry.heartbeat.lastActive;
}

/// Nobody is there for sure when this is false.
bool RandomWorld::maybePresent() const
{
    const Instants now = m_world.now();
    const bool isGrace = now.awake <= m_graceUntil;
    const auto isThere = [&](const SimClient &client) {
        const Heartbeat &heartbeat = client.entry.heartbeat;
        const bool isFresh = heartbeatStatus(heartbeat.lastRefresh, client.entry.alive, now.wall, m_world.settings.staleAfter)
                             == HeartbeatStatus::Fresh;
        const bool isExcluded = client.isIgnored || (client.isLeaked && m_world.settings.ignoreLeaked);
        return client.hasFile && client.entry.alive && (isFresh || isGrace) && !isExcluded && maybeUsed(client);
    };
    return m_world.isHeld() || m_world.isLeased() || m_world.folderError || std::ranges::any_of(m_world.clients(), isThere);
}

/// Somebody is there beyond doubt.
bool RandomWorld::isSurelyPresent() const
{
    if (m_world.isLeased())
        return true;
    if (!m_world.isScannedNow() || m_world.folderError || m_world.settings.presence == PresencePolicy::Active)
        return false;
    const Instants now = m_world.now();
    return std::ranges::any_of(m_world.clients(), [&](const SimClient &client) {
        const HeartbeatEntry &entry = client.entry;
        return client.hasFile && !client.isIgnored && entry.parent != ParentKind::Reaper
               && heartbeatStatus(entry.heartbeat.lastRefresh, entry.alive, now.wall, m_world.settings.staleAfter)
                      == HeartbeatStatus::Fresh;
    });
}

bool RandomWorld::maybeIneligible() const
{
    if (!m_world.settings.requireUserIdle)
        return false;
    if (m_world.now().awake - m_sourceChanged <= slack())
        return true;
    const bool isKnown = m_world.userSource == UserSource::Present || m_world.userSource == UserSource::Slow;
    return isKnown && m_world.userIdle() < m_world.settings.sleepAfter && !m_world.displayAsleep;
}

/// The user has used the machine lately, and every source has had the time to tell.
bool RandomWorld::isSurelyIneligible() const
{
    const AwakeTime now = m_world.now().awake;
    const Settings &settings = m_world.settings;
    return settings.requireUserIdle && m_world.userSource == UserSource::Present && !m_world.displayAsleep
           && now - m_sourceChanged > slack() && now - m_lastSuspend > defaults::kSleptRecently + slack()
           && m_world.userIdle() > settings.tick && m_world.userIdle() < settings.sleepAfter;
}

void RandomWorld::checkNotTooSoon(State to)
{
    if (m_isWished)
        return;
    const Settings &settings = m_world.settings;
    const AwakeTime now = m_world.now().awake;
    const Millis needed = to == State::Drowsy ? settings.drowsyAfter : settings.sleepAfter;
    check(Property::NotTooSoon, !m_lastSurely || now - *m_lastSurely >= needed, "a step down before its time");
    check(Property::NotTooSoon, now - m_graceFrom >= settings.staleAfter, "a step down in a grace");
    if (to != State::Drowsy)
        check(Property::NotTooSoon, !isSurelyIneligible(), "a step down against the user");
}

void RandomWorld::evaluated()
{
    ++m_findings.evaluations;
    const AwakeTime now = m_world.now().awake;
    if (m_world.isHeld())
        check(Property::HoldKeepsAwake, m_world.state() == State::Wake, "a hold does not keep awake");
    if (isSurelyPresent()) {
        m_lastSurely = now;
        check(Property::WakeHonoured, m_world.state() == State::Wake, "somebody is there, and it is not awake");
    }
    if (maybePresent())
        m_lastThere = now;
    if (now < m_graceUntil || m_world.isDiskFull)
        m_lastBlocked = now;
    if (maybeIneligible())
        m_lastIneligible = now;
    checkWayDown();
}

void RandomWorld::checkWayDown()
{
    const Settings &settings = m_world.settings;
    const AwakeTime now = m_world.now().awake;
    const State state = m_world.state();
    if (now - m_lastBlocked <= slack())
        return;
    if (now - m_lastThere > settings.drowsyAfter + slack())
        check(Property::NothingElseKeepsWake, state != State::Wake, "nobody is there, and it is still awake");
    if (now - m_lastIneligible <= slack())
        return;
    if (now - m_lastThere > settings.sleepAfter + slack())
        check(Property::AbsentMeansSleep, state == State::Sleep || state == State::Hibernation,
              "nobody is there, and it does not sleep");
    const Millis hibernate = settings.hibernateAfter + slack() + m_world.cycleLength;
    if (now - m_lastThere > hibernate && now - m_lastIneligible > m_world.cycleLength + slack()
        && now - m_lastBlocked > m_world.cycleLength + slack())
        check(Property::HibernationReached, state == State::Hibernation, "nobody is there, and it does not hibernate");
}

} // namespace dormouse
