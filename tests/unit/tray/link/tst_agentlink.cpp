// SPDX-License-Identifier: MIT
#include "tests/unit/tray/link/linkfixture.h"

#include <QAbstractEventDispatcher>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QSignalSpy>
#include <QtTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace dormouse;

/// An agent that comes, changes, restarts and goes: what the icon is told, when, and at what cost.
class AgentLinkTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void showsARunningAgent();
    void showsAChangeAtOnce();
    void neverConnectsWithoutALiveAgent();
    void showsTheRecordOfAnAbsentAgent();
    void noticesAnAgentThatComes();
    void noticesARootThatComesWithItsAgent();
    void noticesAnAgentInAReplacedRoot();
    void restartsWithoutABlink();
    void tellsAHibernationAtOnce();
    void tellsALossAfterTheGrace();
    void survivesAnAgentThatComesSlowly();
    void isIdleWhileConnected();
    void isIdleWithoutAnAgent();
    void tellsOnceATurn();

private:
    std::unique_ptr<LinkFixture> m;
    std::unique_ptr<FakeAgent> m_agent;
};

namespace {

/// How often the program woke up within `span`, that of the measurement's own end included.
int wakeUpsWithin(Millis span)
{
    int count = 0;
    QEventLoop loop;
    const auto counting =
        QObject::connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, [&count] { ++count; });
    QTimer::singleShot(span, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
    QObject::disconnect(counting);
    return count;
}

} // namespace

void AgentLinkTest::init()
{
    m = std::make_unique<LinkFixture>();
    QVERIFY(m->isReady);
    m_agent = std::make_unique<FakeAgent>(m->paths);
}

void AgentLinkTest::cleanup()
{
    m->link.reset();
    m_agent.reset();
    m.reset();
}

void AgentLinkTest::showsARunningAgent()
{
    QVERIFY(m_agent->start());
    m->startLink();
    QCOMPARE(m->state(), LinkState::Searching);
    QTRY_VERIFY(m->isShown(State::Wake));
    QCOMPARE(m->link->picture().snapshot->pid, 4711);
    QTRY_COMPARE(m->told, QList<LinkState>{LinkState::Connected}); // nothing wrong was shown on the way
    QCOMPARE(m_agent->requests, (QList<QJsonObject>{{{u"type"_s, u"subscribe"_s}}}));
}

void AgentLinkTest::showsAChangeAtOnce()
{
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    QSignalSpy changed(m->link.get(), &AgentLink::pictureChanged);
    QElapsedTimer since;
    since.start();
    m_agent->tell(plainSnapshot(State::Drowsy));
    QVERIFY(changed.wait(1000));
    QVERIFY2(since.elapsed() < 50, qPrintable(QString::number(since.elapsed()))); // half of what the icon as a whole may take
    QVERIFY(m->isShown(State::Drowsy));
}

void AgentLinkTest::neverConnectsWithoutALiveAgent()
{
    // As a service manager's socket is: connecting would start an agent.
    QVERIFY(m_agent->listen());
    QVERIFY(m->writeRecord(State::Hibernation));
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    QFile lock(m->paths.agentLock());
    QVERIFY(lock.open(QIODevice::WriteOnly));
    lock.write("999999999\ndormouse-agent\n" + QSysInfo::machineHostName().toUtf8() + "\n\n\n");
    lock.close();
    m->link->check();
    QVERIFY(m->writeRecord(State::Sleep)); // makes it look
    QTRY_VERIFY(m->link->picture().record->state == State::Sleep);
    QCOMPARE(m_agent->connectionCount, 0);
}

void AgentLinkTest::showsTheRecordOfAnAbsentAgent()
{
    m->startLink();
    QTRY_COMPARE(m->told, QList<LinkState>{LinkState::Absent});
    QVERIFY(!m->link->picture().record);
    QVERIFY(m->writeRecord(State::Hibernation));
    QTRY_VERIFY(m->link->picture().record);
    QVERIFY(m->link->picture().record->state == State::Hibernation);
    QVERIFY(m->writeRecord(State::Wake)); // another writer of the root, while there is no agent
    QTRY_VERIFY(m->link->picture().record->state == State::Wake);
}

void AgentLinkTest::noticesAnAgentThatComes()
{
    m->startLink();
    QTRY_COMPARE(m->told, QList<LinkState>{LinkState::Absent});
    QVERIFY(m_agent->start());
    QTRY_VERIFY(m->isShown(State::Wake));
    QTRY_COMPARE(m->told, (QList<LinkState>{LinkState::Absent, LinkState::Connected}));
    QVERIFY(!m->link->picture().record);
}

void AgentLinkTest::noticesARootThatComesWithItsAgent()
{
    QVERIFY(QDir(m->paths.root).removeRecursively());
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    QVERIFY(prepareRoot(m->paths));
    QVERIFY(m_agent->start());
    QTRY_VERIFY(m->isShown(State::Wake));
}

