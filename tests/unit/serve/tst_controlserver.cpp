// SPDX-License-Identifier: MIT
#include "agent/serve/controlserver.h"

#include "tests/unit/serve/faketarget.h"
#include "tests/unit/serve/lineclient.h"

#include <QtTest>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

/// The conversation: framing, order, ids, subscriptions, the end of connections.
class ControlServerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void echoesIds_data();
    void echoesIds();
    void answersBadLinesAndGoesOn_data();
    void answersBadLinesAndGoesOn();
    void survivesBinaryJunk();
    void acceptsALineInPieces();
    void keepsTheOrderOfAThousand();
    void keepsTheOrderWhenAnAnswerIsLate();
    void dropsALateAnswerOfAClientThatIsGone();
    void answersAClientThatHasShutItsSide();
    void tellsSubscribersAtOnceAndAfterChanges();
    void tellsEachSubscriberWhatItMissed();
    void keepsOnlyTheNewestForASlowSubscriber();
    void tellsWhenAConnectionIsGone();
    void tellsWhoAsks();
    void writesAnswersBeforeItCloses();
    void mayBeClosedByAHandler();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    std::unique_ptr<FakeTarget> m_target;
    std::unique_ptr<ControlServer> m_server;
};

void ControlServerTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"agent.sock"_s);
    m_target = std::make_unique<FakeTarget>();
    Settings settings;
    settings.requestsPerSecond = 100'000; // the limits have a test of their own
    m_server = std::make_unique<ControlServer>(*m_target, settings);
    QVERIFY(m_server->listen(m_path));
}

void ControlServerTest::cleanup()
{
    m_server.reset();
}

void ControlServerTest::echoesIds_data()
{
    QTest::addColumn<QByteArray>("id");
    for (const char *id :
         {"0", "-7", "9007199254740993", "1.5", "\"a b\"", "\"\"", "null", "true", "[1,[]]", R"({"a":{"b":null}})"})
        QTest::newRow(id) << QByteArray(id);
}

void ControlServerTest::echoesIds()
{
    QFETCH(QByteArray, id);
    LineClient client(m_path);
    const QJsonArray sent = QJsonDocument::fromJson('[' + id + ']').array();
    for (const char *message : {R"("type":"status")", R"("type":"nonsense")", R"("type":"why","x":1)", R"("x":1)"}) {
        const QJsonObject answer = client.ask(QByteArray("{") + message + R"(,"id":)" + id + '}');
        QVERIFY(answer.contains("ok"_L1));
        QVERIFY(answer.contains("id"_L1));
        QCOMPARE(answer["id"_L1], sent.at(0));
    }
    QVERIFY(!client.ask(R"({"type":"why"})").contains("id"_L1));
}

void ControlServerTest::answersBadLinesAndGoesOn_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("blank") << QByteArray("  \r");
    QTest::newRow("word") << QByteArray("hello");
    QTest::newRow("array") << QByteArray("[]");
    QTest::newRow("number") << QByteArray("1");
    QTest::newRow("torn") << QByteArray(R"({"type":"status")");
    QTest::newRow("NaN") << QByteArray(R"({"type":"pause","seconds":NaN})");
    QTest::newRow("not UTF-8") << QByteArray("{\"type\":\"\xff\xfe\"}");
    QTest::newRow("zero byte") << QByteArray("\0{}", 3);
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF{\"type\":\"why\"}");
    QTest::newRow("deep") << QByteArray(20'000, '[') + QByteArray(20'000, ']');
    QTest::newRow("no type") << QByteArray("{}");
}

void ControlServerTest::answersBadLinesAndGoesOn()
{
    QFETCH(QByteArray, line);
    LineClient client(m_path);
    const QJsonObject answer = client.ask(line);
    QCOMPARE(answer["ok"_L1], QJsonValue(false));
    QCOMPARE(answer["reason"_L1].toString(), u"invalid_message"_s);
    QVERIFY(!answer["error"_L1].toString().isEmpty());
    QVERIFY(client.ask(R"({"type":"why"})")["ok"_L1].toBool());
    QCOMPARE(m_server->refusedCounts()["invalid"_L1].toInt(), 1);
}

void ControlServerTest::survivesBinaryJunk()
{
    QByteArray junk;
    quint32 seed = 20260502;
    for (int i = 0; i < 200'000; ++i) {
        seed = seed * 1664525U + 1013904223U;
        junk.append(static_cast<char>(seed >> 24));
    }
    LineClient client(m_path);
    QVERIFY(client.send(junk + '\n'));
    for (qsizetype lines = junk.count('\n') + 1; lines > 0; --lines) {
        const QJsonObject answer = client.answer();
        QCOMPARE(answer["ok"_L1], QJsonValue(false));
    }
    QVERIFY(client.ask(R"({"type":"why"})")["ok"_L1].toBool());
}

