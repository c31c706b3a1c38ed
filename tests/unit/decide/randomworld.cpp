// SPDX-License-Identifier: MIT
// What happens in a random world. What must be true of it is in randomworldtruth.cpp.
#include "tests/unit/decide/randomworld.h"

#include <algorithm>
#include <utility>

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kClientsMax = 5;

} // namespace

Settings RandomWorld::randomSettings(std::mt19937_64 &random)
{
    const auto oneIn = [&random](quint64 n) { return random() % n == 0; };
    Settings settings;
    settings.presence = oneIn(2) ? PresencePolicy::Active : PresencePolicy::Attached;
    settings.ignoreLeaked = !oneIn(5);
    settings.requireUserIdle = oneIn(4);
    settings.hibernation = oneIn(3) ? HibernationMode::Exit : oneIn(2) ? HibernationMode::Linger : HibernationMode::Auto;
    if (oneIn(4))
        settings.tick = 60s;
    if (oneIn(4)) {
        settings.drowsyAfter = 1min;
        settings.sleepAfter = 2min;
        settings.hibernateAfter = 10min;
    }
    return settings;
}

RandomWorld::RandomWorld(quint64 seed, Findings &findings)
    : m_seed(seed), m_random(seed), m_findings(findings), m_world(randomSettings(m_random), this), m_isSupervised(chance(60))
{
    m_trail.resize(40);
    m_world.watches = chance(30);
    m_world.userSource = static_cast<UserSource>(pick(4));
    m_world.cycleLength = std::chrono::seconds(10 + pick(600));
    m_world.tickDelay = chance(20) ? Millis(pick(1500)) : 0ms;
    for (int count = pick(3); count > 0; --count)
        clientComes();
}

int RandomWorld::pick(int below)
{
    return static_cast<int>(m_random() % static_cast<quint64>(below));
}

Millis RandomWorld::randomTime(Millis below)
{
    return Millis(static_cast<qint64>(m_random() % static_cast<quint64>(below.count())));
}

void RandomWorld::live(int days)
{
    start(chance(30));
    for (int day = 0; day < days; ++day)
        liveDay();
    m_findings.exits += m_world.exits();
}

void RandomWorld::liveDay()
{
    const qint64 writesBefore = m_world.writes();
    m_outsideToday = 0;
    m_wasDiskFull = m_world.isDiskFull;
    std::vector<Millis> moments(static_cast<std::size_t>(chance(30) ? pick(3) : pick(24)));
    for (Millis &moment : moments)
        moment = randomTime(24h);
    std::ranges::sort(moments);
    Millis now{0};
    for (const Millis moment : moments) {
        m_world.pass(moment - now);
        now = moment;
        happen();
    }
    m_world.pass(24h - now);
    ++m_findings.days;
    if (!m_wasDiskFull && !m_world.isDiskFull) {
        const qint64 writes = m_world.writes() - writesBefore - qint64{4} * m_outsideToday;
        check(Property::FewWrites, writes <= 2930, "too many record writes in a day");
    }
}

void RandomWorld::happen()
{
    const int kind = pick(100);
    if (kind < 40)
        clientEvent(kind);
    else if (kind < 60)
        personEvent(kind - 40);
    else if (kind < 70)
        agentEvent(kind - 60);
    else
        machineEvent(kind - 70);
}

void RandomWorld::clientComes()
{
    trail("a client comes");
    used();
    m_world.attach({.tellsActive = chance(50), .phase = 1s + randomTime(29s)});
}

void RandomWorld::clientEvent(int kind)
{
    const int count = static_cast<int>(m_world.clients().size());
    if (kind < 12 || count == 0) {
        if (count < kClientsMax)
            clientComes();
        return;
    }
    const int client = pick(count);
    if (kind < 20) {
        trail("a client goes");
        m_world.detach(client);
    } else if (kind < 28) {
        if (!m_world.clients()[static_cast<std::size_t>(client)].entry.heartbeat.lastActive)
            return;
        trail("a client is used");
        used();
        m_world.use(client);
    } else if (kind < 31) {
        trail("a client dies");
        m_world.kill(client);
    } else if (kind < 34) {
        trail("a client hangs");
        m_world.freeze(client);
    } else if (kind < 36) {
        trail("a client goes on");
        m_world.thaw(client);
    } else if (kind < 38) {
        trail("a client leaks");
        m_world.leak(client);
    } else if (kind < 39) {
        trail("a file is cleaned away");
        m_world.removeFile(client);
    } else {
        flap();
    }
}

void RandomWorld::flap()
{
    trail("a client flaps");
    for (int count = 1 + pick(8); count > 0; --count) {
        used();
        m_world.attach({.phase = 5s});
        m_world.pass(randomTime(20s));
        m_world.detach(static_cast<int>(m_world.clients().size()) - 1);
        m_world.pass(randomTime(20s));
    }
}

