// SPDX-License-Identifier: MIT
#include "agent/act/services/serviceplan.h"

#include "tests/support/fakeclock.h"
#include "tests/unit/act/services/servicetest.h"

#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The orders, as words: "+name" to start, "-name" to stop.
QStringList words(const std::vector<ServiceOrder> &orders)
{
    QStringList result;
    for (const ServiceOrder &order : orders)
        result.append((order.kind == ServiceOrder::Kind::Start ? u"+"_s : u"-"_s) + order.name);
    return result;
}

} // namespace

/// People lose their memory server, pay for one twice, or wait for ever, when these are wrong.
class TestServicePlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock = {};
        m_plan = {};
    }

    void eachStartsWhenTheOneBeforeIsReady()
    {
        begin({service(u"a"_s), service(u"b"_s), service(u"c"_s, State::Hibernation, QStringList())}, State::Wake);
        QCOMPARE(orders(), QStringList({u"+a"_s, u"+c"_s}));
        m_plan.ran(u"a"_s, now());
        QCOMPARE(orders(), QStringList());
        m_plan.becameReady(u"a"_s);
        QCOMPARE(orders(), QStringList({u"+b"_s}));
        QCOMPARE(orders(), QStringList());
    }

    void afterNamesWhatIsWaitedFor()
    {
        begin({service(u"a"_s), service(u"b"_s, State::Hibernation, QStringList()),
               service(u"c"_s, State::Hibernation, QStringList({u"a"_s, u"b"_s}))},
              State::Wake);
        QCOMPARE(orders(), QStringList({u"+a"_s, u"+b"_s}));
        m_plan.becameReady(u"b"_s);
        QCOMPARE(orders(), QStringList());
        m_plan.becameReady(u"a"_s);
        QCOMPARE(orders(), QStringList({u"+c"_s}));
    }

    void stoppingGoesBackwardsOneByOne()
    {
        wake({service(u"a"_s), service(u"b"_s), service(u"c"_s)});
        m_plan.setState(State::Hibernation, now());
        QCOMPARE(orders(), QStringList({u"-c"_s}));
        QVERIFY(!m_plan.isSettledDown());
        m_plan.ended(u"c"_s, now());
        QCOMPARE(orders(), QStringList({u"-b"_s}));
        m_plan.ended(u"b"_s, now());
        QCOMPARE(orders(), QStringList({u"-a"_s}));
        QVERIFY(!m_plan.isSettledDown());
        m_plan.ended(u"a"_s, now());
        QVERIFY(m_plan.isSettledDown());
    }

    void eachStateStopsItsOwn_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<QStringList>("left");
        QTest::newRow("drowsy") << int(State::Drowsy) << QStringList({u"sleep"_s, u"hibernation"_s});
        QTest::newRow("sleep") << int(State::Sleep) << QStringList({u"hibernation"_s});
        QTest::newRow("hibernation") << int(State::Hibernation) << QStringList();
    }

    void eachStateStopsItsOwn()
    {
        QFETCH(int, state);
        QFETCH(QStringList, left);
        wake({service(u"drowsy"_s, State::Drowsy), service(u"sleep"_s, State::Sleep), service(u"hibernation"_s)});
        const auto target = State(state);
        const QStringList told = m_plan.stoppedBy(target);
        m_plan.setState(target, now());
        settle();
        QCOMPARE(running(), left);
        QCOMPARE(told.size() + left.size(), 3);
    }

    void whatSleepKeepsIsNotStartedThere()
    {
        wake({service(u"a"_s)});
        m_plan.setState(State::Drowsy, now());
        m_plan.ended(u"a"_s, now()); // died
        m_clock.advance(10min);
        QCOMPARE(orders(), QStringList());
        m_plan.setState(State::Wake, now());
        QCOMPARE(orders(), QStringList({u"+a"_s}));
    }

    void aWakeDuringAStopIsHonouredBehindIt()
    {
        wake({service(u"a"_s), service(u"b"_s)});
        m_plan.setState(State::Hibernation, now());
        QCOMPARE(orders(), QStringList({u"-b"_s}));
        m_plan.setState(State::Wake, now());
        QCOMPARE(orders(), QStringList()); // a stays; b has to end first
        m_plan.ended(u"b"_s, now());
        QCOMPARE(orders(), QStringList({u"+b"_s}));
        QCOMPARE(m_plan.find(u"b"_s)->deaths, 0);
    }

    void aStopDuringAStartStopsIt()
    {
        begin({service(u"a"_s), service(u"b"_s)}, State::Wake);
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        m_plan.setState(State::Hibernation, now());
        QCOMPARE(orders(), QStringList({u"-a"_s}));
        m_plan.ran(u"a"_s, now()); // told late
        m_plan.becameReady(u"a"_s);
        QCOMPARE(orders(), QStringList());
        m_plan.ended(u"a"_s, now());
        QCOMPARE(orders(), QStringList());
        QVERIFY(m_plan.isSettledDown());
    }

    void deathsAreRetriedLaterAndLater()
    {
        begin({service(u"a"_s)}, State::Wake);
        for (const Millis delay : {1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 32000ms, 60000ms, 60000ms}) {
            QCOMPARE(orders(), QStringList({u"+a"_s}));
            m_plan.ended(u"a"_s, now());
            QCOMPARE(orders(), QStringList());
            QCOMPARE(m_plan.dueIn(now()), std::optional(delay));
            m_clock.advance(delay - 1ms);
            QCOMPARE(orders(), QStringList());
            m_clock.advance(1ms);
        }
        QCOMPARE(m_plan.find(u"a"_s)->restarts, 7);
    }

    void fiveDeathsInARowAreTroubleUntilHealthy()
    {
        begin({service(u"a"_s)}, State::Wake);
        for (int i = 0; i < 5; ++i) {
            QVERIFY(!m_plan.isTroubled(*m_plan.find(u"a"_s), now()));
            QCOMPARE(orders(), QStringList({u"+a"_s}));
            m_plan.ended(u"a"_s, now());
            m_clock.advance(60s);
        }
        QVERIFY(m_plan.isTroubled(*m_plan.find(u"a"_s), now()));
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        m_plan.becameReady(u"a"_s);
        m_clock.advance(5min - 1ms);
        QCOMPARE(orders(), QStringList());
        QVERIFY(m_plan.isTroubled(*m_plan.find(u"a"_s), now()));
        QCOMPARE(m_plan.dueIn(now()), std::optional(1ms));
        m_clock.advance(1ms);
        QCOMPARE(orders(), QStringList());
        QVERIFY(!m_plan.isTroubled(*m_plan.find(u"a"_s), now()));
    }

    /// Time goes on between the look for orders and the question when to look again.
    void aRetryThatFallsInBetweenIsNotLost()
    {
        begin({service(u"a"_s)}, State::Wake);
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        m_plan.ended(u"a"_s, now());
        m_clock.advance(999ms);
        QCOMPARE(orders(), QStringList());
        m_clock.advance(2ms);
        QCOMPARE(m_plan.dueIn(now()), std::optional(0ms));
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        m_plan.becameReady(u"a"_s);
        m_clock.advance(5min);
        QCOMPARE(orders(), QStringList());
        QCOMPARE(m_plan.dueIn(now()), std::nullopt); // nothing that has been looked at is due again and again
    }

    void aWakeDoesNotWaitForTheNextTry()
    {
        wake({service(u"a"_s)});
        m_plan.ended(u"a"_s, now());
        m_plan.setState(State::Sleep, now());
        QCOMPARE(orders(), QStringList());
        m_plan.setState(State::Wake, now());
        QCOMPARE(orders(), QStringList({u"+a"_s}));
    }

    void whatCannotStartHoldsUpOnlyWhoAskedForIt()
    {
        begin({service(u"a"_s), service(u"b"_s), service(u"c"_s, State::Hibernation, QStringList({u"a"_s}))}, State::Wake);
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(orders(), QStringList({u"+a"_s}));
            m_plan.ended(u"a"_s, now());
            m_clock.advance(60s);
        }
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        m_plan.ended(u"a"_s, now());
        QCOMPARE(orders(), QStringList({u"+b"_s}));
    }

    void neverReadyIsTrouble()
    {
        begin({service(u"a"_s), service(u"b"_s)}, State::Wake);
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        QVERIFY(!m_plan.isAllReady());
        m_clock.advance(5min);
        QVERIFY(m_plan.isTroubled(*m_plan.find(u"a"_s), now()));
        QCOMPARE(orders(), QStringList({u"+b"_s}));
    }

    void aHandStopsUntilTheNextWake()
    {
        wake({service(u"a"_s), service(u"b"_s)});
        m_plan.stop(u"a"_s);
        QCOMPARE(orders(), QStringList({u"-a"_s}));
        m_plan.ended(u"a"_s, now());
        m_clock.advance(1h);
        QCOMPARE(orders(), QStringList());
        QVERIFY(m_plan.isAllReady()); // nobody wants it
        m_plan.setState(State::Drowsy, now());
        QCOMPARE(orders(), QStringList());
        m_plan.setState(State::Wake, now());
        QCOMPARE(orders(), QStringList({u"+a"_s}));
    }

    void aHandStartsInAnyState()
    {
        begin({service(u"a"_s)}, State::Hibernation);
        QCOMPARE(orders(), QStringList());
        m_plan.start(u"a"_s);
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        m_plan.setState(State::Wake, now());
        m_plan.setState(State::Hibernation, now());
        QCOMPARE(orders(), QStringList({u"-a"_s}));
    }

    void restartStopsFirst()
    {
        wake({service(u"a"_s), service(u"b"_s)});
        m_plan.restart(u"a"_s);
        QCOMPARE(orders(), QStringList({u"-a"_s}));
        QVERIFY(!m_plan.isAllReady());
        QCOMPARE(orders(), QStringList());
        m_plan.ended(u"a"_s, now());
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        QCOMPARE(m_plan.find(u"a"_s)->restarts, 0);
    }

    void leftAloneIsNeitherStartedNorStopped()
    {
        wake({service(u"a"_s), service(u"b"_s)});
        m_plan.leaveAlone(u"a"_s);
        m_plan.setState(State::Hibernation, now());
        settle();
        QCOMPARE(running(), QStringList({u"a"_s}));
        QVERIFY(m_plan.isSettledDown());
        m_plan.end();
        settle();
        QCOMPARE(running(), QStringList({u"a"_s}));
    }

    void leftAloneStaysDownAndHoldsNobodyUp()
    {
        m_plan.configure({service(u"a"_s), service(u"b"_s)}, {u"a"_s});
        m_plan.setState(State::Wake, now());
        QCOMPARE(orders(), QStringList({u"+b"_s}));
        m_plan.start(u"a"_s);
        QCOMPARE(orders(), QStringList({u"+a"_s}));
    }

    void whatIsNoLongerConfiguredIsStoppedBeforeAnythingStarts()
    {
        wake({service(u"old"_s), service(u"kept"_s)});
        m_plan.configure({service(u"new"_s), service(u"kept"_s)}, {});
        QCOMPARE(orders(), QStringList({u"-old"_s}));
        m_plan.ended(u"old"_s, now());
        QCOMPARE(orders(), QStringList({u"+new"_s}));
        QCOMPARE(m_plan.items().size(), std::size_t(2));
    }

    void aStrangerInTheFileIsStopped()
    {
        m_plan.configure({service(u"a"_s)}, {});
        m_plan.ran(u"ghost"_s, now());
        m_plan.setState(State::Wake, now());
        QCOMPARE(orders(), QStringList({u"-ghost"_s}));
        m_plan.ended(u"ghost"_s, now());
        QCOMPARE(orders(), QStringList({u"+a"_s}));
        QVERIFY(!m_plan.find(u"ghost"_s));
    }

    void adoptedOnesAreNotStartedTwice()
    {
        m_plan.configure({service(u"a"_s), service(u"b"_s)}, {});
        m_plan.ran(u"a"_s, now());
        m_plan.setState(State::Wake, now());
        QCOMPARE(orders(), QStringList());
        m_plan.becameReady(u"a"_s);
        QCOMPARE(orders(), QStringList({u"+b"_s}));
    }

    void whatMayRunIsNotTouchedUntilItIsKnown()
    {
        m_plan.configure({service(u"a"_s), service(u"b"_s)}, {});
        m_plan.looking(u"a"_s);
        m_plan.setState(State::Hibernation, now());
        QCOMPARE(orders(), QStringList());
        QVERIFY(!m_plan.isSettledDown()); // the agent must not exit above a unit that runs
        m_plan.ran(u"a"_s, now());
        QCOMPARE(orders(), QStringList({u"-a"_s}));
    }

    void theEndStopsEverything()
    {
        wake({service(u"a"_s), service(u"b"_s)});
        m_plan.end();
        QCOMPARE(orders(), QStringList({u"-b"_s}));
        m_plan.setState(State::Drowsy, now());
        m_plan.setState(State::Wake, now());
        settle();
        QCOMPARE(running(), QStringList());
        QVERIFY(m_plan.isSettledDown());
    }

