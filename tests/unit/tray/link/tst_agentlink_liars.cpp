// SPDX-License-Identifier: MIT
#include "tests/unit/tray/link/linkfixture.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QtTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace dormouse;

/// Agents that freeze, lie, refuse or are of another version: shown as what they are, without storms and without flicker.
class AgentLinkLiarsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void showsGarbage_data();
    void showsGarbage();
    void showsAnAgentThatSaysNothing_data();
    void showsAnAgentThatSaysNothing();
    void showsAnAgentThatFreezesLater();
    void showsARefusal();
    void staysBrokenUntilSomethingGood();
    void ignoresWhatItDoesNotKnow();
    void showsAnUnknownState();
    void doesNotStorm_data();
    void doesNotStorm();

private:
    std::unique_ptr<LinkFixture> m;
    std::unique_ptr<FakeAgent> m_agent;
};

void AgentLinkLiarsTest::init()
{
    m = std::make_unique<LinkFixture>();
    QVERIFY(m->isReady);
    m_agent = std::make_unique<FakeAgent>(m->paths);
}

void AgentLinkLiarsTest::cleanup()
{
    m->link.reset();
    m_agent.reset();
    m.reset();
}

void AgentLinkLiarsTest::showsGarbage_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("text") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
    QTest::newRow("array") << QByteArray("[1,2]\n");
    QTest::newRow("binary") << QByteArray("\0\377\376\n", 4);
    QTest::newRow("no end") << QByteArray(17 * 1024 * 1024, 'x');
}

void AgentLinkLiarsTest::showsGarbage()
{
    QFETCH(QByteArray, said);
    m_agent->reply = [said](const QJsonObject &) { return said; };
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Broken);
    QVERIFY(m->link->picture().trouble.contains(u"protocol"_s));
    QVERIFY(!m->link->picture().snapshot);
    m_agent->reply = [this](const QJsonObject &request) { return m_agent->usualReply(request); };
    QTRY_VERIFY(m->isShown(State::Wake));
    QVERIFY(m->link->picture().trouble.isEmpty());
}

void AgentLinkLiarsTest::showsAnAgentThatSaysNothing_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half a line") << QByteArray(R"({"ok":tr)");
    QTest::newRow("no snapshot") << QByteArray("{\"ok\":true}\n");
    QTest::newRow("another's answer") << QByteArray("{\"ok\":true,\"id\":77,\"state\":\"SLEEP\"}\n");
}

void AgentLinkLiarsTest::showsAnAgentThatSaysNothing()
{
    QFETCH(QByteArray, said);
    m_agent->reply = [said](const QJsonObject &) { return said; };
    QVERIFY(m_agent->start());
    QElapsedTimer since;
    since.start();
    m->startLink();
    QTRY_COMPARE_WITH_TIMEOUT(m->state(), LinkState::Frozen, 4000);
    QVERIFY2(since.elapsed() > 1800 && since.elapsed() < 3500, qPrintable(QString::number(since.elapsed())));
    QCOMPARE(m->link->picture().trouble, u"the agent (pid %1) does not answer"_s.arg(QCoreApplication::applicationPid()));
    QCOMPARE(m_agent->connectionCount, 1); // it waits on the one connection
    if (said.contains('\n') || said.isEmpty()) {
        m_agent->say(m_agent->event()); // it goes on, late
        QTRY_VERIFY(m->isShown(State::Wake));
    }
}

void AgentLinkLiarsTest::showsAnAgentThatFreezesLater()
{
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    m_agent->reply = [](const QJsonObject &) { return QByteArray(); };
    m->link->check(); // as the menu opens
    m->link->check();
    QTRY_COMPARE_WITH_TIMEOUT(m->state(), LinkState::Frozen, 4000);
    QVERIFY(m->link->picture().snapshot); // what was true last
    m->link->check();
    QTRY_COMPARE(m_agent->count(u"status"_s), 1); // one that is due is not repeated
    // It goes on, and answers what it was asked long ago.
    m_agent->snapshot = plainSnapshot(State::Sleep);
    m_agent->say(m_agent->usualReply(m_agent->requests.last()));
    QTRY_VERIFY(m->isShown(State::Sleep));
    QVERIFY(m->link->picture().trouble.isEmpty());
}

