// SPDX-License-Identifier: MIT
#include "agent/serve/connection.h"

#include "agent/serve/controlserver.h"
#include "tests/unit/serve/faketarget.h"
#include "tests/unit/serve/lineclient.h"

#include <QtTest>

#include <memory>
#include <vector>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace dormouse;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeepsFreedMemory = true; // the address sanitizer does
#else
constexpr bool kKeepsFreedMemory = false;
#endif

/// Resident memory of this process, in kB; 0 where it says nothing.
qint64 residentKilobytes()
{
    if (kKeepsFreedMemory)
        return 0;
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * (::sysconf(_SC_PAGESIZE) / 1024);
}

} // namespace

/// Hostile clients: none may make the agent block, spin or grow, nor keep others from being served.
class ControlLimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void takesTheLongestLine();
    void closesAfterALineTooLong_data();
    void closesAfterALineTooLong();
    void closesAfterAnOldHalfLine();
    void aLineInTimeIsNoHalfLine();
    void refusesTheConnectionTooMany();
    void closesWhoNeverReads();
    void servesOneLargeAnswer();
    void slowsAFloodDown();
    void endsAFloodNobodyWaitsFor();
    void aFloodDoesNotGrow();
    void doesNotGrowWithRequests();

private:
    void makeServer(const Settings &settings);
    [[nodiscard]] int refused(QLatin1StringView what) const { return m_server->refusedCounts()[what].toInt(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    std::unique_ptr<FakeTarget> m_target;
    std::unique_ptr<ControlServer> m_server;
};

void ControlLimitsTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"agent.sock"_s);
    m_target = std::make_unique<FakeTarget>();
}

void ControlLimitsTest::cleanup()
{
    m_server.reset();
}

void ControlLimitsTest::makeServer(const Settings &settings)
{
    m_server = std::make_unique<ControlServer>(*m_target, settings);
    QVERIFY(m_server->listen(m_path));
}

void ControlLimitsTest::takesTheLongestLine()
{
    makeServer({});
    LineClient client(m_path);
    const QByteArray message = R"({"type":"why"})";
    QVERIFY(client.ask(message + QByteArray(65536 - message.size(), ' '))["ok"_L1].toBool());
    QVERIFY(client.ask(message)["ok"_L1].toBool());
}

void ControlLimitsTest::closesAfterALineTooLong_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray message = R"({"type":"why"})";
    QTest::newRow("by one byte") << message + QByteArray(65537 - message.size(), ' ') + '\n';
    QTest::newRow("without an end") << QByteArray(80'000, 'x');
    QTest::newRow("10 MiB") << QByteArray(10 * 1024 * 1024, 'x') + '\n';
    QTest::newRow("then good ones") << QByteArray(70'000, 'x') + '\n' + message + '\n';
}

void ControlLimitsTest::closesAfterALineTooLong()
{
    QFETCH(QByteArray, bytes);
    makeServer({});
    LineClient bystander(m_path);
    LineClient client(m_path);
    client.send(bytes);
    const QJsonObject answer = client.answer();
    QCOMPARE(answer["ok"_L1], QJsonValue(false));
    QCOMPARE(answer["reason"_L1].toString(), u"too_large"_s);
    QCOMPARE(client.line(), QByteArray());
    QCOMPARE(refused("line_too_long"_L1), 1);
    QCOMPARE(m_target->calls, QStringList{});
    QVERIFY(bystander.ask(R"({"type":"why"})")["ok"_L1].toBool());
}

void ControlLimitsTest::closesAfterAnOldHalfLine()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    Refusals refusals;
    ServingLoad load;
    ConnectionLimits limits;
    limits.halfLine = 200ms;
    Connection connection(ends[0], Peer{1, 0}, limits, *m_target, refusals, load);
    QSignalSpy closed(&connection, &Connection::closed);
    LineClient client(ends[1]);
    QVERIFY(client.ask(R"({"type":"why"})")["ok"_L1].toBool());
    QElapsedTimer timer;
    timer.start();
    QVERIFY(client.send("{\"type\":"));
    QTRY_COMPARE(closed.size(), 1);
    QVERIFY(timer.elapsed() >= 150);
    QCOMPARE(refusals.counts()["half_line"_L1].toInt(), 1);
}

void ControlLimitsTest::aLineInTimeIsNoHalfLine()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    Refusals refusals;
    ServingLoad load;
    ConnectionLimits limits;
    limits.halfLine = 1s;
    Connection connection(ends[0], Peer{1, 0}, limits, *m_target, refusals, load);
    QSignalSpy closed(&connection, &Connection::closed);
    LineClient client(ends[1]);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 2500) { // always in the middle of some line, never long in one
        QVERIFY(client.send("\"type\":\"why\"}\n{"));
        QTest::qWait(50);
        QCOMPARE(closed.size(), 0);
    }
}

void ControlLimitsTest::refusesTheConnectionTooMany()
{
    makeServer({});
    std::vector<std::unique_ptr<LineClient>> clients;
    for (int i = 0; i < 200; ++i) {
        clients.push_back(std::make_unique<LineClient>(m_path));
        QVERIFY(clients.back()->isConnected());
        LineClient::turn();
    }
    QTRY_COMPARE(refused("connections"_L1), 72);
    QCOMPARE(m_server->connectionCount(), 128);
    const QJsonObject busy = clients.back()->answer();
    QCOMPARE(busy["ok"_L1], QJsonValue(false));
    QCOMPARE(busy["reason"_L1].toString(), u"busy"_s);
    QCOMPARE(clients.back()->line(), QByteArray());
    QVERIFY(clients.front()->ask(R"({"type":"why"})")["ok"_L1].toBool());
    clients.front()->drop();
    QTRY_COMPARE(m_server->connectionCount(), 127);
    QVERIFY(LineClient(m_path).ask(R"({"type":"why"})")["ok"_L1].toBool()); // a place is free again
}

