// SPDX-License-Identifier: MIT
// The way down when nobody is there: lifecycle rules 4, 5, 6, 7 and 14.
#include "tests/support/states.h"
#include "tests/support/world.h"

#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

Settings requiringIdleUser()
{
    Settings settings;
    settings.requireUserIdle = true;
    return settings;
}

/// Counts what passed through the dispatcher.
class Log final : public Witness
{
public:
    void entered(State, State to, Event trigger) override { entries.push_back({to, trigger}); }
    void evaluated() override {}
    void broken(const char *what) override { complaints.append(QString::fromLatin1(what)); }

    std::vector<std::pair<State, Event>> entries;
    QStringList complaints;
};

} // namespace

class TestDriverIdle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rule04_thresholds_data();
    void rule04_thresholds();
    void rule04_lateTickReachesSleepInOneEvaluation();
    void rule04_presenceStopsTheWayDown();
    void rule05_userAtTheKeyboardKeepsDrowsyWhereRequired();
    void rule05_userIsNotAskedForByDefault();
    void rule05_screenOrSuspendSaysThatNobodyIsThere_data();
    void rule05_screenOrSuspendSaysThatNobodyIsThere();
    void rule05_answerUnderWayIsWaitedFor_data();
    void rule05_answerUnderWayIsWaitedFor();
    void rule05_absentSourceWaivesTheRequirement_data();
    void rule05_absentSourceWaivesTheRequirement();
    void rule05_notAskedWhenItCannotMatter();
    void rule05_oldAnswerIsNotTrustedAfterASuspend();
    void rule06_oneCycleThenHibernation();
    void rule06_completedCycleIsNotRepeated();
    void rule06_newStayRunsANewCycle();
    void rule06_withoutACycleHibernatesInTheEnd();
    void rule06_cycleThatCanStartGoesFirst();
    void rule06_userWhoIsBackStopsHibernation();
    void rule06_cycleOfAnotherStateIsNotThisStays();
    void rule07_departure_data();
    void rule07_departure();
    void rule07_wakeOnTheWayDownIsNotLost();
    void rule14_requestsAreAnsweredFromMemory();
    void rule14_limitIsSharedWithPresence();
    void rule14_requestsMoveTheBaseline();
    void dispatch_fullDiskKeepsNobodyFromWaking_data();
    void dispatch_fullDiskKeepsNobodyFromWaking();
    void dispatch_failedStepIsTriedAgain();
    void upcoming_saysWhatComesNext();
};

void TestDriverIdle::rule04_thresholds_data()
{
    QTest::addColumn<int>("drowsySec");
    QTest::addColumn<int>("sleepSec");
    QTest::addColumn<int>("hibernateSec");
    QTest::newRow("defaults") << 300 << 1800 << 7200;
    QTest::newRow("short") << 60 << 120 << 180;
    QTest::newRow("all the same") << 600 << 600 << 600;
}

void TestDriverIdle::rule04_thresholds()
{
    QFETCH(int, drowsySec);
    QFETCH(int, sleepSec);
    QFETCH(int, hibernateSec);
    Settings settings;
    settings.drowsyAfter = std::chrono::seconds(drowsySec);
    settings.sleepAfter = std::chrono::seconds(sleepSec);
    settings.hibernateAfter = std::chrono::seconds(hibernateSec);
    World world(settings);
    world.canStartCycle = false;
    world.start();
    world.pass(10min);
    world.request(); // past the grace of the start
    const AwakeTime start = world.now().awake;
    const auto passTo = [&world, start](Millis idle) { world.pass(start + idle - world.now().awake); };
    const auto isBefore = [&world](State state) { return static_cast<int>(world.state()) < static_cast<int>(state); };
    for (const auto &[state, after] : {std::pair(State::Drowsy, settings.drowsyAfter),
                                       {State::Sleep, settings.sleepAfter},
                                       {State::Hibernation, settings.hibernateAfter}}) {
        if (start + after - 1s > world.now().awake) {
            passTo(after - 1s);
            QVERIFY2(isBefore(state), "too early");
        }
        passTo(after + settings.tick + 1s);
        QVERIFY2(!isBefore(state), "too late");
    }
}

void TestDriverIdle::rule04_lateTickReachesSleepInOneEvaluation()
{
    Log log;
    World world({}, &log);
    world.start();
    world.pass(3min);
    world.clock.advance(31min); // the agent did not get to run
    world.tick();
    COMPARE_STATE(world, State::Sleep);
    const std::vector<std::pair<State, Event>> expected{{State::Drowsy, Event::Idle5Min}, {State::Sleep, Event::Idle30Min}};
    QVERIFY(log.entries == expected);
}

