// SPDX-License-Identifier: MIT
// Who counts as somebody being there: lifecycle rules 1, 2, 3, 10 and 11.
#include "tests/support/states.h"
#include "tests/support/world.h"

#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

Settings active()
{
    Settings settings;
    settings.presence = PresencePolicy::Active;
    return settings;
}

/// An agent that nobody uses, in SLEEP with its cycle done or, by then, in HIBERNATION.
void fallAsleep(World &world)
{
    world.start();
    world.cycleLength = 10h;
    world.pass(40min);
    COMPARE_STATE(world, State::Sleep);
}

} // namespace

class TestDriverPresence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rule01_attachedClientKeepsAwakeForDays();
    void rule01_unusedClientDoesNotCountWhenActive();
    void rule01_newLastActiveCounts();
    void rule01_lastActiveIsNotComparedWithOurClock();
    void rule01_requestOfItsWrapperCounts_data();
    void rule01_requestOfItsWrapperCounts();
    void rule01_userInputCounts();
    void rule01_withNothingKnownActiveIsAttached();
    void rule01_unansweredSourceIsNotAnAbsentOne();
    void rule01_firstSightIsNotRepeatedByARestart();
    void rule01_firstSightIsNotRepeatedByAFileThatComesBack();
    void rule01_leakedNeverCounts_data();
    void rule01_leakedNeverCounts();
    void rule01_lookingIsNotUse();
    void rule01_leaseIsPresenceUntilItsEnd();
    void rule01_leaseOfADeadProcessEnds();
    void rule01_unreadableFolderKeepsNobodyFresh();
    void rule01_baselineIsTheEndOfUse();
    void rule02_atOnceWhenDrowsy();
    void rule02_atMostTwiceAMinuteWhenAwake();
    void rule03_presenceWakesFromSleepAndLingering_data();
    void rule03_presenceWakesFromSleepAndLingering();
    void rule10_resumeGivesGrace_data();
    void rule10_resumeGivesGrace();
    void rule10_deadProcessGetsNoGrace();
    void rule10_requestsCountDuringGrace();
    void rule10_sleepIsReportedOnce();
    void rule10_graceEndsOnTime();
    void rule10_idlenessDoesNotGrowInSuspend();
    void rule11_futureHeartbeatIsStale();
    void rule11_clockStepsChangeNothing_data();
    void rule11_clockStepsChangeNothing();
};

void TestDriverPresence::rule01_attachedClientKeepsAwakeForDays()
{
    World world;
    world.attach();
    world.start();
    world.pass(72h);
    COMPARE_STATE(world, State::Wake);
    QCOMPARE(world.entries(State::Drowsy), 0);
}

void TestDriverPresence::rule01_unusedClientDoesNotCountWhenActive()
{
    World world(active());
    world.userSource = UserSource::Present;
    world.attach({.tellsActive = true});
    world.start();
    world.pass(9min);
    COMPARE_STATE(world, State::Wake); // first sight counts for five, then five until drowsy
    world.pass(90s);
    COMPARE_STATE(world, State::Drowsy);
    world.pass(1h);
    QVERIFY(world.state() == State::Sleep || world.state() == State::Hibernation);
    QCOMPARE(world.entries(State::Wake), 0);
}