void ControlLimitsTest::closesWhoNeverReads()
{
    Settings settings;
    settings.requestsPerSecond = 100'000;
    makeServer(settings);
    m_target->whyBytes = 20'000;
    LineClient bystander(m_path);
    LineClient client(m_path);
    QByteArray requests;
    for (int i = 0; i < 500; ++i) // 10 MB of answers
        requests += "{\"type\":\"why\"}\n";
    QVERIFY(client.send(requests));
    QTRY_COMPARE_WITH_TIMEOUT(refused("unread"_L1), 1, 10'000);
    QCOMPARE(m_server->connectionCount(), 1);
    QVERIFY2(m_target->calls.size() < 100, qPrintable(QString::number(m_target->calls.size()))); // it was not answered on and on
    QVERIFY(bystander.ask(R"({"type":"why"})")["ok"_L1].toBool());
}

void ControlLimitsTest::servesOneLargeAnswer()
{
    makeServer({});
    m_target->whyBytes = 5'000'000; // a full page of wrappers, read by an honest client
    LineClient client(m_path);
    QVERIFY(client.send("{\"type\":\"why\",\"id\":1}\n{\"type\":\"why\",\"id\":2}\n{\"type\":\"why\",\"id\":3}\n"));
    for (int id = 1; id <= 3; ++id)
        QCOMPARE(client.answer()["id"_L1], QJsonValue(id));
    QCOMPARE(refused("unread"_L1), 0);
}

void ControlLimitsTest::slowsAFloodDown()
{
    Settings settings;
    settings.requestsPerSecond = 50;
    makeServer(settings);
    LineClient bystander(m_path);
    LineClient client(m_path);
    QByteArray requests;
    for (int i = 0; i < 120; ++i)
        requests += R"({"type":"why","id":)" + QByteArray::number(i) + "}\n";
    QElapsedTimer timer;
    timer.start();
    QVERIFY(client.send(requests));
    for (int i = 0; i < 50; ++i)
        QCOMPARE(client.answer()["id"_L1], QJsonValue(i));
    QVERIFY(bystander.ask(R"({"type":"why"})")["ok"_L1].toBool()); // the limit is each connection's own
    for (int i = 50; i < 120; ++i)
        QCOMPARE(client.answer()["id"_L1], QJsonValue(i)); // late, but none is lost
    QVERIFY2(timer.elapsed() >= 1900, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(refused("rate"_L1), 2); // once each second
}

void ControlLimitsTest::endsAFloodNobodyWaitsFor()
{
    Settings settings;
    settings.requestsPerSecond = 50;
    makeServer(settings);
    LineClient client(m_path);
    QVERIFY(client.ask(R"({"type":"lease","name":"work"})")["ok"_L1].toBool());
    QVERIFY(client.send(QByteArray("{\"type\":\"why\"}\n").repeated(2000))); // 40 s of its pace
    QTRY_COMPARE(refused("rate"_L1), 1);
    client.drop();
    QTRY_COMPARE_WITH_TIMEOUT(m_server->connectionCount(), 0, 15'000);
    QCOMPARE(m_target->gone.size(), 1U); // its lease is nobody's any more
}

void ControlLimitsTest::aFloodDoesNotGrow()
{
    makeServer({});
    LineClient client(m_path);
    const QByteArray flood = QByteArray("{\"type\":\"nothing\"}\n").repeated(3000);
    qint64 sent = client.sendSome(flood);
    const qint64 before = residentKilobytes();
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 1500) {
        sent += client.sendSome(flood);
        LineClient::turn();
        client.readSome();
    }
    QVERIFY2(sent < 2'000'000, qPrintable(QString::number(sent))); // the client is made to wait
    QVERIFY2(residentKilobytes() - before < 4096, qPrintable(QString::number(residentKilobytes() - before)));
    QVERIFY(LineClient(m_path).ask(R"({"type":"why"})")["ok"_L1].toBool());
}

void ControlLimitsTest::doesNotGrowWithRequests()
{
    if (residentKilobytes() == 0)
        QSKIP("how much memory is in use is not known, or says nothing under the address sanitizer");
    Settings settings;
    settings.requestsPerSecond = 10'000'000;
    makeServer(settings);
    LineClient client(m_path);
    QByteArray batch;
    for (int i = 0; i < 100; ++i)
        batch += R"({"type":"status","id":)" + QByteArray::number(i) + "}\n";
    qint64 warm = 0;
    for (int round = 0; round < 1000; ++round) {
        QVERIFY(client.send(batch));
        for (int i = 0; i < 100; ++i)
            QVERIFY(!client.line().isEmpty());
        if (round == 99)
            warm = residentKilobytes();
    }
    const qint64 grown = residentKilobytes() - warm;
    QVERIFY2(grown < 512, qPrintable(u"%1 kB"_s.arg(grown)));
}

QTEST_GUILESS_MAIN(ControlLimitsTest)
#include "tst_controllimits.moc"