void ControlServerTest::acceptsALineInPieces()
{
    LineClient client(m_path);
    for (const char byte : QByteArray(R"({"type":"digest"})"))
        QVERIFY(client.send(QByteArray(1, byte)));
    QCOMPARE(m_target->calls, QStringList{});
    QVERIFY(client.ask(QByteArray(" "))["ok"_L1].toBool());
    QCOMPARE(m_target->calls, QStringList{u"digest 0"_s});
}

void ControlServerTest::keepsTheOrderOfAThousand()
{
    QByteArray requests;
    for (int i = 0; i < 1000; ++i)
        requests += (i % 7 == 0 ? QByteArray("{\"nonsense\":1") : QByteArray(R"({"type":"status")")) + R"(,"id":)"
                    + QByteArray::number(i) + "}\n";
    LineClient client(m_path);
    QVERIFY(client.send(requests));
    for (int i = 0; i < 1000; ++i) {
        const QJsonObject answer = client.answer();
        QCOMPARE(answer["id"_L1], QJsonValue(i));
        QCOMPARE(answer["ok"_L1].toBool(), i % 7 != 0);
    }
}

void ControlServerTest::keepsTheOrderWhenAnAnswerIsLate()
{
    m_target->historyLater = true;
    LineClient client(m_path);
    LineClient other(m_path);
    QVERIFY(client.send(
        "{\"type\":\"why\",\"id\":1}\n{\"type\":\"history\",\"id\":2}\n{\"type\":\"why\",\"id\":3}\n{\"type\":\"why\",\"id\":4}\n"));
    QCOMPARE(client.answer()["id"_L1], QJsonValue(1));
    QTRY_COMPARE(m_target->laterAnswers.size(), std::size_t{1});
    QVERIFY(other.ask(R"({"type":"why"})")["ok"_L1].toBool()); // nobody else waits
    const ControlTarget::Done done = m_target->laterAnswers.front();
    done(Reply::accepted());
    done(Reply::accepted()); // a second answer must not shift those that follow
    QCOMPARE(client.answer()["id"_L1], QJsonValue(2));
    QCOMPARE(client.answer()["id"_L1], QJsonValue(3));
    QCOMPARE(client.answer()["id"_L1], QJsonValue(4));
    QCOMPARE(client.ask(R"({"type":"why","id":5})")["id"_L1], QJsonValue(5));
}

void ControlServerTest::dropsALateAnswerOfAClientThatIsGone()
{
    m_target->historyLater = true;
    LineClient client(m_path);
    QVERIFY(client.send("{\"type\":\"history\"}\n"));
    QTRY_COMPARE(m_target->laterAnswers.size(), std::size_t{1});
    client.drop();
    QTRY_COMPARE(m_server->connectionCount(), 0);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    m_target->laterAnswers.front()(Reply::accepted());
    QVERIFY(LineClient(m_path).ask(R"({"type":"why"})")["ok"_L1].toBool());
}

