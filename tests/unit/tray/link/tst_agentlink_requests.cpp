// SPDX-License-Identifier: MIT
#include "tests/unit/tray/link/linkfixture.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QtTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace dormouse;

/// What the menu sends: each request is answered once, by its own answer or by the truth that there is none; and Wake Now.
class AgentLinkRequestsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void matchesAnswersById();
    void handsOnRefusals();
    void answersWithoutAnAgent();
    void answersForAnAgentThatDoesNot();
    void answersWhenTheConnectionDies();
    void answersWhenTheLinkGoes();
    void forgetsADeadContext();
    void wakesARunningAgent();
    void tellsThatTheAgentRefusedToWake();
    void tellsThatTheAgentDidNotAnswerAWake();
    void tellsWhyNothingCouldBeStarted();
    void startsAnAgentThatLeftJustThen();

private:
    void connectLink(AgentLink::Launchers launchers = [] { return std::vector<Launcher>(); });
    void ask(const QString &type, QObject *context);

    std::unique_ptr<LinkFixture> m;
    std::unique_ptr<FakeAgent> m_agent;
    QList<Result<QJsonObject>> m_answers;
};

void AgentLinkRequestsTest::init()
{
    m = std::make_unique<LinkFixture>();
    QVERIFY(m->isReady);
    m_agent = std::make_unique<FakeAgent>(m->paths);
}

void AgentLinkRequestsTest::cleanup()
{
    m->link.reset();
    m_agent.reset();
    m.reset();
    m_answers.clear();
}

void AgentLinkRequestsTest::connectLink(AgentLink::Launchers launchers)
{
    QVERIFY(m_agent->start());
    m->startLink(std::move(launchers));
    QTRY_COMPARE(m->state(), LinkState::Connected);
}

void AgentLinkRequestsTest::ask(const QString &type, QObject *context)
{
    m->link->request({{u"type"_s, type}}, context, [this](const Result<QJsonObject> &answer) { m_answers.append(answer); });
}

void AgentLinkRequestsTest::matchesAnswersById()
{
    connectLink();
    QByteArray late;
    m_agent->reply = [&late](const QJsonObject &request) -> QByteArray {
        const QByteArray answer = jsonLine({{u"ok"_s, true}, {u"id"_s, request["id"_L1]}, {u"for"_s, request["type"_L1]}});
        if (request["type"_L1].toString() != u"history"_s)
            return QByteArray("{\"ok\":true,\"id\":\"other\"}\n{\"ok\":true,\"id\":999}\n") + answer + late;
        late = answer;
        return QByteArray();
    };
    ask(u"history"_s, this);
    ask(u"wrappers"_s, this);
    QVERIFY(m_answers.isEmpty());
    QTRY_COMPARE(m_answers.size(), 2); // out of order, and with others' between
    QCOMPARE(m_answers.at(0).value()["for"_L1].toString(), u"wrappers"_s);
    QCOMPARE(m_answers.at(1).value()["for"_L1].toString(), u"history"_s);
    QCOMPARE(m->state(), LinkState::Connected);
}

void AgentLinkRequestsTest::handsOnRefusals()
{
    connectLink();
    m_agent->reply = [](const QJsonObject &request) {
        return jsonLine(
            {{u"ok"_s, false}, {u"id"_s, request["id"_L1]}, {u"reason"_s, u"busy"_s}, {u"error"_s, u"lease build"_s}});
    };
    ask(u"user_initiated_sleep"_s, this);
    QTRY_COMPARE(m_answers.size(), 1);
    QVERIFY(m_answers.first().ok());
    QCOMPARE(m_answers.first().value()["error"_L1].toString(), u"lease build"_s);
    QCOMPARE(m->state(), LinkState::Connected);
}

void AgentLinkRequestsTest::answersWithoutAnAgent()
{
    m->startLink();
    ask(u"wrappers"_s, this);
    QVERIFY(m_answers.isEmpty()); // never amid the call
    QTRY_COMPARE(m_answers.size(), 1);
    QCOMPARE(m_answers.first().error().code, ErrorCode::Unavailable);
}

void AgentLinkRequestsTest::answersForAnAgentThatDoesNot()
{
    connectLink();
    m_agent->reply = [](const QJsonObject &) { return QByteArray(); };
    QElapsedTimer since;
    since.start();
    ask(u"wrappers"_s, this);
    QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), 1, 7000);
    QVERIFY2(since.elapsed() >= 4500, qPrintable(QString::number(since.elapsed())));
    QCOMPARE(m_answers.first().error().code, ErrorCode::Unavailable);
    QTRY_COMPARE_WITH_TIMEOUT(m->state(), LinkState::Frozen, 4000); // it was asked for a sign of life then
    m_agent->say(m_agent->usualReply(m_agent->requests.at(1)));     // too late
    m_agent->say(m_agent->event());
    QTRY_COMPARE(m->state(), LinkState::Connected);
    QCOMPARE(m_answers.size(), 1);
}

