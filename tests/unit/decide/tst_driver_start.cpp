// SPDX-License-Identifier: MIT
// What a start makes of what it finds: lifecycle rules 8 and 9.
#include "tests/support/states.h"
#include "tests/support/world.h"

#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Brings a world without clients to `state`.
void walkTo(World &world, State state)
{
    world.canStartCycle = false;
    world.start();
    switch (state) {
    case State::Wake: world.pass(2min); break;
    case State::Drowsy: world.pass(10min); break;
    case State::Sleep: world.pass(40min); break;
    case State::Hibernation: world.pass(3h); break;
    }
}

} // namespace

class TestDriverStart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rule08_wakeRequestedWakesFromWhateverState_data();
    void rule08_wakeRequestedWakesFromWhateverState();
    void rule08_wakeRequestedStays_data();
    void rule08_wakeRequestedStays();
    void rule08_byHandWakesAndStaysAwake();
    void rule08_supervisedLeavesAHibernationAlone_data();
    void rule08_supervisedLeavesAHibernationAlone();
    void rule08_supervisedWakesForPresence();
    void rule08_supervisedWaitsForTheUsersAnswer();
    void rule08_baselineIsKeptInTheSameBoot();
    void rule08_baselineIsNowInAnotherBoot();
    void rule08_noIdleEventAtFirst();
    void rule08_sleepGoesOnInTheSameBoot();
    void rule08_completeCycleIsNotRepeated();
    void rule08_sleepOfAnotherBootIsARequest();
    void rule08_sleepNoLongerEligibleIsARequest();
    void rule08_noBootIdIsAnotherBoot();
    void rule08_damagedMemoryPinsNothing();
    void rule08_requestBeforeTheFirstScan();
    void rule08_nothingIsDecidedBeforeTheFirstScan();
    void rule09_signalWakes_data();
    void rule09_signalWakes();
    void rule09_signalIsActivityWhenAwake();
    void rule09_countsOncePerInodeAndTime();
    void rule09_keptSignalLingers();
    void rule09_keptSignalDoesNotCountAfterARestart();
    void rule09_newSignalCountsAfterARestart();
    void rule09_uncountedSignalIsFoundAtStart();
};

void TestDriverStart::rule08_wakeRequestedWakesFromWhateverState_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<bool>("isSupervised");
    for (const State state : kAllStates) {
        for (const bool isSupervised : {false, true})
            QTest::addRow("%s %s", QByteArray(toString(state).data()).data(), isSupervised ? "supervised" : "by hand")
                << state << isSupervised;
    }
}

