// SPDX-License-Identifier: MIT
// Days as they happen: restarts, suspends, clock steps, clients left open, logins, wakes at bad moments.
#include "tests/support/states.h"
#include "tests/support/world.h"

#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

const char *name(State state)
{
    return toString(state).data();
}

/// Awake time after which a world with nobody in it is in `state`.
Millis timeTo(State state)
{
    switch (state) {
    case State::Wake: return 2min;
    case State::Drowsy: return 15min;
    case State::Sleep: return 45min;
    case State::Hibernation: return 3h;
    }
    return {};
}

void walkTo(World &world, State state, const StartOptions &options = {})
{
    world.canStartCycle = false;
    world.start(options);
    world.pass(timeTo(state));
    if (world.state() != state)
        QTest::qFail("the way down is broken", __FILE__, __LINE__);
}

/// Whether the state is that of somebody who has been away for so long.
bool fits(const World &world, Millis idle)
{
    const Settings settings;
    const State expected = idle >= settings.hibernateAfter ? State::Hibernation
                           : idle >= settings.sleepAfter   ? State::Sleep
                           : idle >= settings.drowsyAfter  ? State::Drowsy
                                                           : State::Wake;
    return world.state() == expected;
}

} // namespace

class TestDriverScenarios : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void restart_data();
    void restart();
    void suspend_data();
    void suspend();
    void suspendWithAClient_data();
    void suspendWithAClient();
    void clockStep_data();
    void clockStep();
    void unusedClientForADay_data();
    void unusedClientForADay();
    void sleepNowWithAClient_data();
    void sleepNowWithAClient();
    void pauseAcrossEverything();
    void pauseEndsInSuspend();
    void mondayLogin_data();
    void mondayLogin();
    void wakeOnTheWayDown_data();
    void wakeOnTheWayDown();
    void signalThatCannotBeRemoved();
    void aDayOfQuarantine_data();
    void aDayOfQuarantine();
    void fortyDays();
    void flappingClient();
    void leftBehindByTheDozen();
    void configurationChange();
    void recordWritesOfABusyDay_data();
    void recordWritesOfABusyDay();
};

void TestDriverScenarios::restart_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<QString>("client");
    QTest::addColumn<bool>("isSupervised");
    for (const State state : kAllStates) {
        for (const QString &client : {u"no client"_s, u"a client"_s, u"an active client"_s}) {
            for (const bool isSupervised : {false, true})
                QTest::addRow("%s, %s, %s", name(state), qPrintable(client), isSupervised ? "supervised" : "by hand")
                    << state << client << isSupervised;
        }
    }
}

void TestDriverScenarios::restart()
{
    QFETCH(State, state);
    QFETCH(QString, client);
    QFETCH(bool, isSupervised);
    Settings settings;
    settings.hibernation = HibernationMode::Linger;
    if (client == "an active client"_L1)
        settings.presence = PresencePolicy::Active;
    World world(settings);
    walkTo(world, state);
    world.crash();
    world.clock.advance(5s);
    if (client != "no client"_L1)
        world.attach({.tellsActive = settings.presence == PresencePolicy::Active});
    world.start({.supervised = isSupervised});
    const bool isWoken = client != "no client"_L1 || (state == State::Hibernation && !isSupervised);
    COMPARE_STATE(world, isWoken ? State::Wake : state);
    world.pass(3min);
    COMPARE_STATE(world, isWoken ? State::Wake : state);
    world.pass(24h);
    COMPARE_STATE(world, client == "a client"_L1 ? State::Wake : State::Hibernation);
}

void TestDriverScenarios::suspend_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<int>("minutes");
    QTest::addColumn<bool>("isTold");
    for (const State state : kAllStates) {
        for (const int minutes : {1, 8 * 60}) {
            for (const bool isTold : {false, true})
                QTest::addRow("%s, %d min%s", name(state), minutes, isTold ? ", told" : "") << state << minutes << isTold;
        }
    }
}