void TestDriverIdle::rule04_presenceStopsTheWayDown()
{
    World world;
    world.start();
    world.pass(29min);
    COMPARE_STATE(world, State::Drowsy);
    world.attach();
    COMPARE_STATE(world, State::Wake);
    world.pass(1h);
    COMPARE_STATE(world, State::Wake);
}

void TestDriverIdle::rule05_userAtTheKeyboardKeepsDrowsyWhereRequired()
{
    World world(requiringIdleUser());
    world.cycleLength = 10h;
    world.userSource = UserSource::Present;
    world.start();
    for (int minute = 0; minute < 120; ++minute) {
        world.input();
        world.pass(1min);
    }
    COMPARE_STATE(world, State::Drowsy);
    world.pass(28min);
    COMPARE_STATE(world, State::Drowsy);
    world.pass(3min);
    COMPARE_STATE(world, State::Sleep);
}

void TestDriverIdle::rule05_userIsNotAskedForByDefault()
{
    World world;
    world.cycleLength = 10h;
    world.userSource = UserSource::Present;
    world.start();
    for (int minute = 0; minute < 31; ++minute) {
        world.input();
        world.pass(1min);
    }
    COMPARE_STATE(world, State::Sleep); // the user is there, but uses something else
}

void TestDriverIdle::rule05_screenOrSuspendSaysThatNobodyIsThere_data()
{
    QTest::addColumn<bool>("isDisplayAsleep");
    QTest::addColumn<bool>("hasSlept");
    QTest::addColumn<bool>("isEligible");
    QTest::newRow("input a minute ago") << false << false << false;
    QTest::newRow("display asleep") << true << false << true;
    QTest::newRow("slept, and no input since") << false << true << true;
}

void TestDriverIdle::rule05_screenOrSuspendSaysThatNobodyIsThere()
{
    QFETCH(bool, isDisplayAsleep);
    QFETCH(bool, hasSlept);
    QFETCH(bool, isEligible);
    World world(requiringIdleUser());
    world.start();
    world.userSource = UserSource::Present;
    for (int minute = 0; minute < 40; ++minute) {
        world.input();
        world.pass(1min);
    }
    COMPARE_STATE(world, State::Drowsy);
    world.displayAsleep = isDisplayAsleep;
    if (hasSlept)
        world.suspend(8h);
    world.pass(3min);
    QCOMPARE(world.state() != State::Drowsy, isEligible);
}

void TestDriverIdle::rule05_answerUnderWayIsWaitedFor_data()
{
    QTest::addColumn<UserSource>("source");
    QTest::addColumn<bool>("sleeps");
    QTest::newRow("slow") << UserSource::Slow << false;
    QTest::newRow("never answers") << UserSource::Silent << true;
}

void TestDriverIdle::rule05_answerUnderWayIsWaitedFor()
{
    QFETCH(UserSource, source);
    QFETCH(bool, sleeps);
    World world(requiringIdleUser());
    world.cycleLength = 10h;
    world.userSource = source;
    world.start();
    world.pass(29min + 45s);
    world.input();
    world.pass(16s); // the tick at half an hour has asked
    COMPARE_STATE(world, State::Drowsy);
    world.pass(3s);
    QCOMPARE(world.state() == State::Sleep, sleeps);
}

void TestDriverIdle::rule05_absentSourceWaivesTheRequirement_data()
{
    QTest::addColumn<UserSource>("source");
    QTest::newRow("none") << UserSource::Absent;
    QTest::newRow("timed out") << UserSource::Silent;
}

void TestDriverIdle::rule05_absentSourceWaivesTheRequirement()
{
    QFETCH(UserSource, source);
    World world(requiringIdleUser());
    world.cycleLength = 10h;
    world.userSource = source;
    world.start();
    world.pass(31min);
    COMPARE_STATE(world, State::Sleep);
}

/// A sleeping laptop's display server is not woken for nothing.
void TestDriverIdle::rule05_notAskedWhenItCannotMatter()
{
    World world;
    world.userSource = UserSource::Present;
    const int client = world.attach();
    world.start();
    world.pass(1h);
    QVERIFY(!world.driver().needsIdleness(world.now()));
    world.detach(client);
    world.pass(29min);
    QVERIFY(!world.driver().needsIdleness(world.now()));

    Settings active;
    active.presence = PresencePolicy::Active;
    World leaked(active);
    const int orphan = leaked.attach();
    leaked.start();
    leaked.leak(orphan);
    leaked.pass(10min);
    leaked.clock.advance(1min);
    QVERIFY(!leaked.driver().needsIdleness(leaked.now()));
}

void TestDriverIdle::rule05_oldAnswerIsNotTrustedAfterASuspend()
{
    World world(requiringIdleUser());
    world.userSource = UserSource::Present;
    world.start();
    for (int minute = 0; minute < 40; ++minute) {
        world.input();
        world.pass(1min);
    }
    world.displayAsleep = true;
    world.userSource = UserSource::Silent;
    world.driver().observeResume(world.now());
    QVERIFY(world.driver().isIdlenessAwaited(world.now()));
    QVERIFY(world.driver().upcoming(world.now())); // answers without an answer
}