void TestDriverPresence::rule01_newLastActiveCounts()
{
    World world(active());
    const int client = world.attach({.tellsActive = true});
    world.start();
    world.pass(20min);
    COMPARE_STATE(world, State::Drowsy);
    world.use(client);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverPresence::rule01_lastActiveIsNotComparedWithOurClock()
{
    World world(active());
    const int client = world.attach({.tellsActive = true});
    world.start();
    world.pass(20min);
    COMPARE_STATE(world, State::Drowsy);
    world.stepWall(-24h); // its new last_active is older than the last one
    world.use(client);
    COMPARE_STATE(world, State::Wake);
    world.pass(4min);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverPresence::rule01_requestOfItsWrapperCounts_data()
{
    QTest::addColumn<QString>("uuid");
    QTest::addColumn<int>("pid"); // 0: its own
    QTest::addColumn<bool>("isItsUse");
    QTest::newRow("its uuid") << u"client-1001"_s << 77 << true;
    QTest::newRow("its pid") << QString() << 0 << true;
    QTest::newRow("its pid, with the id of a session") << u"session-7"_s << 0 << true;
    QTest::newRow("somebody else") << u"session-7"_s << 77 << false;
    QTest::newRow("nobody known") << QString() << -1 << false;
}

void TestDriverPresence::rule01_requestOfItsWrapperCounts()
{
    QFETCH(QString, uuid);
    QFETCH(int, pid);
    QFETCH(bool, isItsUse);
    World world(active());
    const int client = world.attach({.tellsActive = true});
    world.start();
    world.pass(20min);
    const Heartbeat &heartbeat = world.clients()[static_cast<std::size_t>(client)].entry.heartbeat;
    world.request({uuid, pid == 0 ? heartbeat.pid : pid});
    COMPARE_STATE(world, State::Wake);
    QCOMPARE(world.driver().isAnyonePresent(), isItsUse);
}

void TestDriverPresence::rule01_userInputCounts()
{
    World world(active());
    world.userSource = UserSource::Present;
    world.attach();
    world.start();
    world.pass(30min);
    COMPARE_STATE(world, State::Drowsy);
    world.input();
    world.pass(30s);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverPresence::rule01_withNothingKnownActiveIsAttached()
{
    World world(active());
    world.attach();
    world.start();
    world.pass(24h);
    COMPARE_STATE(world, State::Wake);
    QVERIFY(world.driver().presence().wrappers().at(0).neverKnown);
}

/// Otherwise each resume from suspend would wake the services for a client that nobody uses.
void TestDriverPresence::rule01_unansweredSourceIsNotAnAbsentOne()
{
    for (const UserSource source : {UserSource::Present, UserSource::Slow}) {
        World world(active());
        world.userSource = source;
        world.attach();
        world.start();
        world.pass(12h);
        COMPARE_STATE(world, State::Hibernation);
        QCOMPARE(world.entries(State::Wake), 0);
        world.suspend(8h);
        world.pass(10min);
        QCOMPARE(world.entries(State::Wake), 0);
        world.crash();
        world.start({.supervised = true});
        world.pass(10min);
        QCOMPARE(world.entries(State::Wake), 0);
    }
}

void TestDriverPresence::rule01_firstSightIsNotRepeatedByARestart()
{
    World world(active());
    world.attach({.tellsActive = true});
    world.start();
    world.pass(20min);
    COMPARE_STATE(world, State::Drowsy);
    world.crash();
    world.start();
    COMPARE_STATE(world, State::Drowsy);
    QVERIFY(!world.driver().isAnyonePresent());
}

void TestDriverPresence::rule01_firstSightIsNotRepeatedByAFileThatComesBack()
{
    World world(active());
    const int client = world.attach({.tellsActive = true});
    world.start();
    for (int hour = 0; hour < 4; ++hour) {
        world.pass(1h);
        world.removeFile(client); // `dormouse clean`, while it hung
    }
    QCOMPARE(world.entries(State::Wake), 0);
    QVERIFY(world.state() == State::Sleep || world.state() == State::Hibernation);
}

void TestDriverPresence::rule01_leakedNeverCounts_data()
{
    QTest::addColumn<bool>("ignoreLeaked");
    QTest::addColumn<bool>("orphanFromTheStart");
    QTest::addColumn<bool>("counts");
    QTest::newRow("leaked") << true << false << false;
    QTest::newRow("leaked, ignore_leaked = false") << false << false << true;
    QTest::newRow("started by init itself") << true << true << true;
}

void TestDriverPresence::rule01_leakedNeverCounts()
{
    QFETCH(bool, ignoreLeaked);
    QFETCH(bool, orphanFromTheStart);
    QFETCH(bool, counts);
    Settings settings;
    settings.ignoreLeaked = ignoreLeaked;
    World world(settings);
    const int client = world.attach({.isLeaked = orphanFromTheStart});
    world.start();
    world.pass(10min);
    COMPARE_STATE(world, State::Wake);
    world.leak(client);
    world.pass(4h);
    QCOMPARE(world.state() == State::Wake, counts);
    world.crash();
    world.start({.supervised = true});
    world.pass(10min);
    QCOMPARE(world.state() == State::Wake, counts);
}

void TestDriverPresence::rule01_lookingIsNotUse()
{
    World world;
    world.cycleLength = 10h;
    world.start();
    for (int minute = 0; minute < 36; ++minute) {
        world.pass(1min);
        world.evaluate(); // what `status`, `why` or a watcher's false alarm cause
    }
    COMPARE_STATE(world, State::Sleep);
}

void TestDriverPresence::rule01_leaseIsPresenceUntilItsEnd()
{
    World world;
    world.start();
    world.lease(u"run"_s, 2h);
    world.pass(119min);
    COMPARE_STATE(world, State::Wake);
    world.pass(5min); // its end, two hours from its start, is the baseline
    COMPARE_STATE(world, State::Wake);
    world.pass(90s);
    COMPARE_STATE(world, State::Drowsy);

    world.lease(u"run"_s, 2h);
    COMPARE_STATE(world, State::Wake);
    world.closeConnection(1);
    world.pass(6min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverPresence::rule01_leaseOfADeadProcessEnds()
{
    World world;
    world.start();
    world.lease(u"run"_s, 2h, 4711);
    world.lease(u"other"_s, 2h, 0, 2); // its pid is not known
    world.driver().dropDeadLeases({4711}, world.now());
    QCOMPARE(world.driver().leases().size(), 2U);
    world.driver().dropDeadLeases({}, world.now());
    QCOMPARE(world.driver().leases().size(), 1U);
    QVERIFY(world.driver().dropLease(u"other"_s, world.now()));
    QVERIFY(!world.driver().dropLease(u"other"_s, world.now()));
    world.pass(6min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverPresence::rule01_unreadableFolderKeepsNobodyFresh()
{
    World world;
    world.attach();
    world.start();
    world.pass(1h);
    world.folderError = Error{ErrorCode::Io, u"cannot read"_s, u"wrappers"_s, EACCES};
    world.pass(5min);
    COMPARE_STATE(world, State::Wake);
    world.pass(3min);
    COMPARE_STATE(world, State::Drowsy);
    world.folderError.reset();
    world.pass(30s);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverPresence::rule01_baselineIsTheEndOfUse()
{
    World world;
    const int client = world.attach();
    world.start();
    world.pass(5h);
    world.detach(client);
    QCOMPARE(world.driver().idleFor(world.now()).count(), Millis(0ms).count());
    world.pass(1min);
    QCOMPARE(world.driver().idleFor(world.now()).count(), Millis(1min).count());
    world.request();
    QCOMPARE(world.driver().idleFor(world.now()).count(), Millis(0ms).count());
    world.pass(1min);
    world.writeSignal();
    QCOMPARE(world.driver().idleFor(world.now()).count(), Millis(0ms).count());
    world.pause(1h);
    world.pass(59min);
    world.resume();
    QCOMPARE(world.driver().idleFor(world.now()).count(), Millis(0ms).count());
}

void TestDriverPresence::rule02_atOnceWhenDrowsy()
{
    World world;
    world.start();
    world.pass(10min);
    COMPARE_STATE(world, State::Drowsy);
    world.attach();
    COMPARE_STATE(world, State::Wake);
}

void TestDriverPresence::rule02_atMostTwiceAMinuteWhenAwake()
{
    World world;
    world.attach({.phase = 11s});
    world.attach({.phase = 19s});
    world.start();
    const qint64 before = world.writes();
    world.pass(24h);
    QVERIFY(world.writes() - before <= 2930);
    QVERIFY(world.writes() - before >= 2160); // the record's last activity is never older than a minute
}

void TestDriverPresence::rule03_presenceWakesFromSleepAndLingering_data()
{
    QTest::addColumn<bool>("isHibernated");
    QTest::newRow("SLEEP") << false;
    QTest::newRow("lingering HIBERNATION") << true;
}

void TestDriverPresence::rule03_presenceWakesFromSleepAndLingering()
{
    QFETCH(bool, isHibernated);
    World world;
    fallAsleep(world);
    if (isHibernated)
        world.pass(11h);
    COMPARE_STATE(world, isHibernated ? State::Hibernation : State::Sleep);
    world.attach();
    COMPARE_STATE(world, State::Wake);
}

void TestDriverPresence::rule10_resumeGivesGrace_data()
{
    QTest::addColumn<bool>("isTold");
    QTest::newRow("seen by the clocks") << false;
    QTest::newRow("told by the platform") << true;
}

void TestDriverPresence::rule10_resumeGivesGrace()
{
    QFETCH(bool, isTold);
    World world;
    const int client = world.attach({.phase = 17s});
    world.start();
    world.pass(1h);
    world.freeze(client); // the wrapper is slow to come back
    world.suspend(8h, isTold);
    world.tick();
    COMPARE_STATE(world, State::Wake);
    QVERIFY(world.driver().isAnyonePresent());
    world.pass(80s);
    QVERIFY(world.driver().isAnyonePresent());
    QCOMPARE(world.driver().idleFor(world.now()).count(), Millis(20s).count()); // nobody's absence counts
    world.pass(10min);
    COMPARE_STATE(world, State::Drowsy);
}

void TestDriverPresence::rule10_deadProcessGetsNoGrace()
{
    World world;
    const int client = world.attach();
    world.start();
    world.pass(1h);
    world.kill(client);
    world.suspend(8h);
    world.tick();
    QVERIFY(!world.driver().isAnyonePresent());
}

void TestDriverPresence::rule10_requestsCountDuringGrace()
{
    World world;
    fallAsleep(world);
    world.suspend(8h, true);
    world.request();
    COMPARE_STATE(world, State::Wake);
    world.wish(State::Sleep);
    COMPARE_STATE(world, State::Sleep);
    world.suspend(8h, true);
    world.attach();
    COMPARE_STATE(world, State::Wake);
    world.wish(State::Sleep); // a command is not held back by the grace
    COMPARE_STATE(world, State::Sleep);
    world.suspend(8h, true);
    world.writeSignal();
    COMPARE_STATE(world, State::Wake);
}

void TestDriverPresence::rule10_sleepIsReportedOnce()
{
    World world;
    world.start();
    world.pass(1min);
    QVERIFY(!world.driver().takeSlept());
    world.suspend(8h);
    world.tick();
    QVERIFY(world.driver().takeSlept() == Millis(8h));
    world.tick();
    QVERIFY(!world.driver().takeSlept());
    world.suspend(59s); // within two ticks the clocks may drift
    world.tick();
    QVERIFY(!world.driver().takeSlept());
}

/// A request between two scans must not see the grace's heartbeats as fresh for ever.
void TestDriverPresence::rule10_graceEndsOnTime()
{
    World world;
    const int client = world.attach();
    world.start();
    world.pass(1h);
    world.freeze(client);
    world.suspend(8h, true);
    world.tick();
    QVERIFY(world.driver().isAnyonePresent());
    world.clock.advance(91s);
    world.request();
    QVERIFY(!world.driver().isAnyonePresent());
}

void TestDriverPresence::rule10_idlenessDoesNotGrowInSuspend()
{
    World world;
    world.start();
    world.pass(4min);
    world.suspend(8h);
    world.pass(40s); // the grace, and not yet five minutes awake
    COMPARE_STATE(world, State::Wake);
    world.pass(90s);
    COMPARE_STATE(world, State::Drowsy);
    world.suspend(8h);
    world.pass(20min);
    COMPARE_STATE(world, State::Drowsy);
    world.pass(5min);
    COMPARE_STATE(world, State::Sleep);
}

void TestDriverPresence::rule11_futureHeartbeatIsStale()
{
    World world;
    world.cycleLength = 10h;
    world.start();
    world.pass(10min);
    world.stepWall(1h);
    const int client = world.attach();
    world.freeze(client);
    world.stepWall(-1h); // its stamp is now an hour ahead, and never renewed
    world.pass(50min);
    QVERIFY(!world.driver().isAnyonePresent());
    COMPARE_STATE(world, State::Sleep);
}

void TestDriverPresence::rule11_clockStepsChangeNothing_data()
{
    QTest::addColumn<int>("hours");
    QTest::newRow("an hour forward") << 1;
    QTest::newRow("an hour back") << -1;
    QTest::newRow("a day forward") << 24;
    QTest::newRow("a day back") << -24;
}

void TestDriverPresence::rule11_clockStepsChangeNothing()
{
    QFETCH(int, hours);
    World used;
    used.attach();
    used.start();
    used.pass(1h);
    used.stepWall(std::chrono::hours(hours));
    used.pass(1h);
    COMPARE_STATE(used, State::Wake);
    QCOMPARE(used.entries(State::Drowsy), 0);

    World unused;
    unused.start();
    unused.pass(10min);
    unused.stepWall(std::chrono::hours(hours));
    unused.pass(19min);
    COMPARE_STATE(unused, State::Drowsy);
    unused.pass(90s);
    COMPARE_STATE(unused, State::Sleep);
}

QTEST_GUILESS_MAIN(TestDriverPresence)
#include "tst_driver_presence.moc"