/// A suspend is no idleness: the state goes on from where it was.
void TestDriverScenarios::suspend()
{
    QFETCH(State, state);
    QFETCH(int, minutes);
    QFETCH(bool, isTold);
    World world;
    walkTo(world, state);
    const Millis idle = timeTo(state);
    world.suspend(std::chrono::minutes(minutes), isTold);
    for (Millis more{30s}; more < 3h; more += 30s) {
        world.pass(30s);
        const bool isGrace = more <= 2min; // of which the end may fall into any state
        QVERIFY2(fits(world, idle + more) || (isGrace && world.state() == state) || fits(world, idle + more - 30s),
                 name(world.state()));
    }
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.entries(State::Wake), 0);
}

void TestDriverScenarios::suspendWithAClient_data()
{
    QTest::addColumn<int>("minutes");
    QTest::addColumn<int>("backAfterSec"); // the wrapper's next heartbeat after the resume
    for (const int minutes : {1, 8 * 60}) {
        for (const int backAfterSec : {0, 29, 80})
            QTest::addRow("%d min, back after %d s", minutes, backAfterSec) << minutes << backAfterSec;
    }
}

void TestDriverScenarios::suspendWithAClient()
{
    QFETCH(int, minutes);
    QFETCH(int, backAfterSec);
    World world;
    const int client = world.attach();
    world.start();
    world.pass(1h);
    world.freeze(client);
    world.suspend(std::chrono::minutes(minutes));
    world.pass(std::chrono::seconds(backAfterSec));
    if (minutes > 1) // a suspend within two ticks cannot be told from the clocks' drift
        QVERIFY(world.driver().isAnyonePresent());
    world.thaw(client);
    world.pass(1h);
    COMPARE_STATE(world, State::Wake);
    QCOMPARE(world.entries(State::Drowsy), 0);
}

void TestDriverScenarios::clockStep_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<int>("hours");
    QTest::addColumn<bool>("hasStaleFile");
    for (const State state : kAllStates) {
        for (const int hours : {1, -1, 24, -24}) {
            for (const bool hasStaleFile : {false, true})
                QTest::addRow("%s, %d h%s", name(state), hours, hasStaleFile ? ", a stale file" : "")
                    << state << hours << hasStaleFile;
        }
    }
}

void TestDriverScenarios::clockStep()
{
    QFETCH(State, state);
    QFETCH(int, hours);
    QFETCH(bool, hasStaleFile);
    World world;
    world.canStartCycle = false;
    if (hasStaleFile) {
        const int client = world.attach(); // hung two days ago: no step brings it back
        world.freeze(client);
        world.clock.advance(48h + 10min);
    }
    world.start();
    world.pass(timeTo(state));
    COMPARE_STATE(world, state);
    const Millis idle = timeTo(state);
    world.stepWall(std::chrono::hours(hours));
    world.pass(1min);
    COMPARE_STATE(world, state);
    world.pass(3h - idle);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.entries(State::Wake), 0);
}

void TestDriverScenarios::unusedClientForADay_data()
{
    QTest::addColumn<PresencePolicy>("presence");
    QTest::addColumn<UserSource>("source");
    QTest::addColumn<bool>("tellsActive");
    QTest::addColumn<bool>("isLeaked");
    QTest::addColumn<bool>("sleeps");
    const auto attached = PresencePolicy::Attached;
    const auto active = PresencePolicy::Active;
    for (const UserSource source : {UserSource::Absent, UserSource::Present, UserSource::Slow, UserSource::Silent}) {
        const bool isSource = source == UserSource::Present || source == UserSource::Slow;
        for (const bool tells : {false, true}) {
            const auto row = [&](const char *policy, const char *leaked) -> QTestData & {
                return QTest::addRow("%s, source %d, %s%s", policy, int(source), tells ? "tells last_active" : "tells nothing",
                                     leaked);
            };
            row("attached", "") << attached << source << tells << false << false;
            row("attached", ", leaked") << attached << source << tells << true << true;
            row("active", "") << active << source << tells << false << (isSource || tells);
            row("active", ", leaked") << active << source << tells << true << true;
        }
    }
}

