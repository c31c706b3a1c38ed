// SPDX-License-Identifier: MIT
#include "tests/unit/tray/link/linkfixture.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QtTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace dormouse;

/// The link and the real agent: killed, stopped, hibernated, woken.
class AgentLinkAgentTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void followsIt();
    void showsThatItWasKilled();
    void showsThatItIsFrozen();
    void wakesItFromHibernation();
    void startsOneWhereThereNeverWasOne();

private:
    void startAgent(const QStringList &more = {});
    void kill(int signal) const { QCOMPARE(::kill(static_cast<pid_t>(m_agent->processId()), signal), 0); }
    void startLink();
    /// Sends a request whose success the test needs.
    void command(const QString &type);
    [[nodiscard]] static QString program() { return qEnvironmentVariable("DORMOUSE_BIN") + u"/dormouse-agent"_s; }

    std::unique_ptr<LinkFixture> m;
    std::unique_ptr<QProcess> m_agent;
    bool m_isLaunched = false; ///< by the link, so that nobody else ends it
};

void AgentLinkAgentTest::init()
{
    QVERIFY2(QFileInfo(program()).isExecutable(), qPrintable(program()));
    m = std::make_unique<LinkFixture>();
    QVERIFY(m->isReady);
    m_isLaunched = false;
}

void AgentLinkAgentTest::cleanup()
{
    if (m_isLaunched && m->link && m->link->picture().snapshot) {
        const qint64 pid = m->link->picture().snapshot->pid;
        m->link->request({{u"type"_s, u"stop"_s}}, nullptr, [](const Result<QJsonObject> &) {});
        QTRY_VERIFY(::kill(static_cast<pid_t>(pid), 0) != 0);
    }
    m->link.reset();
    if (m_agent && m_agent->state() != QProcess::NotRunning) {
        ::kill(static_cast<pid_t>(m_agent->processId()), SIGCONT);
        m_agent->terminate();
        QVERIFY(m_agent->waitForFinished(5000));
    }
    m_agent.reset();
    m.reset();
}

void AgentLinkAgentTest::startAgent(const QStringList &more)
{
    m_agent = std::make_unique<QProcess>();
    m_agent->setStandardErrorFile(m->folder.filePath(u"agent.log"_s));
    m_agent->start(program(), QStringList{u"--root"_s, m->paths.root} + more);
    QVERIFY(m_agent->waitForStarted());
}

void AgentLinkAgentTest::startLink()
{
    m->startLink([this] {
        return std::vector<Launcher>{{u"started directly"_s, program(), {u"--root"_s, m->paths.root}, true}};
    });
}

void AgentLinkAgentTest::command(const QString &type)
{
    QList<Result<QJsonObject>> answers;
    m->link->request({{u"type"_s, type}}, this, [&answers](const Result<QJsonObject> &answer) { answers.append(answer); });
    QTRY_COMPARE(answers.size(), 1);
    QVERIFY2(answers.first() && answers.first().value()["ok"_L1].toBool(), qPrintable(type));
}

void AgentLinkAgentTest::followsIt()
{
    startLink();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    startAgent();
    QTRY_VERIFY(m->isShown(State::Wake));
    QCOMPARE(m->link->picture().snapshot->pid, m_agent->processId());
    command(u"user_initiated_sleep"_s);
    QTRY_VERIFY(m->isShown(State::Hibernation)); // there are no clients: the cycle is over at once
    m->link->wake();
    QTRY_VERIFY(m->isShown(State::Wake));
    QTRY_VERIFY(!m->link->picture().isWaking);
    QVERIFY(m->link->picture().wakeFailure.isEmpty());
    QVERIFY(!m->told.contains(LinkState::Broken) && !m->told.contains(LinkState::Frozen));
}

void AgentLinkAgentTest::showsThatItWasKilled()
{
    startAgent();
    startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    command(u"force_wake"_s); // so that there is a record
    kill(SIGKILL);
    QElapsedTimer since;
    since.start();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    QVERIFY2(since.elapsed() < 1500, qPrintable(QString::number(since.elapsed())));
    QVERIFY(QFile::exists(m->paths.agentLock())); // it names one who is dead, which fools nobody
    QVERIFY(m->link->picture().record && m->link->picture().record->state == State::Wake);
    QTRY_COMPARE(m_agent->state(), QProcess::NotRunning);
    startAgent();
    QTRY_VERIFY(m->isShown(State::Wake));
}

void AgentLinkAgentTest::showsThatItIsFrozen()
{
    startAgent();
    startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    kill(SIGSTOP);
    m->link->check();
    QTRY_COMPARE_WITH_TIMEOUT(m->state(), LinkState::Frozen, 4000);
    QCOMPARE(m->link->picture().trouble, u"the agent (pid %1) does not answer"_s.arg(m_agent->processId()));
    kill(SIGCONT);
    QTRY_VERIFY(m->isShown(State::Wake));
    QVERIFY(m->link->picture().trouble.isEmpty());
    // A tray that starts meanwhile: the system accepts for the frozen agent, but nobody answers.
    m->link.reset();
    kill(SIGSTOP);
    startLink();
    QTRY_COMPARE_WITH_TIMEOUT(m->state(), LinkState::Frozen, 4000);
    kill(SIGKILL);
    QTRY_COMPARE(m->state(), LinkState::Absent);
}

void AgentLinkAgentTest::wakesItFromHibernation()
{
    startAgent({u"--set"_s, u"lifecycle.hibernation=exit"_s});
    startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    command(u"hibernate"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m->state(), LinkState::Absent, 15000);
    QVERIFY(m->link->picture().record && m->link->picture().record->state == State::Hibernation);
    QTRY_COMPARE(m_agent->state(), QProcess::NotRunning);
    m->told.clear();
    m_isLaunched = true;
    m->link->wake();
    QVERIFY(m->link->picture().isWaking);
    QTRY_VERIFY_WITH_TIMEOUT(m->isShown(State::Wake), 10000);
    QTRY_VERIFY(!m->link->picture().isWaking);
    QVERIFY2(m->link->picture().wakeFailure.isEmpty(), qPrintable(m->link->picture().wakeFailure));
    QVERIFY(!m->told.contains(LinkState::Frozen) && !m->told.contains(LinkState::Broken));
}

void AgentLinkAgentTest::startsOneWhereThereNeverWasOne()
{
    QVERIFY(QDir(m->paths.root).removeRecursively());
    startLink();
    QTRY_COMPARE(m->state(), LinkState::Absent);
    QVERIFY(!m->link->picture().record);
    m_isLaunched = true;
    m->link->wake();
    QTRY_VERIFY_WITH_TIMEOUT(m->isShown(State::Wake), 10000);
}

QTEST_GUILESS_MAIN(AgentLinkAgentTest)
#include "tst_agentlink_agent.moc"
