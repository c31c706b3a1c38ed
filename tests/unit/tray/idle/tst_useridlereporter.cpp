// SPDX-License-Identifier: MIT
#include "shared/base/defaults.h"
#include "tests/support/fakeclock.h"
#include "tray/idle/useridlereporter.h"

#include <QSignalSpy>
#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Answers at once.
class FakeSource final : public IdleSource
{
    Q_OBJECT

public:
    FakeSource(std::optional<Millis> &idle, int &alive) : m_idle(idle), m_alive(alive) { ++m_alive; }
    ~FakeSource() override { --m_alive; }
    Q_DISABLE_COPY_MOVE(FakeSource)
    void ask() override
    {
        UserIdleness idleness;
        idleness.idle = m_idle;
        Q_EMIT answered(idleness);
    }

private:
    std::optional<Millis> &m_idle;
    int &m_alive;
};

AgentPicture pictured(State state, const QStringList &sources, const QString &startedAt = u"2024-05-01T10:00:00Z"_s)
{
    AgentPicture picture;
    picture.link = LinkState::Connected;
    picture.snapshot = Snapshot();
    picture.snapshot->state = state;
    picture.snapshot->pid = 4711;
    picture.snapshot->daemonStartedAt = startedAt;
    picture.snapshot->idleSources = sources;
    return picture;
}

const ReportPace kPace;

} // namespace

/// An agent outside the desktop must not sleep under its user's hands; one that sees by itself must not be bothered, nor the tray be woken for it.
class TestUserIdleReporter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_reporter.reset(); }
    void reportsToAnAgentThatSeesNobody_data();
    void reportsToAnAgentThatSeesNobody();
    void isStillWhereNobodyWantsToKnow_data();
    void isStillWhereNobodyWantsToKnow();
    void leavesAnAgentTimeToSeeByItself();
    void reportsOnAtItsPeriodOnly();
    void keepsThePeriodOverALostLink();
    void reportsToANewAgentAtOnce();
    void saysOnceThatItKnowsNoMore();
    void asksLessOftenWhileItKnowsNothing();
    void staysWithinWhatTheAgentGrants();

private:
    /// How long until it asks its source, if it will.
    [[nodiscard]] std::optional<Millis> wait() const
    {
        return timer()->isActive() ? std::optional<Millis>(timer()->intervalAsDuration()) : std::nullopt;
    }
    [[nodiscard]] QTimer *timer() const { return m_reporter->findChild<QTimer *>(); }
    /// The time has come.
    void elapse()
    {
        m_clock.advance(timer()->intervalAsDuration());
        QSignalSpy fired(timer(), &QTimer::timeout);
        timer()->start(0);
        QVERIFY(fired.wait());
    }
    void follow(const AgentPicture &picture) { m_reporter->follow(picture); }

    FakeClock m_clock;
    std::optional<Millis> m_idle;
    int m_alive = 0;
    QList<QJsonObject> m_sent;
    std::unique_ptr<UserIdleReporter> m_reporter;
};

void TestUserIdleReporter::init()
{
    m_clock = FakeClock();
    m_idle = 1500ms;
    m_sent.clear();
    m_reporter = std::make_unique<UserIdleReporter>(
        m_clock, [this](const QJsonObject &message) { m_sent.append(message); },
        [this] { return std::make_unique<FakeSource>(m_idle, m_alive); });
}

void TestUserIdleReporter::reportsToAnAgentThatSeesNobody_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<QStringList>("sources");
    QTest::newRow("WAKE") << State::Wake << QStringList();
    QTest::newRow("DROWSY") << State::Drowsy << QStringList();
    QTest::newRow("SLEEP") << State::Sleep << QStringList();
    QTest::newRow("knows it from the tray") << State::Wake << QStringList(u"tray"_s);
}

void TestUserIdleReporter::reportsToAnAgentThatSeesNobody()
{
    QFETCH(State, state);
    QFETCH(QStringList, sources);
    follow(pictured(state, sources));
    elapse();
    QCOMPARE(m_sent, QList<QJsonObject>({{{"type"_L1, "user_idle"_L1}, {"seconds"_L1, 1.5}}}));
}

void TestUserIdleReporter::isStillWhereNobodyWantsToKnow_data()
{
    QTest::addColumn<AgentPicture>("picture");
    AgentPicture other;
    QTest::newRow("searching") << other;
    other.link = LinkState::Absent;
    QTest::newRow("no agent") << other;
    other = pictured(State::Wake, {});
    other.link = LinkState::Frozen;
    QTest::newRow("a frozen agent") << other;
    other = {};
    other.link = LinkState::Broken;
    QTest::newRow("no agent that we understand") << other;
    QTest::newRow("a lingering agent in HIBERNATION") << pictured(State::Hibernation, {});
    QTest::newRow("it sees by itself") << pictured(State::Wake, {u"x11"_s});
    QTest::newRow("it sees by itself as well") << pictured(State::Wake, {u"x11"_s, u"tray"_s});
}