void TestDriverScenarios::unusedClientForADay()
{
    QFETCH(PresencePolicy, presence);
    QFETCH(UserSource, source);
    QFETCH(bool, tellsActive);
    QFETCH(bool, isLeaked);
    QFETCH(bool, sleeps);
    Settings settings;
    settings.presence = presence;
    World world(settings);
    world.userSource = source;
    const int client = world.attach({.tellsActive = tellsActive});
    world.start();
    world.pass(1min);
    if (isLeaked)
        world.leak(client);
    world.pass(24h);
    COMPARE_STATE(world, sleeps ? State::Hibernation : State::Wake);
    QCOMPARE(world.entries(State::Wake), 0);
    QCOMPARE(world.cyclesCompleted(), sleeps ? 1 : 0);
}

void TestDriverScenarios::sleepNowWithAClient_data()
{
    QTest::addColumn<PresencePolicy>("presence");
    QTest::addColumn<State>("target");
    QTest::addColumn<bool>("isLate"); // the client hangs for a while and comes back
    for (const PresencePolicy presence : {PresencePolicy::Attached, PresencePolicy::Active}) {
        for (const State target : {State::Sleep, State::Hibernation}) {
            for (const bool isLate : {false, true})
                QTest::addRow("%s, %s%s", presence == PresencePolicy::Active ? "active" : "attached", name(target),
                              isLate ? ", hung for a while" : "")
                    << presence << target << isLate;
        }
    }
}

void TestDriverScenarios::sleepNowWithAClient()
{
    QFETCH(PresencePolicy, presence);
    QFETCH(State, target);
    QFETCH(bool, isLate);
    Settings settings;
    settings.presence = presence;
    World world(settings);
    const int client = world.attach({.tellsActive = true});
    world.start();
    world.pass(1min);
    world.wish(target);
    COMPARE_STATE(world, target);
    if (isLate) {
        world.freeze(client);
        world.pass(10min);
        world.removeFile(client);
        world.pass(10min);
        world.thaw(client);
    }
    world.suspend(8h);
    world.pass(24h);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.entries(State::Wake), 0);
    world.use(client);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverScenarios::pauseAcrossEverything()
{
    World world;
    walkTo(world, State::Sleep);
    world.pause(8h);
    COMPARE_STATE(world, State::Wake);
    world.pass(1h);
    world.suspend(2h);
    world.pass(1h);
    COMPARE_STATE(world, State::Wake);
    world.crash();
    world.suspend(1h);
    world.pass(30min);
    world.start({.supervised = true});
    world.pass(2h + 20min);
    COMPARE_STATE(world, State::Wake); // 7 h 50 min of its eight hours are over
    world.pass(14min);
    COMPARE_STATE(world, State::Wake); // its end is when idleness begins
    world.pass(2min);
    COMPARE_STATE(world, State::Drowsy);
    world.pass(2h);
    COMPARE_STATE(world, State::Hibernation);
}

