// SPDX-License-Identifier: MIT
#include "agent/serve/messagetable.h"

#include "tests/unit/serve/faketarget.h"

#include <QtTest>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

/// What each message asks of the agent, and that a wrong field is refused by name, never dropped.
class MessagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksTheAgent_data();
    void asksTheAgent();
    void refusesWrongFields_data();
    void refusesWrongFields();
    void refusesUnknownTypes_data();
    void refusesUnknownTypes();
    void statusIsTheSnapshot();
    void clipsLongTexts();
    void clippingKeepsCharactersWhole();
    void releaseFindsWhatLeaseNamed();
    void keepsAHeartbeatsUuid();

private:
    Reply ask(const QByteArray &json);

    FakeTarget m_target;
    Refusals m_refusals;
};

Reply MessagesTest::ask(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    Reply got;
    int answers = 0;
    bool subscribes = false;
    m_target.calls.clear();
    answerMessage(document.object(), m_target, Peer{7, 42}, m_refusals, subscribes, [&](const Reply &reply) {
        got = reply;
        ++answers;
    });
    return answers == 1 ? got : Reply::refused(u"answers"_s, QString::number(answers));
}

void MessagesTest::asksTheAgent_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("call");
    const auto row = [](const char *message, const QString &call) { QTest::newRow(message) << QByteArray(message) << call; };
    row(R"({"type":"why"})", u"why"_s);
    row(R"({"type":"force_wake"})", u"request ''"_s);
    row(R"({"type":"force_wake","ts":"yesterday"})", u"request ''"_s);
    row(R"({"type":"request_arrived","uuid":"u-1","ts":"2026-05-02T15:14:30+00:00","id":1})", u"request 'u-1'"_s);
    row(R"({"type":"user_initiated_sleep"})", u"sleep '' 0"_s);
    row(R"({"type":"user_initiated_sleep","reason":"lunch","ts":"x","force":true})", u"sleep 'lunch' 1"_s);
    row(R"({"type":"hibernate"})", u"hibernate 0"_s);
    row(R"({"type":"hibernate","force":true})", u"hibernate 1"_s);
    row(R"({"type":"pause"})", u"pause -1 ''"_s);
    row(R"({"type":"pause","seconds":90,"reason":"talk"})", u"pause 90000 'talk'"_s);
    row(R"({"type":"pause","seconds":0.25})", u"pause 250 ''"_s);
    row(R"({"type":"pause","seconds":0.0001})", u"pause 1 ''"_s);
    row(R"({"type":"resume"})", u"resume"_s);
    row(R"({"type":"session_open"})", u"session ''"_s);
    row(R"({"type":"session_open","session_id":"s","ts":"x"})", u"session 's'"_s);
    row(R"({"type":"consume_first_turn","session_id":"s"})", u"consume 's'"_s);
    row(R"({"type":"digest"})", u"digest 0"_s);
    row(R"({"type":"digest","peek":true})", u"digest 1"_s);
    row(R"({"type":"lease","name":"make"})", u"lease 'make' -1 -1"_s);
    row(R"({"type":"lease","name":"make","pid":12,"max_seconds":60})", u"lease 'make' 12 60000"_s);
    row(R"({"type":"release","name":"make"})", u"release 'make'"_s);
    row(R"({"type":"wrappers"})", u"wrappers 1000 0"_s);
    row(R"({"type":"wrappers","limit":10000,"offset":7})", u"wrappers 10000 7"_s);
    row(R"({"type":"history"})", u"history - - 1000 0"_s);
    row(R"({"type":"history","since":"1970-01-01T00:00:05Z","until":"1970-01-01 00:01:00","limit":1,"offset":2})",
        u"history 5 60 1 2"_s);
    row(R"({"type":"stop"})", u"stop"_s);
    row(R"({"type":"force_rem","ts":"x"})", u"cycle"_s);
    row(R"({"type":"sleep_cycle","action":"status"})", u"sleep_cycle 0"_s);
    row(R"({"type":"sleep_cycle","action":"reset_quarantine"})", u"sleep_cycle 1"_s);
    row(R"({"type":"service","name":"web","action":"leave_alone"})", u"service 'web' leave_alone"_s);
    row(R"({"type":"reload"})", u"reload"_s);
    row(R"({"type":"user_idle","seconds":90.5})", u"user_idle 90500"_s);
    row(R"({"type":"user_idle","seconds":0})", u"user_idle 0"_s);
    row(R"({"type":"user_idle","seconds":null})", u"user_idle -1"_s);
    row(R"({"type":"clean","id":null})", u"clean"_s);
    row(R"({"type":"acknowledge","what":"starvation"})", u"acknowledge 'starvation'"_s);
}

void MessagesTest::asksTheAgent()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, call);
    const Reply reply = ask(message);
    QCOMPARE(m_target.calls, QStringList{call});
    if (!call.startsWith("acknowledge"_L1)) // whose fake says no
        QVERIFY2(reply.ok, qPrintable(reply.error));
}