void AgentLinkTest::noticesAnAgentInAReplacedRoot()
{
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    QVERIFY(QDir().rename(m->paths.root, m->folder.filePath(u"old"_s)));
    QVERIFY(prepareRoot(m->paths));
    QVERIFY(m_agent->start());
    QTRY_VERIFY(m->isShown(State::Wake));
}

void AgentLinkTest::restartsWithoutABlink()
{
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    m_agent->leave();
    FakeAgent next(m->paths);
    next.snapshot = plainSnapshot(State::Wake, 4712);
    QTimer::singleShot(150, &next, [&next] { QVERIFY(next.start()); });
    QTRY_COMPARE(m->link->picture().snapshot ? m->link->picture().snapshot->pid : 0, 4712);
    QVERIFY(!m->told.contains(LinkState::Absent));
    QVERIFY(!m->told.contains(LinkState::Frozen));
    m->link.reset();
}

void AgentLinkTest::tellsAHibernationAtOnce()
{
    m_agent->snapshot = plainSnapshot(State::Hibernation);
    QVERIFY(m->writeRecord(State::Hibernation));
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_VERIFY(m->isShown(State::Hibernation));
    QElapsedTimer since;
    since.start();
    m_agent->leave();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    QVERIFY2(since.elapsed() < 250, qPrintable(QString::number(since.elapsed())));
    QVERIFY(m->link->picture().record->state == State::Hibernation);
    QVERIFY(!m->link->picture().snapshot);
}

void AgentLinkTest::tellsALossAfterTheGrace()
{
    QVERIFY(m->writeRecord(State::Wake));
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    QElapsedTimer since;
    since.start();
    m_agent->leave();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    QVERIFY2(since.elapsed() >= 250 && since.elapsed() < 1500, qPrintable(QString::number(since.elapsed())));
    QVERIFY(m->link->picture().record->state == State::Wake);
}

void AgentLinkTest::survivesAnAgentThatComesSlowly()
{
    QVERIFY(m->writeRecord(State::Hibernation));
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    QVERIFY(m_agent->lock());
    QTRY_COMPARE_WITH_TIMEOUT(m->state(), LinkState::Frozen, 4000); // it lives, and says nothing
    QVERIFY(m->link->picture().trouble.contains(QString::number(QCoreApplication::applicationPid())));
    QVERIFY(!m->link->picture().record);
    QElapsedTimer since;
    since.start();
    QVERIFY(m_agent->listen());
    QTRY_VERIFY(m->isShown(State::Wake));
    QVERIFY2(since.elapsed() < 500, qPrintable(QString::number(since.elapsed()))); // not only when the back-off is over
    QVERIFY(m->link->picture().trouble.isEmpty());
}

void AgentLinkTest::isIdleWhileConnected()
{
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    // The agent's own writes must not wake the tray.
    QTimer writes;
    int written = 0;
    connect(&writes, &QTimer::timeout, this, [this, &written] { written += m->writeRecord(State::Wake) ? 1 : 0; });
    wakeUpsWithin(400ms); // lets what has just happened settle
    writes.start(500);
    const int woken = wakeUpsWithin(3s);
    QVERIFY(written >= 4);
    QVERIFY2(woken - written <= 3, qPrintable(u"%1 wake-ups, %2 of them this test's"_s.arg(woken).arg(written)));
}

void AgentLinkTest::isIdleWithoutAnAgent()
{
    QVERIFY(m->writeRecord(State::Hibernation));
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    wakeUpsWithin(400ms);
    const int woken = wakeUpsWithin(3s);
    QVERIFY2(woken <= 3, qPrintable(QString::number(woken)));
}

void AgentLinkTest::tellsOnceATurn()
{
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    m->told.clear();
    QByteArray many;
    for (int i = 0; i < 50; ++i) {
        m_agent->snapshot = plainSnapshot(i % 2 == 0 ? State::Drowsy : State::Wake, i);
        many += m_agent->event();
    }
    m_agent->say(many);
    QTRY_COMPARE(m->link->picture().snapshot->pid, 49);
    QTRY_VERIFY(!m->told.isEmpty());
    QVERIFY2(m->told.size() <= 5, qPrintable(QString::number(m->told.size())));
    // A snapshot that says nothing new is not told.
    m->told.clear();
    m_agent->say(m_agent->event());
    m_agent->say(R"({"event":"snapshot","state":"DROWSY","pid":50})"
                 "\n");
    QTRY_COMPARE(m->told.size(), 1);
    QVERIFY(m->isShown(State::Drowsy));
}

QTEST_GUILESS_MAIN(AgentLinkTest)
#include "tst_agentlink.moc"
