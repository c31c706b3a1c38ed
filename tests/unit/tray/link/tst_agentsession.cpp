// SPDX-License-Identifier: MIT
#include "tray/link/agentsession.h"

#include "shared/records/timestamp.h"
#include "tests/unit/tray/link/fakeagent.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace dormouse;

/// An icon must not lie for ever, nor ask all the time: when a connected agent is asked for a sign of life by itself.
class AgentSessionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void asksSeldomWhileNothingIsDue();
    void asksOnceWhatIsOverdue();
    void asksNotWhatIsToldInTime();
    void tellsSilence();
    void isSilentWhileClosed();

private:
    void open(const SessionPace &pace);
    [[nodiscard]] QJsonObject snapshotDueIn(Millis delay) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemClock m_clock;
    std::unique_ptr<FakeAgent> m_agent;
    std::unique_ptr<AgentSession> m_session;
    std::unique_ptr<QSignalSpy> m_snapshots;
};

void AgentSessionTest::init()
{
    m_session.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_agent = std::make_unique<FakeAgent>(RootPaths{m_folder->path()});
    QVERIFY(m_agent->listen());
}

void AgentSessionTest::open(const SessionPace &pace)
{
    m_session = std::make_unique<AgentSession>(RootPaths{m_folder->path()}.socket(), m_clock, pace);
    m_snapshots = std::make_unique<QSignalSpy>(m_session.get(), &AgentSession::snapshotArrived);
    m_session->open();
    QTRY_VERIFY(m_session->isAnswering());
}

QJsonObject AgentSessionTest::snapshotDueIn(Millis delay) const
{
    QJsonObject snapshot = plainSnapshot(State::Wake);
    snapshot.insert(u"next"_s, QJsonObject{{u"state"_s, u"DROWSY"_s}, {u"at"_s, formatTimestamp(m_clock.now().wall + delay)}});
    return snapshot;
}

void AgentSessionTest::asksSeldomWhileNothingIsDue()
{
    open({.silence = 2s, .checkPeriod = 1s, .checkPause = 100ms, .transitionSlack = 100ms});
    QTRY_COMPARE_WITH_TIMEOUT(m_agent->count(u"status"_s), 1, 5000);
    QTRY_COMPARE(m_snapshots->size(), 2); // what it says is news
    QTRY_COMPARE_WITH_TIMEOUT(m_agent->count(u"status"_s), 2, 5000);
}

void AgentSessionTest::asksOnceWhatIsOverdue()
{
    m_agent->snapshot = snapshotDueIn(500ms);
    open({.silence = 2s, .checkPeriod = 1min, .checkPause = 1s, .transitionSlack = 1s});
    QCOMPARE(m_agent->count(u"status"_s), 0);
    QTRY_COMPARE_WITH_TIMEOUT(m_agent->count(u"status"_s), 1, 5000);
    QTRY_COMPARE(m_snapshots->size(), 2);
    QVERIFY(!m_snapshots->wait(3000)); // it still says the same: that is believed, until the period is over
    QCOMPARE(m_agent->count(u"status"_s), 1);
}

void AgentSessionTest::asksNotWhatIsToldInTime()
{
    m_agent->snapshot = snapshotDueIn(0ms);
    open({.silence = 2s, .checkPeriod = 1min, .checkPause = 1s, .transitionSlack = 2s});
    m_agent->tell(plainSnapshot(State::Drowsy));
    QTRY_COMPARE(m_snapshots->size(), 2);
    QVERIFY(!m_snapshots->wait(4000));
    QCOMPARE(m_agent->count(u"status"_s), 0);
}

void AgentSessionTest::tellsSilence()
{
    open({.silence = 200ms, .checkPeriod = 1s, .checkPause = 100ms, .transitionSlack = 100ms});
    m_agent->reply = [](const QJsonObject &) { return QByteArray(); };
    QSignalSpy silent(m_session.get(), &AgentSession::silent);
    QTRY_COMPARE_WITH_TIMEOUT(silent.size(), 1, 5000);
    QVERIFY(!m_session->isAnswering());
    QVERIFY(!silent.wait(3000)); // not asked again: it will answer once it goes on
    QCOMPARE(m_agent->count(u"status"_s), 1);
    m_agent->say(m_agent->usualReply(m_agent->requests.last()));
    QTRY_VERIFY(m_session->isAnswering());
}

void AgentSessionTest::isSilentWhileClosed()
{
    open({.silence = 200ms, .checkPeriod = 1s, .checkPause = 100ms, .transitionSlack = 100ms});
    QSignalSpy silent(m_session.get(), &AgentSession::silent);
    QSignalSpy ended(m_session.get(), &AgentSession::ended);
    m_session->check();
    m_session->close();
    QVERIFY(!ended.wait(1500));
    QVERIFY(silent.isEmpty());
    m_session->check();
    QVERIFY(!m_session->isOpen());
    const qsizetype before = m_snapshots->size();
    m_session->open();
    QTRY_COMPARE(m_snapshots->size(), before + 1);
}

QTEST_GUILESS_MAIN(AgentSessionTest)
#include "tst_agentsession.moc"