/// The second half of the rows: sessions, leases, lists, cycle and services.
template<typename Row>
void addMoreWrongFields(const Row &row)
{
    row(R"({"type":"session_open","session_id":5})", u"session_id"_s);
    row(R"({"type":"session_open","ts":5})", u"ts"_s);
    row(R"({"type":"consume_first_turn"})", u"session_id"_s);
    row(R"({"type":"consume_first_turn","session_id":null})", u"session_id"_s);
    row(R"({"type":"digest","peek":0})", u"peek"_s);
    row(R"({"type":"lease"})", u"name"_s);
    row(R"({"type":"lease","name":""})", u"name"_s);
    row(R"({"type":"lease","name":"   "})", u"name"_s);
    row(R"({"type":"lease","name":3})", u"name"_s);
    row(R"({"type":"lease","name":"n","pid":0})", u"pid"_s);
    row(R"({"type":"lease","name":"n","pid":1.5})", u"pid"_s);
    row(R"({"type":"lease","name":"n","pid":true})", u"pid"_s);
    row(R"({"type":"lease","name":"n","pid":99999999999})", u"pid"_s);
    row(R"({"type":"lease","name":"n","max_seconds":0})", u"max_seconds"_s);
    row(R"({"type":"lease","name":"n","max_seconds":"1h"})", u"max_seconds"_s);
    row(R"({"type":"release"})", u"name"_s);
    row(R"({"type":"release","name":""})", u"name"_s);
    row(R"({"type":"wrappers","limit":0})", u"limit"_s);
    row(R"({"type":"wrappers","limit":10001})", u"limit"_s);
    row(R"({"type":"wrappers","limit":"5"})", u"limit"_s);
    row(R"({"type":"wrappers","offset":-1})", u"offset"_s);
    row(R"({"type":"wrappers","offset":2.5})", u"offset"_s);
    row(R"({"type":"history","since":"noon"})", u"since"_s);
    row(R"({"type":"history","until":1777000000})", u"until"_s);
    row(R"({"type":"history","limit":-4})", u"limit"_s);
    row(R"({"type":"stop","now":true})", u"now"_s);
    row(R"({"type":"sleep_cycle"})", u"action"_s);
    row(R"({"type":"sleep_cycle","action":"reset"})", u"reset_quarantine"_s); // the words that are known
    row(R"({"type":"service","action":"stop"})", u"name"_s);
    row(R"({"type":"service","name":"web","action":"kill"})", u"leave_alone"_s);
    row(R"({"type":"reload","path":"x"})", u"path"_s);
    row(R"({"type":"user_idle"})", u"seconds"_s); // a client that forgot it does not say that it knows nothing
    row(R"({"type":"user_idle","seconds":-1})", u"seconds"_s);
    row(R"({"type":"user_idle","seconds":"5"})", u"seconds"_s);
    row(R"({"type":"user_idle","seconds":1e300})", u"seconds"_s);
    row(R"({"type":"acknowledge"})", u"what"_s);
    row(R"({"type":"acknowledge","what":9})", u"what"_s);
    row(R"({"type":"clean","all":true})", u"all"_s);
}

void MessagesTest::refusesWrongFields_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *message, const QString &field) { QTest::newRow(message) << QByteArray(message) << field; };
    row(R"({"type":"status","verbose":true})", u"verbose"_s);
    row(R"({"type":"subscribe","every":1})", u"every"_s);
    row(R"({"type":"why","ts":"x"})", u"ts"_s);
    row(R"({"type":"why","":1})", u"unknown field"_s);
    row(R"({"type":"force_wake","ts":1})", u"ts"_s);
    row(R"({"type":"force_wake","ts":null})", u"ts"_s);
    row(R"({"type":"force_wake","uuid":"x"})", u"uuid"_s);
    row(R"({"type":"request_arrived","uuid":7})", u"uuid"_s);
    row(R"({"type":"request_arrived","ts":[]})", u"ts"_s);
    row(R"({"type":"user_initiated_sleep","reason":{}})", u"reason"_s);
    row(R"({"type":"user_initiated_sleep","force":1})", u"force"_s);
    row(R"({"type":"user_initiated_sleep","ts":false})", u"ts"_s);
    row(R"({"type":"hibernate","force":"yes"})", u"force"_s);
    row(R"({"type":"hibernate","reason":"x"})", u"reason"_s);
    row(R"({"type":"pause","seconds":0})", u"seconds"_s);
    row(R"({"type":"pause","seconds":-1})", u"seconds"_s);
    row(R"({"type":"pause","seconds":"60"})", u"seconds"_s);
    row(R"({"type":"pause","seconds":true})", u"seconds"_s);
    row(R"({"type":"pause","seconds":null})", u"seconds"_s);
    row(R"({"type":"pause","seconds":1e300})", u"seconds"_s);
    row(R"({"type":"pause","secnds":60})", u"seconds"_s); // the hint
    row(R"({"type":"pause","reason":4})", u"reason"_s);
    row(R"({"type":"resume","seconds":4})", u"seconds"_s);
    addMoreWrongFields(row);
}