void TestUserIdleReporter::isStillWhereNobodyWantsToKnow()
{
    QFETCH(AgentPicture, picture);
    follow(picture);
    QCOMPARE(wait(), std::nullopt);
    QCOMPARE(m_alive, 0);
    follow(pictured(State::Drowsy, {}));
    elapse();
    QCOMPARE(m_alive, 1);
    QCOMPARE(m_sent.size(), 1);
    follow(picture); // it has become so
    QCOMPARE(wait(), std::nullopt);
    QCOMPARE(m_alive, 0); // a source of our own might be woken by its display
    QCOMPARE(m_sent.size(), 1);
}

/// It has not asked its own sources yet when the link comes.
void TestUserIdleReporter::leavesAnAgentTimeToSeeByItself()
{
    follow(pictured(State::Wake, {}));
    QCOMPARE(wait(), std::optional(kPace.settle));
    QVERIFY(kPace.settle > defaults::kIdleStartDelay + defaults::kIdleAnswerLimit);
    QCOMPARE(m_alive, 0);
    follow(pictured(State::Wake, {u"mutter"_s}));
    QCOMPARE(wait(), std::nullopt);
}

void TestUserIdleReporter::reportsOnAtItsPeriodOnly()
{
    follow(pictured(State::Wake, {}));
    elapse();
    follow(pictured(State::Wake, {u"tray"_s})); // what our word changed
    follow(pictured(State::Drowsy, {u"tray"_s}));
    QCOMPARE(wait(), std::optional(kPace.period));
    m_idle = 65s;
    elapse();
    QCOMPARE(m_sent.size(), 2);
    QCOMPARE(m_sent.last().value("seconds"_L1).toDouble(), 65.0);
    QCOMPARE(wait(), std::optional(kPace.period));
}

void TestUserIdleReporter::keepsThePeriodOverALostLink()
{
    follow(pictured(State::Wake, {}));
    elapse();
    AgentPicture frozen = pictured(State::Wake, {u"tray"_s});
    frozen.link = LinkState::Frozen;
    for (int i = 0; i < 5; ++i) {
        m_clock.advance(4s);
        follow(frozen);
        follow(pictured(State::Wake, {u"tray"_s}));
    }
    QCOMPARE(wait(), std::optional<Millis>(kPace.period - 20s));
    follow(frozen);
    m_clock.advance(1h);
    follow(pictured(State::Wake, {}));
    QCOMPARE(wait(), std::optional(kPace.settle));
}

/// A restart that is quicker than the link notices leaves no other trace than when the agent began.
void TestUserIdleReporter::reportsToANewAgentAtOnce()
{
    follow(pictured(State::Wake, {}));
    elapse();
    follow(pictured(State::Wake, {}, u"2024-05-01T10:00:09Z"_s));
    QCOMPARE(wait(), std::optional(kPace.settle));
    elapse();
    QCOMPARE(m_sent.size(), 2);
}

void TestUserIdleReporter::saysOnceThatItKnowsNoMore()
{
    follow(pictured(State::Wake, {}));
    elapse();
    m_idle.reset();
    elapse();
    elapse();
    QCOMPARE(m_sent.size(), 2);
    QVERIFY(m_sent.last().value("seconds"_L1).isNull());
    m_idle = 2s;
    elapse();
    QCOMPARE(m_sent.size(), 3);
    QCOMPARE(m_sent.last().value("seconds"_L1).toDouble(), 2.0);
    QCOMPARE(wait(), std::optional(kPace.period));
}

void TestUserIdleReporter::asksLessOftenWhileItKnowsNothing()
{
    m_idle.reset();
    follow(pictured(State::Wake, {}));
    elapse();
    QList<Millis> waits;
    for (int i = 0; i < 6; ++i) {
        waits.append(*wait());
        elapse();
    }
    QCOMPARE(waits, QList<Millis>({2 * kPace.period, 4 * kPace.period, 8 * kPace.period, 16 * kPace.period, 16 * kPace.period,
                                   16 * kPace.period}));
    QCOMPARE(m_sent, QList<QJsonObject>());
}

/// Coarse timers are up to 5 % early or late, and a source may take its time.
void TestUserIdleReporter::staysWithinWhatTheAgentGrants()
{
    QVERIFY(kPace.period * 95 / 100 >= 60s);
    QVERIFY(kPace.period * 105 / 100 + defaults::kIdleAnswerLimit < defaults::kUserIdleValid);
}

QTEST_GUILESS_MAIN(TestUserIdleReporter)
#include "tst_useridlereporter.moc"