void TestDriverStart::rule08_wakeRequestedWakesFromWhateverState()
{
    QFETCH(State, state);
    QFETCH(bool, isSupervised);
    World world;
    walkTo(world, state);
    COMPARE_STATE(world, state);
    world.crash();
    world.start({.supervised = isSupervised, .wakeRequested = true});
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule08_wakeRequestedStays_data()
{
    rule08_wakeRequestedWakesFromWhateverState_data();
}

/// A wake is a use: an agent that was woken must not doze off again after the grace of its start.
void TestDriverStart::rule08_wakeRequestedStays()
{
    QFETCH(State, state);
    QFETCH(bool, isSupervised);
    World world;
    walkTo(world, state);
    world.clock.advance(4min);
    world.crash();
    world.start({.supervised = isSupervised, .wakeRequested = true});
    world.pass(270s);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule08_byHandWakesAndStaysAwake()
{
    World world;
    walkTo(world, State::Hibernation);
    world.crash();
    world.pass(1h);
    world.start();
    COMPARE_STATE(world, State::Wake);
    world.pass(270s);
    COMPARE_STATE(world, State::Wake);
    world.pass(2min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverStart::rule08_supervisedLeavesAHibernationAlone_data()
{
    QTest::addColumn<HibernationMode>("mode");
    QTest::addColumn<bool>("stays");
    QTest::newRow("auto") << HibernationMode::Auto << false;
    QTest::newRow("exit") << HibernationMode::Exit << false;
    QTest::newRow("linger") << HibernationMode::Linger << true;
}

void TestDriverStart::rule08_supervisedLeavesAHibernationAlone()
{
    QFETCH(HibernationMode, mode);
    QFETCH(bool, stays);
    Settings settings;
    settings.hibernation = mode;
    World world(settings);
    walkTo(world, State::Hibernation);
    world.crash();
    world.start({.supervised = true});
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.isRunning(), stays);
}

void TestDriverStart::rule08_supervisedWakesForPresence()
{
    World world;
    walkTo(world, State::Hibernation);
    world.crash();
    world.attach();
    world.start({.supervised = true});
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule08_supervisedWaitsForTheUsersAnswer()
{
    Settings settings;
    settings.presence = PresencePolicy::Active;
    World world(settings);
    world.userSource = UserSource::Slow;
    world.attach({.tellsActive = true});
    world.start({.supervised = true});
    world.pass(5h);
    QVERIFY(!world.isRunning());
    world.input(); // somebody sits down
    world.start({.supervised = true});
    QVERIFY(world.isRunning());
    world.pass(2s);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule08_baselineIsKeptInTheSameBoot()
{
    World world;
    world.start();
    world.request();
    world.pass(3min);
    world.crash();
    world.start();
    world.pass(90s + 1s);
    COMPARE_STATE(world, State::Wake);
    world.pass(1min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverStart::rule08_baselineIsNowInAnotherBoot()
{
    World world;
    walkTo(world, State::Drowsy);
    world.reboot(1h);
    world.start();
    world.pass(29min);
    COMPARE_STATE(world, State::Drowsy);
    world.pass(2min);
    COMPARE_STATE(world, State::Sleep);
}

void TestDriverStart::rule08_noIdleEventAtFirst()
{
    World world;
    world.start();
    world.request();
    world.crash();
    world.pass(1h);
    world.start();
    world.pass(89s);
    COMPARE_STATE(world, State::Wake); // wrappers get the time to report
    world.pass(31s);
    COMPARE_STATE(world, State::Sleep);
}

void TestDriverStart::rule08_sleepGoesOnInTheSameBoot()
{
    World world;
    walkTo(world, State::Sleep);
    world.crash();
    world.canStartCycle = true;
    world.start();
    COMPARE_STATE(world, State::Sleep);
    world.pass(10min);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 1);
    QCOMPARE(world.entries(State::Wake), 0);
}

void TestDriverStart::rule08_completeCycleIsNotRepeated()
{
    Settings settings;
    settings.requireUserIdle = true;
    World world(settings);
    world.userSource = UserSource::Present;
    world.start();
    world.pass(31min);
    world.input();
    world.pass(10min);
    COMPARE_STATE(world, State::Sleep);
    QCOMPARE(world.cyclesCompleted(), 1);
    world.displayAsleep = true;
    world.crash();
    world.start();
    world.pass(5min);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 1);
}

void TestDriverStart::rule08_sleepOfAnotherBootIsARequest()
{
    World world;
    walkTo(world, State::Sleep);
    world.reboot(60h);
    world.start({.supervised = true});
    COMPARE_STATE(world, State::Wake);
    world.pass(4min);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule08_sleepNoLongerEligibleIsARequest()
{
    Settings settings;
    settings.requireUserIdle = true;
    World world(settings);
    world.userSource = UserSource::Slow;
    walkTo(world, State::Sleep);
    COMPARE_STATE(world, State::Sleep);
    world.crash();
    world.input();
    world.start();
    COMPARE_STATE(world, State::Sleep); // until the answer is there
    world.pass(2s);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule08_noBootIdIsAnotherBoot()
{
    World world;
    world.bootId.clear(); // a system that does not tell
    walkTo(world, State::Drowsy);
    world.crash();
    world.pass(10h);
    world.start();
    world.pass(25min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverStart::rule08_damagedMemoryPinsNothing()
{
    Settings settings;
    settings.presence = PresencePolicy::Active;
    World world(settings);
    const int client = world.attach({.tellsActive = true});
    world.start();
    world.pass(1min);
    world.crash();
    const AwakeTime future = world.now().awake + 1000h;
    world.memory.baseline = future;
    world.memory.lastHeartbeatPresence = future;
    world.memory.wrappers.at(0).lastActivity = future;
    world.memory.hold =
        Hold{.since = {}, .length = 1h, .untilElapsed = world.now().elapsed + 1000h, .untilWall = {}, .reason = {}};
    world.canStartCycle = false;
    world.start();
    world.pass(40min);
    COMPARE_STATE(world, State::Sleep);
    world.detach(client);
    world.pass(2h);
    COMPARE_STATE(world, State::Hibernation);
}

void TestDriverStart::rule08_requestBeforeTheFirstScan()
{
    const Instants now = FakeClock().now();
    for (const State state : kAllStates) {
        Driver driver({});
        driver.start({.recorded = state, .bootId = u"b"_s, .memory = {}, .supervised = true}, now);
        QVERIFY(!driver.next(now));
        driver.request({}, now);
        QVERIFY(driver.next(now) == (Decision{Decision::Kind::Dispatch, Event::RequestArrived, {}}));
    }
}

/// Sleep Now in the first moments: those attached are known only with the first scan.
void TestDriverStart::rule08_nothingIsDecidedBeforeTheFirstScan()
{
    FakeClock clock;
    Driver driver({});
    driver.start({.recorded = State::Wake, .bootId = u"b"_s, .memory = {}}, clock.now());
    QVERIFY(driver.wish(State::Sleep, {}, false, clock.now()).kind == WishOutcome::Kind::Accepted);
    QVERIFY(!driver.next(clock.now()));
    HeartbeatScan scan;
    scan.entries.resize(1);
    scan.entries[0].heartbeat.pid = 42;
    scan.entries[0].alive = true;
    driver.observeScan(scan, clock.now());
    QVERIFY(!driver.isAnyonePresent());
    QVERIFY(driver.next(clock.now()) == (Decision{Decision::Kind::Dispatch, Event::Idle5Min, {}}));
}

void TestDriverStart::rule09_signalWakes_data()
{
    QTest::addColumn<State>("state");
    QTest::newRow("DROWSY") << State::Drowsy;
    QTest::newRow("SLEEP") << State::Sleep;
    QTest::newRow("HIBERNATION") << State::Hibernation;
}

void TestDriverStart::rule09_signalWakes()
{
    QFETCH(State, state);
    World world;
    walkTo(world, state);
    world.writeSignal();
    COMPARE_STATE(world, State::Wake);
    QVERIFY(!world.hasSignal());
    world.pass(270s);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule09_signalIsActivityWhenAwake()
{
    World world;
    world.start();
    world.pass(3min);
    const qint64 before = world.writes();
    world.writeSignal();
    QCOMPARE(world.writes(), before + 1);
    QVERIFY(!world.hasSignal());
    world.pass(4min);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule09_countsOncePerInodeAndTime()
{
    World world;
    world.canRemoveSignal = false;
    walkTo(world, State::Drowsy);
    world.writeSignal();
    COMPARE_STATE(world, State::Wake);
    QVERIFY(world.driver().isSignalKept());
    world.pass(10min);
    COMPARE_STATE(world, State::Drowsy); // the same file does not wake for ever
    world.writeSignal();
    COMPARE_STATE(world, State::Wake);
    QVERIFY(!world.driver().observeSignal(std::nullopt, world.now()));
    QVERIFY(!world.driver().isSignalKept());
}

void TestDriverStart::rule09_keptSignalLingers()
{
    Settings settings;
    settings.hibernation = HibernationMode::Exit;
    World world(settings);
    world.canRemoveSignal = false;
    world.start({.supervised = true});
    world.writeSignal();
    world.pass(5h);
    COMPARE_STATE(world, State::Hibernation);
    QVERIFY(world.isRunning()); // the supervisor's trigger would start it again at once, for ever
    QVERIFY(world.driver().departure() == Departure::Linger);
}

void TestDriverStart::rule09_keptSignalDoesNotCountAfterARestart()
{
    World world;
    world.canRemoveSignal = false;
    world.start({.supervised = true});
    world.writeSignal();
    world.pass(5h);
    COMPARE_STATE(world, State::Hibernation);
    world.crash();
    world.start({.supervised = true});
    COMPARE_STATE(world, State::Hibernation);
    QVERIFY(world.driver().departure() == Departure::Linger);
}

void TestDriverStart::rule09_newSignalCountsAfterARestart()
{
    World world;
    world.canRemoveSignal = false;
    world.start({.supervised = true});
    world.writeSignal();
    world.pass(5h);
    world.crash();
    world.writeSignal(); // written anew: another inode. The supervisor starts the agent.
    COMPARE_STATE(world, State::Wake);
}

void TestDriverStart::rule09_uncountedSignalIsFoundAtStart()
{
    for (const State state : kAllStates) {
        World world;
        walkTo(world, state);
        world.crash();
        world.writeSignal();
        world.start({.supervised = true});
        COMPARE_STATE(world, State::Wake);
        world.pass(270s);
        COMPARE_STATE(world, State::Wake);
    }
}

QTEST_GUILESS_MAIN(TestDriverStart)
#include "tst_driver_start.moc"