void AgentLinkLiarsTest::showsARefusal()
{
    m_agent->greet = [](QLocalSocket *socket) {
        socket->write("{\"ok\":false,\"reason\":\"busy\",\"error\":\"128 connections are open\"}\n");
        socket->disconnectFromServer();
    };
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Broken);
    QVERIFY2(m->link->picture().trouble.contains(u"128 connections are open"_s), qPrintable(m->link->picture().trouble));
    m_agent->greet = [](QLocalSocket *) {};
    QTRY_VERIFY(m->isShown(State::Wake)); // it is tried again
}

void AgentLinkLiarsTest::staysBrokenUntilSomethingGood()
{
    m_agent->reply = [](const QJsonObject &) { return QByteArray("garbage\n"); };
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Broken);
    m_agent->reply = [](const QJsonObject &) { return QByteArray(); };
    QTRY_VERIFY_WITH_TIMEOUT(m_agent->connectionCount >= 2, 2000);
    QTest::qWait(2500); // a silence that would count as frozen otherwise
    QCOMPARE(m->told, QList<LinkState>{LinkState::Broken});
    m_agent->leave();
    QTRY_COMPARE(m->state(), LinkState::Absent);
}

void AgentLinkLiarsTest::ignoresWhatItDoesNotKnow()
{
    m_agent->snapshot.insert(u"version"_s, u"9.1.0"_s);
    m_agent->snapshot.insert(u"dreams"_s, QJsonObject{{u"sheep"_s, 3}});
    m_agent->snapshot.insert(u"wrappers"_s, QJsonObject{{u"fresh"_s, 2}, {u"hovering"_s, 1}});
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_VERIFY(m->isShown(State::Wake));
    QCOMPARE(m->link->picture().snapshot->wrappers.fresh, 2);
    m_agent->say("{\"event\":\"weather\",\"state\":\"RAIN\",\"ok\":false}\n");
    m_agent->tell(plainSnapshot(State::Drowsy));
    QTRY_VERIFY(m->isShown(State::Drowsy));
    QVERIFY(!m->told.contains(LinkState::Broken));
}

void AgentLinkLiarsTest::showsAnUnknownState()
{
    m_agent->snapshot.insert(u"version"_s, u"9.1.0"_s);
    m_agent->snapshot.insert(u"state"_s, u"LUCID"_s);
    QVERIFY(m_agent->start());
    m->startLink();
    QTRY_COMPARE(m->state(), LinkState::Broken);
    QVERIFY2(m->link->picture().trouble.contains(u"9.1.0 is newer"_s), qPrintable(m->link->picture().trouble));
    m_agent->snapshot.insert(u"state"_s, u"WAKE"_s);
    m_agent->say(m_agent->event());
    QTRY_VERIFY(m->isShown(State::Wake));
    QCOMPARE(m_agent->connectionCount, 1); // there was no reason to part
}

void AgentLinkLiarsTest::doesNotStorm_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("closes at once") << QByteArray();
    QTest::newRow("closes after a snapshot") << FakeAgent({}).event();
    QTest::newRow("closes after garbage") << QByteArray("what?\n");
}

void AgentLinkLiarsTest::doesNotStorm()
{
    QFETCH(QByteArray, said);
    m_agent->greet = [said](QLocalSocket *socket) {
        socket->write(said);
        socket->flush();
        socket->disconnectFromServer();
    };
    QVERIFY(m_agent->start());
    m->startLink();
    QTest::qWait(3000);
    QVERIFY2(m_agent->connectionCount >= 3 && m_agent->connectionCount < 10,
             qPrintable(QString::number(m_agent->connectionCount)));
}

QTEST_GUILESS_MAIN(AgentLinkLiarsTest)
#include "tst_agentlink_liars.moc"
