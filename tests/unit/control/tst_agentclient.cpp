// SPDX-License-Identifier: MIT
#include "shared/control/agentclient.h"

#include "tests/unit/control/scriptedserver.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <future>
#include <memory>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace dormouse;

/// What tray and command line rely on: answers as they come, and one clear error when there is no agent or something else answers.
class AgentClientTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void handsOnAnswersAndEvents();
    void putsPiecesTogether();
    void tellsWhenNobodyListens();
    void tellsATooLongPath();
    void tellsWhenTheAgentGoes();
    void endsOnGarbage_data();
    void endsOnGarbage();
    void endsOnALineWithoutEnd();
    void connectsAgainAfterALoss();
    void isSilentAfterItsOwnerDisconnects();
    void knowsThePeer();
    void asksOnce();
    void asksOnceInVain();
    void givesUpInTime();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    std::unique_ptr<ScriptedServer> m_server;
};

void AgentClientTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"agent.sock"_s);
    m_server = std::make_unique<ScriptedServer>();
    QVERIFY(m_server->listen(m_path));
}

void AgentClientTest::handsOnAnswersAndEvents()
{
    m_server->reply = [](const QJsonObject &) { return QByteArrayLiteral("{\"ok\":true}\n{\"event\":\"snapshot\"}\n"); };
    AgentClient client(m_path);
    QSignalSpy connected(&client, &AgentClient::connected);
    QSignalSpy received(&client, &AgentClient::received);
    client.connectToAgent();
    QVERIFY(connected.wait());
    QVERIFY(client.isConnected());
    client.send({{u"type"_s, u"subscribe"_s}});
    QTRY_COMPARE(received.size(), 2);
    QCOMPARE(m_server->requests, (QList<QJsonObject>{{{u"type"_s, u"subscribe"_s}}}));
    QCOMPARE(received.at(0).at(0).toJsonObject(), (QJsonObject{{u"ok"_s, true}}));
    QCOMPARE(received.at(1).at(0).toJsonObject(), (QJsonObject{{u"event"_s, u"snapshot"_s}}));
}

void AgentClientTest::putsPiecesTogether()
{
    const QByteArray ballast(3'000'000, 'b');
    m_server->reply = [&ballast](const QJsonObject &) -> QByteArray {
        return "{\"text\":\"" + ballast + "\"}\n{\"n\":1}\n{\"n\"";
    };
    AgentClient client(m_path);
    QSignalSpy connected(&client, &AgentClient::connected);
    QSignalSpy received(&client, &AgentClient::received);
    client.connectToAgent();
    QVERIFY(connected.wait());
    client.send({});
    QTRY_COMPARE(received.size(), 2);
    QCOMPARE(received.at(0).at(0).toJsonObject()["text"_L1].toString().size(), ballast.size());
    m_server->connections.first()->write(":2}\n");
    QTRY_COMPARE(received.size(), 3);
    QCOMPARE(received.at(2).at(0).toJsonObject()["n"_L1].toInt(), 2);
}

void AgentClientTest::tellsWhenNobodyListens()
{
    AgentClient client(m_folder->filePath(u"nobody"_s));
    QSignalSpy disconnected(&client, &AgentClient::disconnected);
    client.connectToAgent();
    QCOMPARE(disconnected.size(), 0); // never amid the call
    QTRY_COMPARE(disconnected.size(), 1);
    const Error error = disconnected.at(0).at(0).value<Error>();
    QCOMPARE(error.code, ErrorCode::Unavailable);
    QCOMPARE(error.path, m_folder->filePath(u"nobody"_s));
}

void AgentClientTest::tellsATooLongPath()
{
    const QString path = u'/' + QString(200, u'p');
    AgentClient client(path);
    QSignalSpy disconnected(&client, &AgentClient::disconnected);
    client.connectToAgent();
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(disconnected.at(0).at(0).value<Error>().code, ErrorCode::Configuration);
    const Result<QJsonObject> once = requestOnce(path, {}, 1s);
    QVERIFY(!once);
    QCOMPARE(once.error().code, ErrorCode::Configuration);
}

void AgentClientTest::tellsWhenTheAgentGoes()
{
    AgentClient client(m_path);
    QSignalSpy connected(&client, &AgentClient::connected);
    QSignalSpy disconnected(&client, &AgentClient::disconnected);
    client.connectToAgent();
    QVERIFY(connected.wait());
    QTRY_COMPARE(m_server->connections.size(), 1);
    m_server->connections.first()->close();
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(disconnected.at(0).at(0).value<Error>().code, ErrorCode::Unavailable);
    QVERIFY(!client.isConnected());
    client.send({{u"type"_s, u"status"_s}}); // of no effect, and no crash
    QTest::qWait(0);
    QCOMPARE(disconnected.size(), 1);
}

void AgentClientTest::endsOnGarbage_data()
{
    QTest::addColumn<QByteArray>("garbage");
    QTest::newRow("text") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n");
    QTest::newRow("array") << QByteArray("[1]\n");
    QTest::newRow("binary") << QByteArray("\x00\xff\xfe\n", 4);
    QTest::newRow("empty line") << QByteArray("\n");
    QTest::newRow("after a good line") << QByteArray("{\"ok\":true}\nnonsense\n{\"ok\":true}\n");
}

