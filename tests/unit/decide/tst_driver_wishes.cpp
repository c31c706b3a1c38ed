// SPDX-License-Identifier: MIT
// What people ask for: holds and wishes, lifecycle rules 12 and 13.
#include "tests/support/states.h"
#include "tests/support/world.h"

#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

class TestDriverWishes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rule12_holdWakesAndKeepsAwake_data();
    void rule12_holdWakesAndKeepsAwake();
    void rule12_endIsTheNewBaselineAndActivity();
    void rule12_runsOnThroughSuspend();
    void rule12_withoutAnEndLastsUntilResume();
    void rule12_newHoldReplacesTheOld();
    void rule12_isKeptAcrossARestart();
    void rule12_ranOutWhileTheAgentWasDown();
    void rule12_otherBootGoesByWallTime_data();
    void rule12_otherBootGoesByWallTime();
    void rule12_explicitSleepEndsIt();
    void rule12_endlessLengthIsNoOverflow();
    void rule13_sleepNowIsNotUndoneByAttachedClients();
    void rule13_newClientCounts();
    void rule13_usedClientCounts_data();
    void rule13_usedClientCounts();
    void rule13_wakeEndsIt();
    void rule13_leasesRefuse();
    void rule13_forcedLeasesNoLongerCount();
    void rule13_isEligibleAtOnce();
    void rule13_hibernateTakesNoCycle_data();
    void rule13_hibernateTakesNoCycle();
    void rule13_refusedWhereItIsSo();
    void rule13_isNotHeldBackByGraces();
    void rule13_survivesARestart_data();
    void rule13_survivesARestart();
    void rule13_endedOnItsWayIsNotTakenUpByARestart();
    void rule13_wakeThatOnlyTheRecordTellsEndsIt();
    void rule13_doesNotSurviveTheBoot();
    void rule13_presenceEndsTheWalk();
    void rule13_latestWordCounts();
    void rule13_ignoredWrapperAlone();
    void rule13_tornFileIsNoUse();
};

void TestDriverWishes::rule12_holdWakesAndKeepsAwake_data()
{
    QTest::addColumn<int>("minutes");
    QTest::newRow("WAKE") << 2;
    QTest::newRow("DROWSY") << 10;
    QTest::newRow("SLEEP") << 31;
    QTest::newRow("lingering HIBERNATION") << 180;
}