void TestDriverScenarios::pauseEndsInSuspend()
{
    World world;
    world.start();
    world.pause(1h);
    world.pass(50min);
    world.crash();
    world.suspend(8h);
    world.pass(1min);
    world.start();
    QVERIFY(!world.driver().currentHold());
    COMPARE_STATE(world, State::Wake);
    const Millis idle = world.driver().idleFor(world.now());
    QVERIFY2(idle <= 1min, qPrintable(QString::number(idle.count())));
    world.pass(2min);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverScenarios::mondayLogin_data()
{
    QTest::addColumn<State>("friday");
    QTest::addColumn<bool>("byWish");
    QTest::addColumn<bool>("isSupervised");
    QTest::addColumn<State>("monday");
    QTest::newRow("asleep on Friday") << State::Sleep << false << true << State::Wake;
    QTest::newRow("asleep on Friday, by hand") << State::Sleep << false << false << State::Wake;
    QTest::newRow("put to sleep on Friday") << State::Sleep << true << true << State::Wake;
    QTest::newRow("drowsy on Friday") << State::Drowsy << false << true << State::Drowsy;
    QTest::newRow("hibernated, supervised") << State::Hibernation << false << true << State::Hibernation;
    QTest::newRow("put into hibernation, supervised") << State::Hibernation << true << true << State::Hibernation;
    QTest::newRow("hibernated, by hand") << State::Hibernation << false << false << State::Wake;
}

/// Nobody gets housekeeping, or a stopped service, at the moment of login.
void TestDriverScenarios::mondayLogin()
{
    QFETCH(State, friday);
    QFETCH(bool, byWish);
    QFETCH(bool, isSupervised);
    QFETCH(State, monday);
    Settings settings;
    settings.hibernation = HibernationMode::Linger;
    World world(settings);
    if (byWish) {
        world.canStartCycle = false;
        world.attach();
        world.start();
        world.pass(1h);
        world.wish(friday);
    } else {
        walkTo(world, friday);
    }
    COMPARE_STATE(world, friday);
    world.reboot(60h);
    world.canStartCycle = true;
    world.start({.supervised = isSupervised});
    COMPARE_STATE(world, monday);
    world.pass(4min);
    COMPARE_STATE(world, monday);
    QCOMPARE(world.cyclesCompleted(), 0);
    world.attach();
    COMPARE_STATE(world, State::Wake);
    world.pass(8h);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverScenarios::wakeOnTheWayDown_data()
{
    QTest::addColumn<int>("minute");
    QTest::addColumn<QString>("by");
    for (int minute = 1; minute < 150; minute += 7) {
        for (const QString &by : {u"request"_s, u"signal"_s, u"client"_s, u"lease"_s, u"pause"_s})
            QTest::addRow("%s after %d min", qPrintable(by), minute) << minute << by;
    }
}

void TestDriverScenarios::wakeOnTheWayDown()
{
    QFETCH(int, minute);
    QFETCH(QString, by);
    World world;
    world.start();
    world.pass(std::chrono::minutes(minute) + 13s);
    if (by == "request"_L1)
        world.request();
    else if (by == "signal"_L1)
        world.writeSignal();
    else if (by == "client"_L1)
        world.attach();
    else if (by == "lease"_L1)
        world.lease(u"run"_s, 1h);
    else
        world.pause(1h);
    COMPARE_STATE(world, State::Wake);
    world.pass(290s);
    COMPARE_STATE(world, State::Wake);
    QVERIFY(!world.hasSignal());
}

void TestDriverScenarios::signalThatCannotBeRemoved()
{
    Settings settings;
    settings.hibernation = HibernationMode::Exit;
    World world(settings);
    walkTo(world, State::Drowsy, {.supervised = true});
    world.canRemoveSignal = false;
    world.writeSignal();
    COMPARE_STATE(world, State::Wake);
    world.pass(24h);
    QCOMPARE(world.entries(State::Wake), 1); // it counts once
    COMPARE_STATE(world, State::Hibernation);
    QVERIFY(world.isRunning());
    world.crash();
    world.start({.supervised = true});
    COMPARE_STATE(world, State::Hibernation);
    QVERIFY(world.isRunning());
    world.canRemoveSignal = true;
    world.evaluate(); // somebody mended it
    QVERIFY(!world.hasSignal());
    QVERIFY(!world.isRunning());
}

void TestDriverScenarios::aDayOfQuarantine_data()
{
    QTest::addColumn<bool>("requiresUser");
    QTest::addColumn<UserSource>("source");
    QTest::newRow("plain") << false << UserSource::Absent;
    QTest::newRow("require_user_idle, no source") << true << UserSource::Absent;
    QTest::newRow("require_user_idle, source times out") << true << UserSource::Silent;
    QTest::newRow("require_user_idle, user away") << true << UserSource::Slow;
}

/// The reference's quarantine pins the memory for a day.
void TestDriverScenarios::aDayOfQuarantine()
{
    QFETCH(bool, requiresUser);
    QFETCH(UserSource, source);
    Settings settings;
    settings.requireUserIdle = requiresUser;
    World world(settings);
    world.userSource = source;
    world.canStartCycle = false;
    world.start();
    world.pass(2h + 1min);
    COMPARE_STATE(world, State::Hibernation);
    world.pass(22h);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 0);
    QCOMPARE(world.entries(State::Hibernation), 1);
}

void TestDriverScenarios::fortyDays()
{
    World world;
    world.watches = false;
    world.start();
    for (int day = 0; day < 40; ++day) {
        const int client = world.attach();
        world.pass(8h);
        COMPARE_STATE(world, State::Wake);
        world.detach(client);
        world.pass(4h);
        COMPARE_STATE(world, State::Hibernation);
        world.suspend(12h);
    }
    QCOMPARE(world.cyclesCompleted(), 40);
    QCOMPARE(world.entries(State::Hibernation), 40);
}

void TestDriverScenarios::flappingClient()
{
    World world;
    world.start();
    world.pass(10min);
    for (int second = 0; second < 3600; second += 4) {
        const int client = world.attach();
        COMPARE_STATE(world, State::Wake);
        world.pass(2s);
        world.detach(client);
        world.pass(2s);
    }
    QCOMPARE(world.entries(State::Wake), 1); // a break shorter than drowsy_after is none
    world.pass(3h);
    COMPARE_STATE(world, State::Hibernation);
    QVERIFY(world.memory.wrappers.size() <= 300); // what is remembered of those gone is bounded
}

void TestDriverScenarios::leftBehindByTheDozen()
{
    World world;
    for (int count = 0; count < 24; ++count)
        world.attach({.phase = std::chrono::seconds(1 + count)});
    world.start();
    world.pass(10min);
    for (int client = 0; client < 24; ++client)
        world.leak(client); // the host is gone
    world.pass(3h);
    COMPARE_STATE(world, State::Hibernation);
    world.attach();
    COMPARE_STATE(world, State::Wake);
}

void TestDriverScenarios::configurationChange()
{
    World world;
    world.attach({.tellsActive = true});
    world.start();
    world.pass(5h);
    COMPARE_STATE(world, State::Wake);
    world.settings.presence = PresencePolicy::Active; // edited, and read again
    world.settings.sleepAfter = 10min;
    world.driver().setSettings(world.settings);
    world.pass(11min);
    QVERIFY(fits(world, 30min) || fits(world, 3h));
    world.settings.presence = PresencePolicy::Attached;
    world.driver().setSettings(world.settings);
    world.pass(30s);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverScenarios::recordWritesOfABusyDay_data()
{
    QTest::addColumn<bool>("watches");
    QTest::addColumn<int>("tickSec");
    QTest::addColumn<int>("delayMs");
    QTest::newRow("ticks and watcher") << true << 30 << 0;
    QTest::newRow("ticks alone") << false << 30 << 0;
    QTest::newRow("late ticks") << true << 30 << 700;
    QTest::newRow("short ticks") << true << 10 << 0;
    QTest::newRow("long ticks") << true << 60 << 0;
}

/// ≤ 3 000 a day with one active wrapper, its requests included.
void TestDriverScenarios::recordWritesOfABusyDay()
{
    QFETCH(bool, watches);
    QFETCH(int, tickSec);
    QFETCH(int, delayMs);
    Settings settings;
    settings.tick = std::chrono::seconds(tickSec);
    World world(settings);
    world.watches = watches;
    world.tickDelay = Millis(delayMs);
    const int client = world.attach({.tellsActive = true, .phase = 7s});
    world.start();
    for (int minute = 0; minute < 24 * 60; ++minute) {
        world.pass(20s);
        world.use(client);
        world.pass(13s);
        world.requestFrom(client);
        world.pass(27s);
    }
    COMPARE_STATE(world, State::Wake);
    QVERIFY2(world.writes() <= 3000, qPrintable(QString::number(world.writes())));
    QVERIFY2(world.writes() >= 1440, qPrintable(QString::number(world.writes())));
}

QTEST_GUILESS_MAIN(TestDriverScenarios)
#include "tst_driver_scenarios.moc"