void AgentClientTest::endsOnGarbage()
{
    QFETCH(QByteArray, garbage);
    m_server->reply = [&garbage](const QJsonObject &) { return garbage; };
    AgentClient client(m_path);
    QSignalSpy connected(&client, &AgentClient::connected);
    QSignalSpy received(&client, &AgentClient::received);
    QSignalSpy disconnected(&client, &AgentClient::disconnected);
    client.connectToAgent();
    QVERIFY(connected.wait());
    client.send({});
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(disconnected.at(0).at(0).value<Error>().code, ErrorCode::Malformed);
    QVERIFY(received.size() <= 1); // nothing after the garbage
    QVERIFY(!client.isConnected());
}

void AgentClientTest::endsOnALineWithoutEnd()
{
    AgentClient client(m_path);
    QSignalSpy connected(&client, &AgentClient::connected);
    QSignalSpy disconnected(&client, &AgentClient::disconnected);
    client.connectToAgent();
    QVERIFY(connected.wait());
    QTRY_COMPARE(m_server->connections.size(), 1);
    m_server->connections.first()->write(QByteArray(17 * 1024 * 1024, 'x'));
    QTRY_COMPARE_WITH_TIMEOUT(disconnected.size(), 1, 15'000);
    QCOMPARE(disconnected.at(0).at(0).value<Error>().code, ErrorCode::Malformed);
}

void AgentClientTest::connectsAgainAfterALoss()
{
    AgentClient client(m_path);
    QSignalSpy connected(&client, &AgentClient::connected);
    QSignalSpy received(&client, &AgentClient::received);
    connect(&client, &AgentClient::disconnected, &client, [&client] { client.connectToAgent(); });
    client.connectToAgent();
    QVERIFY(connected.wait());
    QTRY_COMPARE(m_server->connections.size(), 1);
    m_server->connections.first()->write("half");
    m_server->connections.first()->close();
    QTRY_COMPARE(connected.size(), 2);
    client.send({{u"type"_s, u"status"_s}});
    QTRY_COMPARE(received.size(), 1);
}

void AgentClientTest::isSilentAfterItsOwnerDisconnects()
{
    AgentClient client(m_path);
    QSignalSpy connected(&client, &AgentClient::connected);
    QSignalSpy disconnected(&client, &AgentClient::disconnected);
    client.connectToAgent();
    QVERIFY(connected.wait());
    QTRY_COMPARE(m_server->connections.size(), 1);
    QSignalSpy gone(m_server->connections.first(), &QLocalSocket::disconnected);
    client.disconnectFromAgent();
    QVERIFY(!client.isConnected());
    QTRY_COMPARE(gone.size(), 1);
    QCOMPARE(disconnected.size(), 0);
}

void AgentClientTest::knowsThePeer()
{
    AgentClient client(m_path);
    QSignalSpy connected(&client, &AgentClient::connected);
    client.connectToAgent();
    QVERIFY(connected.wait());
    QTRY_COMPARE(m_server->connections.size(), 1);
    const std::optional<PeerCredentials> peer = peerCredentials(m_server->connections.first()->socketDescriptor());
    QVERIFY(peer.has_value());
    QCOMPARE(peer->uid, qint64{::geteuid()});
    QCOMPARE(peer->pid, qint64{::getpid()});
    QVERIFY(!peerCredentials(-1));
}

void AgentClientTest::asksOnce()
{
    // The server lives in this thread; the blocking request in another, as if in another program.
    auto asking = std::async(std::launch::async, [this] { return requestOnce(m_path, {{u"type"_s, u"status"_s}}, 5s); });
    QTRY_VERIFY(asking.wait_for(0s) == std::future_status::ready);
    const Result<QJsonObject> answer = asking.get();
    QVERIFY2(answer.ok(), answer ? "" : qPrintable(answer.error().text()));
    QCOMPARE(answer.value()["state"_L1].toString(), u"WAKE"_s);
    QCOMPARE(m_server->requests.size(), 1);
}

void AgentClientTest::asksOnceInVain()
{
    const Result<QJsonObject> answer = requestOnce(m_folder->filePath(u"nobody"_s), {}, 5s);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Unavailable);

    m_server->reply = [](const QJsonObject &) { return QByteArrayLiteral("hello\n"); };
    auto asking = std::async(std::launch::async, [this] { return requestOnce(m_path, {}, 5s); });
    QTRY_VERIFY(asking.wait_for(0s) == std::future_status::ready);
    const Result<QJsonObject> garbage = asking.get();
    QVERIFY(!garbage);
    QCOMPARE(garbage.error().code, ErrorCode::Malformed);
}

void AgentClientTest::givesUpInTime()
{
    QElapsedTimer timer;
    timer.start();
    const Result<QJsonObject> answer = requestOnce(m_path, {}, 300ms); // this thread is busy: nobody answers
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Unavailable);
    QVERIFY(timer.elapsed() >= 250 && timer.elapsed() < 3000);
}

QTEST_GUILESS_MAIN(AgentClientTest)
#include "tst_agentclient.moc"