void TestDriverWishes::rule12_holdWakesAndKeepsAwake()
{
    QFETCH(int, minutes);
    World world;
    world.start();
    world.pass(std::chrono::minutes(minutes));
    world.pause(4h);
    COMPARE_STATE(world, State::Wake);
    const int drowsy = world.entries(State::Drowsy);
    const int cycles = world.cyclesCompleted();
    world.pass(4h - 1min);
    COMPARE_STATE(world, State::Wake);
    QCOMPARE(world.entries(State::Drowsy), drowsy);
    QCOMPARE(world.cyclesCompleted(), cycles);
    world.pass(7min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverWishes::rule12_endIsTheNewBaselineAndActivity()
{
    World world;
    world.start();
    world.pause(1h);
    world.pass(59min);
    const qint64 before = world.writes();
    world.resume();
    QCOMPARE(world.writes(), before + 1); // last_activity_ts: nobody has been away for an hour
    QCOMPARE(world.driver().idleFor(world.now()).count(), 0);
    world.pass(4min);
    COMPARE_STATE(world, State::Wake);
    QVERIFY(!world.driver().endHold(world.now()));
}

void TestDriverWishes::rule12_runsOnThroughSuspend()
{
    World world;
    world.start();
    world.pause(1h);
    world.pass(10min);
    world.suspend(2h);
    world.pass(30s);
    QVERIFY(!world.driver().currentHold());
    world.pass(7min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverWishes::rule12_withoutAnEndLastsUntilResume()
{
    World world;
    world.start();
    world.pause(std::nullopt);
    world.pass(72h);
    COMPARE_STATE(world, State::Wake);
    world.resume();
    world.pass(7min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverWishes::rule12_newHoldReplacesTheOld()
{
    World world;
    world.start();
    world.pause(std::nullopt);
    world.pause(15min);
    world.pass(30min);
    QVERIFY(!world.driver().currentHold());
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverWishes::rule12_isKeptAcrossARestart()
{
    World world;
    world.start();
    world.pause(4h);
    world.pass(1h);
    world.crash();
    world.pass(10min);
    world.start();
    world.pass(2h + 45min);
    COMPARE_STATE(world, State::Wake);
    QVERIFY(world.driver().currentHold());
    world.pass(6min);
    QVERIFY(!world.driver().currentHold());
}

void TestDriverWishes::rule12_ranOutWhileTheAgentWasDown()
{
    World world;
    world.start();
    world.pause(1h);
    world.pass(30min);
    world.crash();
    world.pass(40min); // it ended ten minutes ago
    const qint64 before = world.writes();
    world.start();
    COMPARE_STATE(world, State::Wake);
    QCOMPARE(world.writes(), before + 1);
    QCOMPARE(world.driver().idleFor(world.now()).count(), Millis(10min).count());
    world.pass(2min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverWishes::rule12_otherBootGoesByWallTime_data()
{
    QTest::addColumn<int>("offMinutes");
    QTest::addColumn<bool>("isHeld");
    QTest::newRow("still to go") << 30 << true;
    QTest::newRow("over") << 61 << false;
    QTest::newRow("further away than it was long: the clock was wrong") << -10 << false;
}

void TestDriverWishes::rule12_otherBootGoesByWallTime()
{
    QFETCH(int, offMinutes);
    QFETCH(bool, isHeld);
    World world;
    world.start();
    world.pause(1h);
    world.reboot(std::chrono::minutes(offMinutes));
    world.start();
    QCOMPARE(world.driver().currentHold().has_value(), isHeld);
    world.pass(25min);
    QCOMPARE(world.state() == State::Wake, isHeld);
    world.pass(12min);
    QVERIFY(world.state() != State::Wake);
}

void TestDriverWishes::rule12_explicitSleepEndsIt()
{
    for (const State target : {State::Sleep, State::Hibernation}) {
        World world;
        world.start();
        world.pause(std::nullopt);
        world.pass(1h);
        const qint64 before = world.writes();
        world.wish(target);
        COMPARE_STATE(world, target);
        QVERIFY(!world.driver().currentHold());
        QCOMPARE(world.writes(), before + (target == State::Sleep ? 3 : 4)); // its end is activity
    }
}

void TestDriverWishes::rule12_endlessLengthIsNoOverflow()
{
    World world;
    world.start();
    world.pause(Millis::max() / 2);
    world.pass(24h);
    COMPARE_STATE(world, State::Wake);
    QVERIFY(world.driver().currentHold()->untilWall > world.now().wall);
}

void TestDriverWishes::rule13_sleepNowIsNotUndoneByAttachedClients()
{
    World world;
    world.attach();
    world.attach({.tellsActive = true});
    world.start();
    world.pass(1h);
    QVERIFY(world.wish(State::Sleep).kind == WishOutcome::Kind::Accepted);
    COMPARE_STATE(world, State::Sleep);
    world.pass(24h);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.entries(State::Wake), 0);
    QCOMPARE(world.cyclesCompleted(), 1);
}

void TestDriverWishes::rule13_newClientCounts()
{
    World world;
    world.attach();
    world.start();
    world.wish(State::Sleep);
    world.attach();
    COMPARE_STATE(world, State::Wake);
}

void TestDriverWishes::rule13_usedClientCounts_data()
{
    QTest::addColumn<bool>("byRequest");
    QTest::addColumn<int>("stepHours");
    QTest::newRow("newer last_active") << false << 0;
    QTest::newRow("newer last_active, the clock set back") << false << -24;
    QTest::newRow("a request") << true << 0;
}

void TestDriverWishes::rule13_usedClientCounts()
{
    QFETCH(bool, byRequest);
    QFETCH(int, stepHours);
    World world;
    const int client = world.attach({.tellsActive = true});
    world.start();
    world.pass(1h);
    world.wish(State::Sleep);
    world.pass(1min);
    world.stepWall(std::chrono::hours(stepHours));
    if (byRequest)
        world.requestFrom(client);
    else
        world.use(client);
    COMPARE_STATE(world, State::Wake);
    QVERIFY(world.driver().isAnyonePresent());
    QVERIFY(!world.driver().currentWish());
}

void TestDriverWishes::rule13_wakeEndsIt()
{
    World world;
    world.attach();
    world.start();
    world.wish(State::Sleep);
    world.request(); // Undo
    COMPARE_STATE(world, State::Wake);
    world.pass(24h);
    COMPARE_STATE(world, State::Wake); // the client counts again
}

void TestDriverWishes::rule13_leasesRefuse()
{
    World world;
    world.start();
    world.lease(u"run"_s, 12h);
    world.lease(u"train"_s, 12h, 0, 2);
    world.lease(u"train"_s, 12h, 0, 3);
    const WishOutcome outcome = world.wish(State::Hibernation);
    QVERIFY(outcome.kind == WishOutcome::Kind::Busy);
    QCOMPARE(outcome.leases, (QStringList{u"run"_s, u"train"_s}));
    world.pass(1h);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverWishes::rule13_forcedLeasesNoLongerCount()
{
    World world;
    world.start();
    world.lease(u"run"_s, 12h);
    QVERIFY(world.wish(State::Sleep, true).kind == WishOutcome::Kind::Accepted);
    COMPARE_STATE(world, State::Sleep);
    world.pass(1h);
    COMPARE_STATE(world, State::Hibernation);
    world.lease(u"run"_s, 12h);
    COMPARE_STATE(world, State::Wake);
    QVERIFY(world.driver().isAnyonePresent());
}

void TestDriverWishes::rule13_isEligibleAtOnce()
{
    Settings settings;
    settings.requireUserIdle = true;
    World world(settings);
    world.userSource = UserSource::Present;
    world.attach();
    world.start();
    world.input(); // it is the user who clicks Sleep Now
    world.wish(State::Sleep);
    COMPARE_STATE(world, State::Sleep);
    world.pass(10min);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 1);
}

void TestDriverWishes::rule13_hibernateTakesNoCycle_data()
{
    QTest::addColumn<int>("minutes");
    QTest::newRow("from WAKE") << 2;
    QTest::newRow("from DROWSY") << 10;
    QTest::newRow("from SLEEP, interrupting the cycle") << 31;
}

void TestDriverWishes::rule13_hibernateTakesNoCycle()
{
    QFETCH(int, minutes);
    World world;
    world.start();
    world.pass(std::chrono::minutes(minutes));
    QVERIFY(world.wish(State::Hibernation).kind == WishOutcome::Kind::Accepted);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 0);
}

void TestDriverWishes::rule13_refusedWhereItIsSo()
{
    World world;
    world.cycleLength = 10h;
    world.start();
    world.wish(State::Sleep);
    QVERIFY(world.wish(State::Sleep).kind == WishOutcome::Kind::Already);
    world.wish(State::Hibernation);
    COMPARE_STATE(world, State::Hibernation);
    QVERIFY(world.wish(State::Sleep).kind == WishOutcome::Kind::Already);
    QVERIFY(world.wish(State::Hibernation).kind == WishOutcome::Kind::Already);
}

void TestDriverWishes::rule13_isNotHeldBackByGraces()
{
    World world;
    world.attach();
    world.start();
    world.wish(State::Sleep);
    COMPARE_STATE(world, State::Sleep);
    world.pass(3min);
    COMPARE_STATE(world, State::Hibernation); // the cycle did not wait either
    QCOMPARE(world.cyclesCompleted(), 1);
}

void TestDriverWishes::rule13_survivesARestart_data()
{
    QTest::addColumn<State>("target");
    QTest::addColumn<State>("diesIn");
    QTest::newRow("sleep, on its way") << State::Sleep << State::Drowsy;
    QTest::newRow("sleep, arrived") << State::Sleep << State::Sleep;
    QTest::newRow("hibernate, not yet begun") << State::Hibernation << State::Wake;
    QTest::newRow("hibernate, in SLEEP") << State::Hibernation << State::Sleep;
    QTest::newRow("hibernate, arrived") << State::Hibernation << State::Hibernation;
}

void TestDriverWishes::rule13_survivesARestart()
{
    QFETCH(State, target);
    QFETCH(State, diesIn);
    World world;
    world.attach();
    world.start();
    world.pass(1h);
    world.wish(target);
    world.crash();
    world.recorded = diesIn; // killed on the way: its memory is written, the next transition is not
    world.memory.wish->isReached = diesIn == target;
    world.cycleLength = 10h;
    world.start({.supervised = true});
    COMPARE_STATE(world, target);
    if (target == State::Hibernation)
        return;
    world.pass(1h);
    COMPARE_STATE(world, target);
}

void TestDriverWishes::rule13_endedOnItsWayIsNotTakenUpByARestart()
{
    World world;
    world.start();
    world.isDiskFull = true;
    world.wish(State::Sleep);
    COMPARE_STATE(world, State::Wake); // the disk is full
    world.request();                   // and the user is back
    world.isDiskFull = false;
    world.pass(1min);
    COMPARE_STATE(world, State::Wake);
    world.crash();
    world.start();
    world.pass(2min);
    COMPARE_STATE(world, State::Wake);
}

/// kill -9 between the record's write of a wake and that of dormouse.json, which still has the wish: the wake counts.
void TestDriverWishes::rule13_wakeThatOnlyTheRecordTellsEndsIt()
{
    for (const State target : {State::Sleep, State::Hibernation}) {
        World world;
        world.settings.hibernation = HibernationMode::Linger;
        world.start();
        const int client = world.attach();
        world.wish(target);
        const AgentMemory before = world.memory;
        world.writeSignal();
        COMPARE_STATE(world, State::Wake);
        world.crash();
        world.memory = before;
        world.start({.supervised = true});
        COMPARE_STATE(world, State::Wake);
        QVERIFY(!world.driver().currentWish());
        world.pass(10min);
        COMPARE_STATE(world, State::Wake); // its client counts again
        world.detach(client);
    }
}

void TestDriverWishes::rule13_doesNotSurviveTheBoot()
{
    World world;
    world.start();
    world.wish(State::Sleep);
    world.recorded = State::Drowsy;
    world.reboot(60h);
    world.start({.supervised = true});
    world.pass(20min);
    COMPARE_STATE(world, State::Drowsy); // nobody gets housekeeping at the moment of login
    QVERIFY(!world.driver().currentWish());
}

void TestDriverWishes::rule13_presenceEndsTheWalk()
{
    World world;
    world.start();
    world.pass(1min);
    world.isDiskFull = true;
    world.wish(State::Sleep);
    COMPARE_STATE(world, State::Wake);
    world.attach();
    world.isDiskFull = false;
    world.pass(10min);
    COMPARE_STATE(world, State::Wake);
    QCOMPARE(world.entries(State::Drowsy), 0);
}

void TestDriverWishes::rule13_latestWordCounts()
{
    FakeClock clock;
    Driver driver({});
    driver.start({.recorded = State::Wake, .bootId = u"b"_s, .memory = {}}, clock.now());
    driver.observeScan({}, clock.now());
    driver.request({}, clock.now());
    QVERIFY(driver.wish(State::Sleep, {}, false, clock.now()).kind == WishOutcome::Kind::Accepted);
    QVERIFY(driver.next(clock.now()) == (Decision{Decision::Kind::Dispatch, Event::Idle5Min, {}}));
    driver.request({}, clock.now());
    QVERIFY(driver.next(clock.now()) == (Decision{Decision::Kind::Dispatch, Event::RequestArrived, {}}));
}

void TestDriverWishes::rule13_ignoredWrapperAlone()
{
    World world;
    const int client = world.attach({.tellsActive = true});
    world.start();
    world.pass(1h);
    QVERIFY(!world.driver().ignoreWrapper(u"nobody"_s, world.now()));
    QVERIFY(world.driver().ignoreWrapper(world.clients()[0].entry.heartbeat.uuid, world.now()));
    QVERIFY(!world.driver().isAnyonePresent());
    QVERIFY(!world.driver().isEligible(world.now())); // it was there just now
    world.pass(6min);
    COMPARE_STATE(world, State::Drowsy); // by the clock, not at once
    world.crash();
    world.start();
    world.pass(1min);
    COMPARE_STATE(world, State::Drowsy);
    world.use(client);
    COMPARE_STATE(world, State::Wake);
    QVERIFY(world.driver().isAnyonePresent());
}

void TestDriverWishes::rule13_tornFileIsNoUse()
{
    FakeClock clock;
    Driver driver({});
    driver.start({.recorded = State::Wake, .bootId = u"b"_s, .memory = {}}, clock.now());
    HeartbeatScan whole;
    whole.entries.resize(1);
    whole.entries[0].heartbeat.pid = 42;
    whole.entries[0].heartbeat.lastActive = clock.now().wall;
    whole.entries[0].alive = true;
    HeartbeatScan torn = whole;
    torn.entries[0].heartbeat.lastActive.reset(); // only name and time are known
    driver.observeScan(whole, clock.now());
    driver.observeScan(torn, clock.now());
    QVERIFY(driver.wish(State::Sleep, {}, false, clock.now()).kind == WishOutcome::Kind::Accepted);
    driver.observeScan(whole, clock.now());
    QVERIFY(!driver.isAnyonePresent());
}

QTEST_GUILESS_MAIN(TestDriverWishes)
#include "tst_driver_wishes.moc"