void TestDriverIdle::rule06_oneCycleThenHibernation()
{
    World world;
    world.start();
    world.pass(24h);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 1);
    QCOMPARE(world.entries(State::Hibernation), 1);
}

void TestDriverIdle::rule06_completedCycleIsNotRepeated()
{
    World world(requiringIdleUser());
    world.userSource = UserSource::Present;
    world.start();
    world.pass(31min);
    COMPARE_STATE(world, State::Sleep);
    for (int minute = 0; minute < 180; ++minute) {
        world.input();
        world.pass(1min);
    }
    COMPARE_STATE(world, State::Sleep); // the user is there: complete, but not eligible
    QCOMPARE(world.cyclesCompleted(), 1);
    world.pass(31min);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 1);
}

void TestDriverIdle::rule06_newStayRunsANewCycle()
{
    World world;
    world.start();
    world.pass(3h);
    COMPARE_STATE(world, State::Hibernation);
    world.request();
    world.pass(3h);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 2);
}

void TestDriverIdle::rule06_withoutACycleHibernatesInTheEnd()
{
    World world;
    world.canStartCycle = false; // quarantine, strikes, back-off, battery
    world.start();
    world.pass(119min);
    COMPARE_STATE(world, State::Sleep);
    world.pass(90s);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 0);
}

void TestDriverIdle::rule06_cycleThatCanStartGoesFirst()
{
    World world;
    world.canStartCycle = false;
    world.start();
    world.pass(119min);
    world.canStartCycle = true;
    world.cycleLength = 20min;
    world.pass(10min);
    COMPARE_STATE(world, State::Sleep);
    world.pass(15min);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 1);
}

void TestDriverIdle::rule06_userWhoIsBackStopsHibernation()
{
    World world(requiringIdleUser());
    world.userSource = UserSource::Present;
    world.canStartCycle = false;
    world.start();
    world.pass(119min);
    for (int minute = 0; minute < 10; ++minute) {
        world.input();
        world.pass(1min);
    }
    COMPARE_STATE(world, State::Sleep);
}

void TestDriverIdle::rule06_cycleOfAnotherStateIsNotThisStays()
{
    World world;
    world.start();
    world.driver().cycleCompleted(); // force_rem, while awake
    world.cycleLength = 5min;
    world.pass(31min);
    COMPARE_STATE(world, State::Sleep);
    QVERIFY(!world.driver().isCycleComplete());
    world.pass(6min);
    QCOMPARE(world.cyclesCompleted(), 1);
}

void TestDriverIdle::rule07_departure_data()
{
    QTest::addColumn<HibernationMode>("mode");
    QTest::addColumn<bool>("isSupervised");
    QTest::addColumn<bool>("isShadow");
    QTest::addColumn<bool>("exits");
    QTest::newRow("auto, by hand") << HibernationMode::Auto << false << false << false;
    QTest::newRow("auto, supervised") << HibernationMode::Auto << true << false << true;
    QTest::newRow("exit, by hand") << HibernationMode::Exit << false << false << true;
    QTest::newRow("linger, supervised") << HibernationMode::Linger << true << false << false;
    QTest::newRow("shadow run") << HibernationMode::Exit << true << true << false;
}

void TestDriverIdle::rule07_departure()
{
    QFETCH(HibernationMode, mode);
    QFETCH(bool, isSupervised);
    QFETCH(bool, isShadow);
    QFETCH(bool, exits);
    Settings settings;
    settings.hibernation = mode;
    World world(settings);
    world.start({.supervised = isSupervised, .shadowRun = isShadow});
    world.pass(30min);
    QVERIFY(world.driver().departure() == Departure::NotNow);
    world.pass(2h);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.isRunning(), !exits);
    QVERIFY(exits || world.driver().departure() == Departure::Linger);
}