void ControlServerTest::answersAClientThatHasShutItsSide()
{
    LineClient client(m_path); // printf '…' | nc -NU agent.sock
    client.sendSome("{\"type\":\"why\",\"id\":1}\n{\"type\":\"why\",\"id\":2}\n");
    client.shutDownWriting();
    QCOMPARE(client.answer()["id"_L1], QJsonValue(1));
    QCOMPARE(client.answer()["id"_L1], QJsonValue(2));
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

void ControlServerTest::tellsSubscribersAtOnceAndAfterChanges()
{
    LineClient client(m_path);
    const QJsonObject answer = client.ask(R"({"type":"subscribe","id":"s"})");
    QCOMPARE(answer, (QJsonObject{{u"ok"_s, true}, {u"id"_s, u"s"_s}}));
    QJsonObject event = client.answer();
    QCOMPARE(event["event"_L1].toString(), u"snapshot"_s);
    QCOMPARE(event["state"_L1].toString(), u"WAKE"_s);
    QVERIFY(!event.contains("ok"_L1));

    m_target->snapshotNow.uptimeSec = 77; // nobody is told of a clock
    m_server->snapshotChanged();
    m_target->snapshotNow.state = State::Drowsy;
    m_server->snapshotChanged();
    m_target->snapshotNow.state = State::Sleep;
    m_server->snapshotChanged();
    event = client.answer();
    QCOMPARE(event["state"_L1].toString(), u"DROWSY"_s);
    QCOMPARE(event["uptime_sec"_L1].toDouble(), 77.0);
    QCOMPARE(client.answer()["state"_L1].toString(), u"SLEEP"_s);
    m_server->snapshotChanged();
    QVERIFY(client.ask(R"({"type":"why"})").contains("ok"_L1)); // no further event came between
}

void ControlServerTest::tellsEachSubscriberWhatItMissed()
{
    LineClient first(m_path);
    QVERIFY(first.ask(R"({"type":"subscribe"})")["ok"_L1].toBool());
    QCOMPARE(first.answer()["state"_L1].toString(), u"WAKE"_s);
    m_target->snapshotNow.state = State::Drowsy;
    LineClient second(m_path); // sees DROWSY at once; the first has not been told yet
    QVERIFY(second.ask(R"({"type":"subscribe"})")["ok"_L1].toBool());
    QCOMPARE(second.answer()["state"_L1].toString(), u"DROWSY"_s);
    m_server->snapshotChanged();
    QCOMPARE(first.answer()["state"_L1].toString(), u"DROWSY"_s);
    QVERIFY(second.ask(R"({"type":"why"})").contains("ok"_L1));
}

void ControlServerTest::keepsOnlyTheNewestForASlowSubscriber()
{
    LineClient client(m_path);
    QVERIFY(client.ask(R"({"type":"subscribe"})")["ok"_L1].toBool());
    QVERIFY(client.answer().contains("event"_L1));
    const QString ballast(4000, u'w');
    for (int i = 0; i < 2000; ++i) { // 8 MB, unread
        m_target->snapshotNow.why = ballast + QChar(u'a' + i % 2);
        m_target->snapshotNow.version = QString::number(i);
        m_server->snapshotChanged();
        LineClient::turn();
    }
    QCOMPARE(m_server->connectionCount(), 1); // being slow is no offence
    int events = 0;
    QString last;
    while (last != "1999"_L1) {
        const QJsonObject event = client.answer();
        QVERIFY2(!event.isEmpty(), qPrintable(u"after event %1"_s.arg(last)));
        last = event["version"_L1].toString();
        ++events;
    }
    QVERIFY2(events < 500, qPrintable(QString::number(events)));
    QCOMPARE(m_server->refusedCounts()["unread"_L1].toInt(), 0);
}

void ControlServerTest::tellsWhenAConnectionIsGone()
{
    LineClient client(m_path);
    QVERIFY(client.ask(R"({"type":"lease","name":"n"})")["ok"_L1].toBool());
    const quint64 connection = m_target->lastPeer.connection;
    QVERIFY(connection != 0);
    client.drop();
    QTRY_COMPARE(m_target->gone, std::vector<quint64>{connection});
}

void ControlServerTest::tellsWhoAsks()
{
    LineClient first(m_path);
    LineClient second(m_path);
    QVERIFY(first.ask(R"({"type":"request_arrived"})")["ok"_L1].toBool());
    const Peer one = m_target->lastPeer;
    QVERIFY(second.ask(R"({"type":"request_arrived"})")["ok"_L1].toBool());
    QVERIFY(one.connection != m_target->lastPeer.connection);
    QCOMPARE(one.pid, qint64{::getpid()});
}

void ControlServerTest::writesAnswersBeforeItCloses()
{
    m_target->whyBytes = 50'000;
    LineClient client(m_path);
    QVERIFY(client.send("{\"type\":\"why\",\"id\":1}\n"));
    QTRY_COMPARE(m_target->calls.size(), 1);
    m_server->close();
    QVERIFY(!QFile::exists(m_path));
    QCOMPARE(client.answer()["id"_L1], QJsonValue(1));
    QCOMPARE(client.line(), QByteArray());
    QCOMPARE(m_target->gone.size(), std::size_t{1});
}

void ControlServerTest::mayBeClosedByAHandler()
{
    struct Stopping : FakeTarget {
        ControlServer *server = nullptr;
        Reply stop() override
        {
            server->close();
            return Reply::accepted();
        }
    } target;
    const QString path = m_folder->filePath(u"other.sock"_s);
    ControlServer server(target, Settings{});
    target.server = &server;
    QVERIFY(server.listen(path));
    LineClient client(path);
    QVERIFY(client.send("{\"type\":\"why\"}\n{\"type\":\"stop\"}\n{\"type\":\"why\"}\n"));
    QVERIFY(client.answer()["ok"_L1].toBool());
    QCOMPARE(client.line(), QByteArray()); // closed
    QCOMPARE(server.connectionCount(), 0);
    QCOMPARE(target.calls, QStringList{u"why"_s}); // what came after the end was not done
}

QTEST_GUILESS_MAIN(ControlServerTest)
#include "tst_controlserver.moc"