void RandomWorld::personEvent(int kind)
{
    if (kind < 8) {
        trail("the keyboard is touched");
        m_world.input();
        return;
    }
    if (!m_world.isRunning())
        start(true);
    if (kind < 12) {
        trail("pause");
        used();
        m_world.pause(chance(10) ? std::nullopt : std::optional(1min + randomTime(6h)));
        expectWake();
    } else if (kind < 15) {
        trail("resume");
        used();
        m_world.resume();
    } else {
        trail("sleep now or hibernate");
        const bool wasWished = std::exchange(m_isWished, true);
        if (m_world.wish(chance(60) ? State::Sleep : State::Hibernation, chance(50)).kind != WishOutcome::Kind::Accepted)
            m_isWished = wasWished;
    }
}

void RandomWorld::agentEvent(int kind)
{
    if (kind < 4) {
        trail("wake.signal");
        used();
        m_world.writeSignal();
        if (m_world.isRunning())
            expectWake();
        return;
    }
    if (!m_world.isRunning())
        start(true);
    const int count = static_cast<int>(m_world.clients().size());
    if (kind < 6 || (kind == 6 && count == 0)) {
        trail("a request");
        used();
        m_world.request();
        expectWake();
    } else if (kind == 6) {
        trail("a client's request");
        used();
        m_world.requestFrom(pick(count));
        expectWake();
    } else if (kind < 9) {
        trail("a lease");
        used();
        m_world.lease(u"run"_s, 1min + randomTime(8h), 0, quint64(pick(3)));
        expectWake();
    } else {
        trail("a connection ends");
        m_world.closeConnection(quint64(pick(3)));
    }
}

void RandomWorld::suspend()
{
    const Millis length = chance(50) ? 30s + randomTime(5min) : randomTime(10h);
    const bool isTold = chance(50);
    trail("a suspend");
    m_lastSuspend = m_world.now().awake;
    if (isTold)
        m_graceFrom = m_lastSuspend;
    if (isTold || length > 2 * m_world.settings.tick)
        m_graceUntil = m_lastSuspend + m_world.settings.staleAfter + slack();
    m_world.suspend(length, isTold);
}

void RandomWorld::machineEvent(int kind)
{
    const auto now = m_world.now().awake;
    outside();
    if (kind < 8) {
        suspend();
    } else if (kind < 11) {
        trail("the clock is set");
        m_world.stepWall((chance(50) ? 1 : -1) * (chance(50) ? Millis(1h) : chance(50) ? Millis(24h) : randomTime(10min)));
    } else if (kind < 16) {
        trail("the agent is killed");
        m_world.crash();
        m_world.pass(chance(50) ? 1s : randomTime(3h));
        start(chance(20));
    } else if (kind < 17) {
        trail("the agent is stopped");
        m_world.stop();
        m_world.pass(randomTime(3h));
        start(chance(20));
    } else if (kind < 18) {
        trail("the machine is started anew");
        m_world.reboot(1min + randomTime(60h));
        start(chance(20));
    } else if (kind < 20) {
        trail("the disk is full, or no longer");
        m_world.isDiskFull = !m_world.isDiskFull;
        m_wasDiskFull |= m_world.isDiskFull;
    } else if (kind < 22) {
        trail("another idle source");
        m_world.userSource = static_cast<UserSource>(pick(4));
        m_sourceChanged = now;
    } else if (kind < 24) {
        trail("the display");
        m_world.displayAsleep = !m_world.displayAsleep;
        m_sourceChanged = now;
    } else if (kind < 28) {
        trail("cycles can start, or not");
        m_world.canStartCycle = !m_world.canStartCycle;
    } else if (kind < 29) {
        trail("wake.signal can be removed, or not");
        m_world.canRemoveSignal = !m_world.canRemoveSignal;
    } else {
        trail("the folder can be read, or not");
        if (m_world.folderError)
            m_world.folderError.reset();
        else
            m_world.folderError = Error{ErrorCode::Io, u"cannot read"_s, {}, 5};
    }
}

void RandomWorld::start(bool isWake)
{
    trail("the agent starts");
    m_graceFrom = m_world.now().awake;
    m_graceUntil = m_graceFrom + m_world.settings.staleAfter + slack();
    m_lastSurely.reset();
    m_enteredAt = {};
    m_cyclesBefore = m_world.cyclesCompleted();
    used();
    m_world.start({.supervised = m_isSupervised, .wakeRequested = isWake});
    if (isWake)
        expectWake();
}

void RandomWorld::expectWake()
{
    used();
    m_lastSurely = m_world.now().awake;
    check(Property::WakeHonoured, m_world.isRunning() && m_world.state() == State::Wake, "a wake was not honoured at once");
}

} // namespace dormouse