/// Requests, presence and signals between the transition and the exit.
void TestDriverIdle::rule07_wakeOnTheWayDownIsNotLost()
{
    Settings settings;
    settings.hibernation = HibernationMode::Exit;
    const Instants start = FakeClock().now();
    const auto hibernated = [&settings, &start] {
        Driver driver(settings);
        driver.start({.recorded = State::Hibernation, .bootId = u"b"_s, .memory = {}, .supervised = true}, start);
        driver.observeScan({}, start);
        if (driver.next(start))
            QTest::qFail("it stays hibernated", __FILE__, __LINE__);
        return driver;
    };
    Driver asked = hibernated();
    QVERIFY(asked.departure() == Departure::Exit);
    asked.request({}, start);
    QVERIFY(asked.departure() == Departure::NotNow);
    QVERIFY(asked.next(start) == (Decision{Decision::Kind::Dispatch, Event::RequestArrived, {}}));

    Driver signalled = hibernated();
    QVERIFY(signalled.observeSignal(CountedSignal{1, 1}, start));
    QVERIFY(signalled.departure() == Departure::NotNow);
    QVERIFY(signalled.next(start) == (Decision{Decision::Kind::Dispatch, Event::WakeSignal, {}}));

    Driver leased = hibernated();
    leased.takeLease({u"run"_s, 0, 1, start.awake, start.awake + 1h}, start);
    QVERIFY(leased.departure() == Departure::NotNow);

    Driver held = hibernated();
    held.hold(1h, {}, start);
    QVERIFY(held.departure() == Departure::NotNow);
}

void TestDriverIdle::rule14_requestsAreAnsweredFromMemory()
{
    World world;
    world.start();
    world.pass(1min);
    const qint64 before = world.writes();
    for (int second = 0; second < 600; ++second) {
        world.request();
        world.clock.advance(1s);
    }
    QVERIFY2(world.writes() - before <= 21, qPrintable(QString::number(world.writes() - before)));
    COMPARE_STATE(world, State::Wake);
}

void TestDriverIdle::rule14_limitIsSharedWithPresence()
{
    World world;
    world.attach({.phase = 13s});
    world.start();
    const qint64 before = world.writes();
    for (int second = 0; second < 3600; ++second) {
        world.request();
        world.pass(1s);
    }
    QVERIFY2(world.writes() - before <= 123, qPrintable(QString::number(world.writes() - before)));
}

void TestDriverIdle::rule14_requestsMoveTheBaseline()
{
    World world;
    world.start();
    world.pass(2min);
    world.request();
    world.pass(10s);
    const qint64 before = world.writes();
    world.request(); // answered from memory
    QCOMPARE(world.writes(), before);
    QCOMPARE(world.driver().idleFor(world.now()).count(), 0);
}

void TestDriverIdle::dispatch_fullDiskKeepsNobodyFromWaking_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<QString>("by");
    for (const State state : {State::Drowsy, State::Sleep, State::Hibernation}) {
        for (const QString &by : {u"request"_s, u"signal"_s, u"heartbeat"_s, u"lease"_s, u"hold"_s})
            QTest::newRow(qPrintable(QString(toString(state) + u", "_s + by))) << state << by;
    }
}

void TestDriverIdle::dispatch_fullDiskKeepsNobodyFromWaking()
{
    QFETCH(State, state);
    QFETCH(QString, by);
    Log log;
    World world({}, &log);
    world.canStartCycle = false;
    world.start();
    world.pass(state == State::Drowsy ? 10min : state == State::Sleep ? 40min : 3h);
    COMPARE_STATE(world, state);
    world.isDiskFull = true;
    if (by == "request"_L1)
        world.request();
    else if (by == "signal"_L1)
        world.writeSignal();
    else if (by == "heartbeat"_L1)
        world.attach();
    else if (by == "lease"_L1)
        world.lease(u"run"_s, 1h);
    else
        world.pause(1h);
    COMPARE_STATE(world, State::Wake); // in the evaluation that saw it
    QVERIFY(world.recorded == state);
    QCOMPARE(world.hasSignal(), by == "signal"_L1); // still there: a crash now must not lose it
    world.isDiskFull = false;
    world.pass(1min);
    QVERIFY(world.recorded == State::Wake);
    QVERIFY(!world.hasSignal());
    QVERIFY2(log.complaints.isEmpty(), qPrintable(log.complaints.join(u"; "_s)));
}

void TestDriverIdle::dispatch_failedStepIsTriedAgain()
{
    World world;
    world.cycleLength = 10h;
    world.start();
    world.isDiskFull = true;
    world.pass(2h);
    COMPARE_STATE(world, State::Wake);
    world.isDiskFull = false;
    world.pass(30s);
    COMPARE_STATE(world, State::Sleep);
}

void TestDriverIdle::upcoming_saysWhatComesNext()
{
    World world;
    const int client = world.attach();
    world.start();
    world.pass(10min);
    QVERIFY(!world.driver().upcoming(world.now())); // presence keeps it
    world.detach(client);
    world.pass(1min);
    QVERIFY(world.driver().upcoming(world.now()) == (std::pair<State, Millis>(State::Drowsy, 4min)));
    world.pass(9min);
    QVERIFY(world.driver().upcoming(world.now()) == (std::pair<State, Millis>(State::Sleep, 20min)));
    world.pause(std::nullopt);
    QVERIFY(!world.driver().upcoming(world.now()));
}

QTEST_GUILESS_MAIN(TestDriverIdle)
#include "tst_driver_idle.moc"
