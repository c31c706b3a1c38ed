// SPDX-License-Identifier: MIT
#include "agent/act/services/serviceplan.h"

#include "tests/support/fakeclock.h"
#include "tests/unit/act/services/servicetest.h"

#include <QtTest>

#include <map>
#include <random>

using namespace dormouse;
using namespace dormouse::test;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

const QStringList kNames{u"a"_s, u"b"_s, u"c"_s, u"d"_s};

/// Services that take their time, die when they like, and notice when somebody starts them twice.
class World
{
public:
    explicit World(unsigned seed) : m_random(seed) {}

    void begin()
    {
        const std::array stops{State::Drowsy, State::Sleep, State::Hibernation};
        std::vector<ServiceConfig> services;
        for (int i = 0; i < kNames.size(); ++i) {
            std::optional<QStringList> after;
            if (pick(3) == 0)
                after = QStringList(kNames.mid(0, pick(i + 1)));
            services.push_back(service(kNames[i], stops[std::size_t(pick(3))], after));
            m_stopIn[kNames[i]] = services.back().stopIn;
        }
        m_plan.configure(services, {});
        for (const QString &name : kNames) { // some live from before
            if (pick(4) == 0) {
                m_processes[name].phase = Phase::Up;
                m_plan.ran(name, now());
            }
        }
    }

    void step()
    {
        const QString name = kNames[pick(int(kNames.size()))];
        switch (pick(14)) {
        case 0:
        case 1:
        case 2: setState(kAllStates[std::size_t(pick(4))]); break;
        case 3:
            m_plan.start(name);
            m_byHand[name] = true;
            m_leftAlone.remove(name);
            break;
        case 4:
            m_plan.stop(name);
            m_byHand[name] = false;
            m_leftAlone.remove(name);
            break;
        case 5:
            m_plan.restart(name);
            m_byHand[name] = true;
            m_leftAlone.remove(name);
            break;
        case 6:
            if (pick(3) == 0) {
                m_plan.leaveAlone(name);
                m_leftAlone.insert(name);
                m_byHand.erase(name);
            }
            break;
        case 7: die(name); break;
        default: pass(name); break;
        }
        m_clock.advance(Millis(pick(3000)));
        if (pick(4) != 0) // orders are looked for late, too
            carryOut();
    }

    /// No more wishes and no more deaths: everything that is under way comes to its end.
    void settle()
    {
        for (int i = 0; i < 200; ++i) {
            carryOut();
            for (const QString &name : kNames)
                pass(name);
            m_clock.advance(10s);
        }
    }

    /// "" or what is wrong.
    QString wrong()
    {
        if (!m_trouble.isEmpty())
            return m_trouble;
        for (const QString &name : kNames) {
            const bool isUp = m_processes[name].phase == Phase::Ready;
            if (m_leftAlone.contains(name))
                continue;
            const bool isAsItWas = !m_byHand.contains(name) && m_state && *m_state != State::Wake && *m_state < m_stopIn[name];
            const bool isWanted = m_byHand.contains(name) ? m_byHand[name] : m_state == State::Wake;
            if (!isAsItWas && m_state && isUp != isWanted)
                return name + (isUp ? u" runs, and nobody wants it"_s : u" does not run, and is wanted"_s);
            if (isAsItWas && !isUp && m_processes[name].phase != Phase::Down)
                return name + u" hangs"_s;
        }
        if (m_state == State::Wake && !m_plan.isAllReady())
            return u"not all are ready"_s;
        if (!m_plan.isSettledDown())
            return u"not settled"_s;
        return {};
    }

private:
    enum class Phase { Down, Starting, Up, Ready, Ending };
    struct Process {
        Phase phase = Phase::Down;
    };

    int pick(int count) { return int(m_random() % unsigned(count)); }
    [[nodiscard]] AwakeTime now() const { return m_clock.now().awake; }

    void setState(State state)
    {
        m_plan.setState(state, now());
        if (m_state == state)
            return;
        m_state = state;
        std::erase_if(m_byHand, [state](const auto &wish) { return wish.second || state == State::Wake; });
    }

    void carryOut()
    {
        for (const ServiceOrder &order : m_plan.orders(now())) {
            Process &process = m_processes[order.name];
            if (order.kind == ServiceOrder::Kind::Start) {
                if (process.phase != Phase::Down)
                    m_trouble = u"a second instance of "_s + order.name;
                process.phase = Phase::Starting;
            } else {
                if (process.phase == Phase::Down || process.phase == Phase::Ending)
                    m_trouble = u"a stop of what does not run: "_s + order.name;
                if (m_leftAlone.contains(order.name))
                    m_trouble = u"a stop of what is left alone: "_s + order.name;
                process.phase = Phase::Ending;
            }
        }
    }

    /// A service gets on by one step.
    void pass(const QString &name)
    {
        Process &process = m_processes[name];
        switch (process.phase) {
        case Phase::Down:
        case Phase::Ready: break;
        case Phase::Starting:
            process.phase = Phase::Up;
            m_plan.ran(name, now());
            break;
        case Phase::Up:
            process.phase = Phase::Ready;
            m_plan.becameReady(name);
            break;
        case Phase::Ending:
            process.phase = Phase::Down;
            m_plan.ended(name, now());
            break;
        }
    }

    void die(const QString &name)
    {
        if (m_processes[name].phase == Phase::Down)
            return;
        m_processes[name].phase = Phase::Down;
        m_plan.ended(name, now());
    }

    std::mt19937 m_random;
    FakeClock m_clock;
    ServicePlan m_plan;
    std::optional<State> m_state;
    std::map<QString, Process> m_processes;
    std::map<QString, State> m_stopIn;
    std::map<QString, bool> m_byHand;
    QSet<QString> m_leftAlone;
    QString m_trouble;
};

} // namespace

/// Wishes come at any moment, and things end when they like: nothing may be started twice, no wake may be lost, nothing may hang.
class TestServicePlanRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyInterleavingEndsWhereTheLastWishPoints()
    {
        for (unsigned seed = 1; seed <= 1000; ++seed) {
            World world(seed);
            world.begin();
            const int steps = 5 + int(seed % 60);
            for (int i = 0; i < steps; ++i)
                world.step();
            world.settle();
            const QString wrong = world.wrong();
            QVERIFY2(wrong.isEmpty(), qPrintable(u"seed %1: %2"_s.arg(seed).arg(wrong)));
        }
    }
};

QTEST_GUILESS_MAIN(TestServicePlanRandom)
#include "tst_serviceplan_random.moc"
