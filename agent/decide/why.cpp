// SPDX-License-Identifier: MIT
#include "agent/decide/why.h"

#include "shared/base/text.h"

#include <algorithm>
#include <iterator>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::size_t kNamedMax = 2;      // more would not fit a tooltip
constexpr std::size_t kReasonsMax = 1000; // of each sort, for those who want all

QString activityText(const Driver &driver, const JudgedWrapper &wrapper, const Instants &now)
{
    if (driver.settings().presence == PresencePolicy::Attached)
        return u" is attached"_s;
    if (wrapper.neverKnown && !driver.userIdle(now))
        return u" is attached (nothing tells whether it is used: no last_active, no idle source)"_s;
    const QString ago = wrapper.lastActivity ? formatDuration(now.awake - *wrapper.lastActivity) : QString();
    return ago.isEmpty() ? u" is attached"_s : QString(u" is attached, last active "_s + ago + u" ago"_s);
}

/// Reasons of one sort: all are counted, the first are kept.
class Reasons
{
public:
    explicit Reasons(std::size_t most) : m_most(most) {}

    template<typename Make>
    void add(const Make &make)
    {
        if (m_kept.size() < m_most)
            m_kept.push_back(make());
        ++m_count;
    }
    [[nodiscard]] bool isEmpty() const { return m_count == 0; }
    void moveTo(std::vector<Reason> &reasons) { std::ranges::move(m_kept, std::back_inserter(reasons)); }

    [[nodiscard]] QString joined() const
    {
        QStringList parts;
        for (std::size_t i = 0; i < std::min(m_kept.size(), kNamedMax); ++i)
            parts.append(m_kept[i].text);
        if (m_count > kNamedMax)
            parts.append(QString(u"and "_s + QString::number(m_count - kNamedMax) + u" more"_s));
        return parts.join(u", "_s);
    }

private:
    std::size_t m_most;
    std::vector<Reason> m_kept;
    std::size_t m_count = 0;
};

void addPresence(const Driver &driver, const Instants &now, Reasons &reasons)
{
    for (const Lease &lease : driver.leases()) {
        if (driver.isLeaseIgnored(lease))
            continue;
        reasons.add([&lease]() -> Reason {
            const QString name = sanitized(lease.name, 60);
            const QString holder = lease.pid > 0 ? QString(u" (pid "_s + QString::number(lease.pid) + u')') : QString();
            return {u"lease"_s, QString(u"lease "_s + name + holder + u" is held"_s), name, lease.pid};
        });
    }
    for (const JudgedWrapper &wrapper : driver.presence().wrappers()) {
        if (!wrapper.counts())
            continue;
        reasons.add([&]() -> Reason {
            const Heartbeat &heartbeat = wrapper.entry.heartbeat;
            return {u"wrapper"_s, QString(wrapperLabel(heartbeat) + activityText(driver, wrapper, now)),
                    sanitized(heartbeat.name, 60), heartbeat.pid};
        });
    }
}

/// Fresh heartbeats that are no presence: people wonder about them.
void addNotCounting(const Driver &driver, Reasons &reasons)
{
    for (const JudgedWrapper &wrapper : driver.presence().wrappers()) {
        if (wrapper.entry.status != HeartbeatStatus::Fresh || wrapper.counts())
            continue;
        reasons.add([&wrapper]() -> Reason {
            const Heartbeat &heartbeat = wrapper.entry.heartbeat;
            return {u"not_counting"_s, QString(wrapperLabel(heartbeat) + u" does not count: "_s + countingText(wrapper.counting)),
                    sanitized(heartbeat.name, 60), heartbeat.pid};
        });
    }
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
void addBlocks(const Driver &driver, const Instants &now, Reasons &reasons)
{
    const auto add = [&reasons](const QString &kind, const QString &text) {
        reasons.add([&] { return Reason{kind, text, {}, 0}; });
    };
    if (const auto grace = driver.graceLeft(now); grace && driver.state() != State::Hibernation) {
        add(u"grace"_s, u"clients get "_s + formatDuration(*grace) + u" to report after a start or a suspend"_s);
    }
    const bool isSleepNear = driver.state() == State::Drowsy || driver.state() == State::Sleep;
    if (isSleepNear && driver.idleFor(now) >= driver.settings().sleepAfter && !driver.isEligible(now)) {
        const auto user = driver.userIdle(now);
        add(u"user"_s, user ? QString(u"waiting for the user, whose last input was "_s + formatDuration(*user) + u" ago"_s)
                            : u"waiting for the user to be idle"_s);
    }
    if (driver.state() == State::Sleep && !driver.isCycleComplete() && !driver.cycle().running && !driver.cycle().canStart)
        add(u"cycle"_s, u"housekeeping waits: "_s + driver.cycle().heldBack);
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

/// With `most` reasons of each sort.
Why tell(const Driver &driver, const Instants &now, std::size_t most)
{
    Reasons keeps(most), blocks(most), uncounted(most);
    if (driver.currentHold())
        keeps.add([&] { return holdReason(*driver.currentHold(), now); });
    addPresence(driver, now, keeps);
    if (keeps.isEmpty() && driver.state() != State::Hibernation)
        keeps.add([&] { return idleReason(driver, now); });
    addBlocks(driver, now, blocks);
    addNotCounting(driver, uncounted);

    QStringList clauses{keeps.joined()};
    if (driver.state() == State::Sleep)
        clauses.append(sleepText(driver));
    if (driver.state() == State::Hibernation)
        clauses = QStringList{hibernationText(driver)};
    if (!blocks.isEmpty())
        clauses.append(blocks.joined());
    else if (const QString upcoming = upcomingText(driver, now); !upcoming.isEmpty())
        clauses.append(upcoming);
    if (!uncounted.isEmpty())
        clauses.append(uncounted.joined());
    Why why;
    why.text = stateWord(driver.state()) + u": "_s + clauses.join(u"; "_s);
    keeps.moveTo(why.keeps);
    blocks.moveTo(why.blocks);
    uncounted.moveTo(why.blocks);
    return why;
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
    return tell(driver, now, kReasonsMax);
}

QString explainBriefly(const Driver &driver, const Instants &now)
{
    return tell(driver, now, kNamedMax).text;
}

} // namespace dormouse