private:
    [[nodiscard]] AwakeTime now() const { return m_clock.now().awake; }
    QStringList orders() { return words(m_plan.orders(now())); }

    void begin(const std::vector<ServiceConfig> &services, State state)
    {
        m_plan.configure(services, {});
        m_plan.setState(state, now());
    }

    void wake(const std::vector<ServiceConfig> &services)
    {
        begin(services, State::Wake);
        settle();
        QVERIFY(m_plan.isAllReady());
    }

    /// Everything that is ordered happens at once.
    void settle()
    {
        for (std::vector<ServiceOrder> some = m_plan.orders(now()); !some.empty(); some = m_plan.orders(now())) {
            for (const ServiceOrder &order : some) {
                if (order.kind == ServiceOrder::Kind::Stop) {
                    m_plan.ended(order.name, now());
                } else {
                    m_plan.ran(order.name, now());
                    m_plan.becameReady(order.name);
                }
            }
        }
        for (const ServicePlan::Item &item : m_plan.items()) { // those that were under way before
            if (item.phase == ServicePhase::Stopping) {
                m_plan.ended(item.name, now());
                return settle();
            }
        }
    }

    QStringList running()
    {
        QStringList names;
        for (const ServicePlan::Item &item : m_plan.items()) {
            if (item.isRunning())
                names.append(item.name);
        }
        return names;
    }

    FakeClock m_clock;
    ServicePlan m_plan;
};

QTEST_GUILESS_MAIN(TestServicePlan)
#include "tst_serviceplan.moc"