void AgentLinkRequestsTest::answersWhenTheConnectionDies()
{
    connectLink();
    m_agent->reply = [](const QJsonObject &) { return QByteArray(); };
    ask(u"wrappers"_s, this);
    ask(u"history"_s, this);
    QTRY_COMPARE(m_agent->requests.size(), 3);
    m_agent->leave();
    QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), 2, 1000);
    QCOMPARE(m_answers.at(0).error().code, ErrorCode::Unavailable);
    QCOMPARE(m_answers.at(1).error().code, ErrorCode::Unavailable);
}

void AgentLinkRequestsTest::answersWhenTheLinkGoes()
{
    connectLink();
    m_agent->reply = [](const QJsonObject &) { return QByteArray(); };
    ask(u"wrappers"_s, this);
    m->link.reset();
    QVERIFY(m_answers.isEmpty());
    QTRY_COMPARE(m_answers.size(), 1);
    QCOMPARE(m_answers.first().error().code, ErrorCode::Unavailable);
}

void AgentLinkRequestsTest::forgetsADeadContext()
{
    connectLink();
    auto closed = std::make_unique<QObject>(); // a window that was closed meanwhile
    ask(u"wrappers"_s, closed.get());
    closed.reset();
    ask(u"history"_s, this);
    QTRY_COMPARE(m_answers.size(), 1);
    QCOMPARE(m_agent->count(u"wrappers"_s), 1);
    // The reply may end the link itself.
    m->link->request({{u"type"_s, u"why"_s}}, this, [this](const Result<QJsonObject> &) { m->link.reset(); });
    QTRY_VERIFY(!m->link);
}

void AgentLinkRequestsTest::wakesARunningAgent()
{
    m_agent->snapshot = plainSnapshot(State::Sleep);
    connectLink();
    m->link->wake();
    m->link->wake();
    QVERIFY(m->link->picture().isWaking);
    QTRY_VERIFY(!m->link->picture().isWaking);
    QCOMPARE(m_agent->count(u"force_wake"_s), 1); // two clicks are one wish
    QVERIFY(m->link->picture().wakeFailure.isEmpty());
    QVERIFY(!QFile::exists(m->paths.wakeSignal()));
}

void AgentLinkRequestsTest::tellsThatTheAgentRefusedToWake()
{
    m_agent->snapshot = plainSnapshot(State::Sleep);
    connectLink();
    m_agent->reply = [](const QJsonObject &request) {
        return jsonLine({{u"ok"_s, false},
                         {u"id"_s, request["id"_L1]},
                         {u"reason"_s, u"state_write_failed"_s},
                         {u"error"_s, u"the disk is full"_s}});
    };
    m->link->wake();
    QTRY_VERIFY(!m->link->picture().isWaking);
    QVERIFY2(m->link->picture().wakeFailure.contains(u"the disk is full"_s), qPrintable(m->link->picture().wakeFailure));
    m_agent->tell(plainSnapshot(State::Wake)); // woken otherwise: nothing to complain about any more
    QTRY_VERIFY(m->link->picture().wakeFailure.isEmpty());
}

void AgentLinkRequestsTest::tellsThatTheAgentDidNotAnswerAWake()
{
    m_agent->snapshot = plainSnapshot(State::Sleep);
    connectLink();
    m_agent->reply = [](const QJsonObject &) { return QByteArray(); };
    m->link->wake();
    QTRY_VERIFY_WITH_TIMEOUT(!m->link->picture().isWaking, 4000);
    QVERIFY2(m->link->picture().wakeFailure.contains(u"did not answer"_s), qPrintable(m->link->picture().wakeFailure));
    QTRY_COMPARE_WITH_TIMEOUT(m->state(), LinkState::Frozen, 4000);
}

void AgentLinkRequestsTest::tellsWhyNothingCouldBeStarted()
{
    QVERIFY(m->writeRecord(State::Hibernation));
    m->startLink([] { return std::vector<Launcher>{{u"systemd"_s, u"/nowhere/systemctl"_s, {}, false}}; });
    QTRY_COMPARE(m->state(), LinkState::Absent);
    m->link->wake();
    QVERIFY(m->link->picture().isWaking);
    QTRY_VERIFY(!m->link->picture().isWaking);
    QVERIFY2(m->link->picture().wakeFailure.contains(u"/nowhere/systemctl"_s), qPrintable(m->link->picture().wakeFailure));
    QVERIFY(QFile::exists(m->paths.wakeSignal())); // whoever starts it later, it will be awake
    QCOMPARE(m->state(), LinkState::Absent);
}

void AgentLinkRequestsTest::startsAnAgentThatLeftJustThen()
{
    m_agent->snapshot = plainSnapshot(State::Hibernation);
    connectLink([] { return std::vector<Launcher>{{u"systemd"_s, u"/nowhere/systemctl"_s, {}, false}}; });
    m_agent->reply = [this](const QJsonObject &) {
        QTimer::singleShot(0, m_agent.get(), [this] { m_agent->leave(); });
        return QByteArray();
    };
    m->link->wake();
    QTRY_VERIFY(!m->link->picture().isWaking);
    QVERIFY2(m->link->picture().wakeFailure.contains(u"/nowhere/systemctl"_s), qPrintable(m->link->picture().wakeFailure));
}

QTEST_GUILESS_MAIN(AgentLinkRequestsTest)
#include "tst_agentlink_requests.moc"
