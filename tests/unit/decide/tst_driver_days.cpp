// SPDX-License-Identifier: MIT
#include "agent/decide/starvation.h"
#include "tests/support/states.h"
#include "tests/support/world.h"

#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Writes the event log of a World into a StarvationClock.
class LogKeeper final : public Witness
{
public:
    void entered(State from, State to, Event trigger) override
    {
        starvation.add(transitionEntry(world->now().wall, from, to, trigger));
    }
    void evaluated() override
    {
        if (world->cyclesCompleted() == cycles)
            return;
        cycles = world->cyclesCompleted();
        starvation.add({world->now().wall, logkind::kSleepCycleCompleted, {}});
    }
    void broken(const char *what) override { complaints.append(QString::fromLatin1(what)); }

    World *world = nullptr;
    StarvationClock starvation;
    int cycles = 0;
    QStringList complaints;
};

} // namespace

/// Whole days and weeks: what a user sees in the morning, or after a week.
class TestDriverDays : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyForADay_data();
    void nobodyForADay();
    void aClientEveryThreeMinutesForAWeek();
    void aWeekOfNightsDoesNotStarve();
};

void TestDriverDays::nobodyForADay_data()
{
    QTest::addColumn<int>("putOffHours"); // the cycle cannot start for so long
    QTest::newRow("at once") << 0;
    QTest::newRow("put off for an hour") << 1;
}

void TestDriverDays::nobodyForADay()
{
    QFETCH(int, putOffHours);
    World world;
    world.settings.hibernation = HibernationMode::Linger;
    world.start();
    const int client = world.attach();
    world.pass(10min);
    world.detach(client);
    world.canStartCycle = putOffHours == 0;
    world.pass(30min + std::chrono::hours(putOffHours));
    world.canStartCycle = true;
    world.pass(24h);
    COMPARE_STATE(world, State::Hibernation);
    QCOMPARE(world.cyclesCompleted(), 1);
    QCOMPARE(world.entries(State::Sleep), 1);
    QCOMPARE(world.entries(State::Hibernation), 1);
}

void TestDriverDays::aClientEveryThreeMinutesForAWeek()
{
    LogKeeper keeper;
    World world({}, &keeper);
    keeper.world = &world;
    keeper.starvation.add({world.now().wall, logkind::kAgentStarted, {}});
    world.start();
    for (int visit = 0; visit < 7 * 24 * 20; ++visit) {
        const int client = world.attach();
        world.pass(1min);
        world.detach(client);
        world.pass(2min);
        if (visit == 71 * 20) // just short of three days
            QVERIFY(!starvationText(keeper.starvation, {}, 0, world.now().wall));
    }
    QCOMPARE(world.entries(State::Sleep), 0);
    QCOMPARE(world.cyclesCompleted(), 0);
    const auto text = starvationText(keeper.starvation, {}, 0, world.now().wall);
    QVERIFY(text.has_value());
    QVERIFY2(text->contains(u"7 d"_s) && text->contains(u"somebody is there"_s), qPrintable(*text));
    const auto quarantined = starvationText(keeper.starvation, u"quarantined"_s, 12, world.now().wall);
    QVERIFY(quarantined && quarantined->contains(u"quarantined"_s) && quarantined->contains(u"12 times"_s));
    QCOMPARE(keeper.complaints, QStringList());
}

void TestDriverDays::aWeekOfNightsDoesNotStarve()
{
    LogKeeper keeper;
    World world({}, &keeper);
    keeper.world = &world;
    keeper.starvation.add({world.now().wall, logkind::kAgentStarted, {}});
    world.settings.hibernation = HibernationMode::Linger;
    world.start();
    for (int day = 0; day < 7; ++day) {
        const int client = world.attach();
        world.pass(16h);
        world.detach(client);
        world.pass(8h);
        QCOMPARE(world.cyclesCompleted(), day + 1);
        COMPARE_STATE(world, State::Hibernation);
        QVERIFY(!starvationText(keeper.starvation, {}, 0, world.now().wall));
    }
}

QTEST_GUILESS_MAIN(TestDriverDays)
#include "tst_driver_days.moc"