void MessagesTest::refusesWrongFields()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, field);
    const qint64 before = m_refusals.counts()["invalid"_L1].toInteger();
    const Reply reply = ask(message);
    QVERIFY(!reply.ok);
    QCOMPARE(reply.reason, u"invalid_message"_s);
    QVERIFY2(reply.error.contains(field), qPrintable(reply.error));
    QCOMPARE(m_target.calls, QStringList{}); // nothing was done
    QCOMPARE(m_refusals.counts()["invalid"_L1].toInteger(), before + 1);
}

void MessagesTest::refusesUnknownTypes_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("reason");
    QTest::newRow("none") << QByteArray(R"({"id":1})") << u"invalid_message"_s;
    QTest::newRow("number") << QByteArray(R"({"type":1})") << u"invalid_message"_s;
    QTest::newRow("null") << QByteArray(R"({"type":null})") << u"invalid_message"_s;
    QTest::newRow("empty") << QByteArray(R"({"type":""})") << u"unknown_message_type"_s;
    QTest::newRow("case") << QByteArray(R"({"type":"STATUS"})") << u"unknown_message_type"_s;
    QTest::newRow("near") << QByteArray(R"({"type":"statsu","x":1})") << u"unknown_message_type"_s;
    QTest::newRow("long") << QByteArray(R"({"type":")" + QByteArray(60'000, 'x') + R"("})") << u"unknown_message_type"_s;
}

void MessagesTest::refusesUnknownTypes()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, reason);
    const Reply reply = ask(message);
    QVERIFY(!reply.ok);
    QCOMPARE(reply.reason, reason);
    QVERIFY(!reply.error.isEmpty());
    QVERIFY(reply.error.size() < 200);
    if (reason == "unknown_message_type"_L1)
        QCOMPARE(reply.fields["type"_L1], QJsonDocument::fromJson(message).object()["type"_L1]);
}

void MessagesTest::statusIsTheSnapshot()
{
    m_target.snapshotNow.state = State::Drowsy;
    m_target.snapshotNow.why = u"because"_s;
    const Reply reply = ask(R"({"type":"status"})");
    QVERIFY(reply.ok);
    QCOMPARE(QJsonDocument::fromJson('{' + reply.members + '}').object(), snapshotToJson(m_target.snapshotNow));
}

void MessagesTest::clipsLongTexts()
{
    const QByteArray text(5000, 'a');
    QVERIFY(ask(R"({"type":"user_initiated_sleep","reason":")" + text + R"("})").ok);
    QCOMPARE(m_target.calls, QStringList{u"sleep '%1' 0"_s.arg(QString(500, u'a'))});
    QVERIFY(ask(R"({"type":"pause","reason":")" + text + R"("})").ok);
    QCOMPARE(m_target.calls, QStringList{u"pause -1 '%1'"_s.arg(QString(500, u'a'))});
    QVERIFY(ask(R"({"type":"session_open","session_id":")" + text + R"("})").ok);
    QCOMPARE(m_target.calls, QStringList{u"session '%1'"_s.arg(QString(128, u'a'))});
    QVERIFY(ask(R"({"type":"consume_first_turn","session_id":")" + text + R"("})").ok);
    QCOMPARE(m_target.calls, QStringList{u"consume '%1'"_s.arg(QString(128, u'a'))});
}

void MessagesTest::clippingKeepsCharactersWhole()
{
    const QByteArray mouse = QByteArrayLiteral("\xF0\x9F\x90\xAD"); // two UTF-16 units
    QVERIFY(ask(R"({"type":"consume_first_turn","session_id":"a)" + mouse.repeated(100) + R"("})").ok);
    const QString session = m_target.calls.value(0).section(u'\'', 1, 1);
    QCOMPARE(session.size(), 127);
    QVERIFY(session.isValidUtf16());
}

void MessagesTest::releaseFindsWhatLeaseNamed()
{
    const QByteArray name = QByteArray("a\\u001b[31m\\nred\\u202e") + QByteArray(300, 'x');
    QVERIFY(ask(R"({"type":"lease","name":")" + name + R"("})").ok);
    const QString leased = m_target.calls.value(0).section(u'\'', 1, 1);
    QVERIFY(leased.size() <= 100);
    for (const QChar character : leased)
        QVERIFY(character.isPrint());
    QVERIFY(ask(R"({"type":"release","name":")" + name + R"("})").ok);
    QCOMPARE(m_target.calls.value(0).section(u'\'', 1, 1), leased);
}

void MessagesTest::keepsAHeartbeatsUuid()
{
    const QByteArray uuid(200, 'u');
    QVERIFY(ask(R"({"type":"release","name":"heartbeat )" + uuid + R"("})").ok);
    QCOMPARE(m_target.calls, QStringList{u"release 'heartbeat %1'"_s.arg(QString(200, u'u'))});
}

QTEST_GUILESS_MAIN(MessagesTest)
#include "tst_messages.moc"
