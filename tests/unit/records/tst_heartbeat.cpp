// SPDX-License-Identifier: MIT
#include "shared/records/heartbeat.h"

#include "shared/records/timestamp.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = parseTimestamp(u"2026-05-02T12:00:00Z").value_or(WallTime());

} // namespace

/// Presence hangs on this: a heartbeat that is misread puts a client's service to sleep under it, or pins it for ever.
/// The reference's own answers are in the conformance test; here is what its vectors do not hold.
class TestHeartbeat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsOptionalFields();
    void unusableOptionalFieldsDoNotCost();
    void tornPayloads_data();
    void tornPayloads();
    void candidateNames_data();
    void candidateNames();
    void namesStandIn_data();
    void namesStandIn();
    void statusAtItsEdges_data();
    void statusAtItsEdges();
};

void TestHeartbeat::readsOptionalFields()
{
    const std::optional<Heartbeat> heartbeat = parseHeartbeat(
        R"({"pid":7,"uuid":"u","last_refresh":"2026-05-02T12:00:00Z","last_active":"2026-05-02T11:00:00Z","name":"claude-code"})");
    QCOMPARE(heartbeat, std::optional(Heartbeat{7, u"u"_s, kNow, kNow - 1h, u"claude-code"_s}));
}

void TestHeartbeat::unusableOptionalFieldsDoNotCost()
{
    const std::optional<Heartbeat> heartbeat = parseHeartbeat(
        R"({"pid":7,"uuid":"u","last_refresh":"2026-05-02T12:00:00Z","last_active":"soon","name":5,"started_at":[]})");
    QCOMPARE(heartbeat, std::optional(Heartbeat{7, u"u"_s, kNow, std::nullopt, QString()}));
}

void TestHeartbeat::tornPayloads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray tail = R"(,"uuid":"u","last_refresh":"2026-05-02T12:00:00Z"})";
    QTest::newRow("boolean pid") << "{\"pid\":true" + tail;
    QTest::newRow("float pid") << "{\"pid\":7.0" + tail;
    QTest::newRow("pid beyond 64 bits") << "{\"pid\":18446744073709551616" + tail;
    QTest::newRow("pid absent") << QByteArray(R"({"uuid":"u","last_refresh":"2026-05-02T12:00:00Z"})");
    QTest::newRow("last_refresh absent") << QByteArray(R"({"pid":7,"uuid":"u"})");
    QTest::newRow("no real day") << QByteArray(R"({"pid":7,"last_refresh":"2026-02-30T12:00:00Z"})");
    QTest::newRow("zeros") << QByteArray(100, '\0');
    QTest::newRow("nested too deep") << "{\"pid\":7,\"x\":" + QByteArray(30'000, '[') + QByteArray(30'000, ']') + tail;
}

void TestHeartbeat::tornPayloads()
{
    QFETCH(const QByteArray, bytes);
    QVERIFY(!parseHeartbeat(bytes));
}

void TestHeartbeat::candidateNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("candidate");
    QTest::newRow("usual") << u"heartbeat-1-u.json"_s << true;
    QTest::newRow("shortest") << u"heartbeat-.json"_s << true;
    QTest::newRow("too short") << u"heartbeat-json"_s << false;
    QTest::newRow("overlapping") << u"heartbeat.json"_s << false;
    QTest::newRow("case") << u"Heartbeat-1-u.json"_s << false;
    QTest::newRow("case of the end") << u"heartbeat-1-u.JSON"_s << false;
    QTest::newRow("dot") << u".heartbeat-1-u.json"_s << false;
    QTest::newRow("temporary") << u"heartbeat-1-u.json.x7Qz1a"_s << false;
    QTest::newRow("empty") << QString() << false;
}

void TestHeartbeat::candidateNames()
{
    QFETCH(const QString, name);
    QTEST(isHeartbeatName(name), "candidate");
}

void TestHeartbeat::namesStandIn_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("pid"); // -1: none
    QTest::addColumn<QString>("uuid");
    QTest::newRow("usual") << u"heartbeat-12-a-b.json"_s << qint64{12} << u"a-b"_s;
    QTest::newRow("empty uuid") << u"heartbeat-12-.json"_s << qint64{12} << QString();
    QTest::newRow("json in the uuid") << u"heartbeat-12-x.json.json"_s << qint64{12} << u"x.json"_s;
    QTest::newRow("zero") << u"heartbeat-0-u.json"_s << qint64{0} << u"u"_s;
    QTest::newRow("no dash") << u"heartbeat-12.json"_s << qint64{-1} << QString();
    QTest::newRow("negative") << u"heartbeat--12-u.json"_s << qint64{-1} << QString();
    QTest::newRow("sign") << u"heartbeat-+12-u.json"_s << qint64{-1} << QString();
    QTest::newRow("blank") << u"heartbeat- 12-u.json"_s << qint64{-1} << QString();
    QTest::newRow("hexadecimal") << u"heartbeat-0x1-u.json"_s << qint64{-1} << QString();
    QTest::newRow("other digits") << u"heartbeat-१२-u.json"_s << qint64{-1} << QString();
    QTest::newRow("beyond 64 bits") << u"heartbeat-18446744073709551617-u.json"_s << qint64{-1} << QString();
    QTest::newRow("no candidate") << u"other-12-u.json"_s << qint64{-1} << QString();
}

void TestHeartbeat::namesStandIn()
{
    QFETCH(const QString, name);
    QFETCH(const qint64, pid);
    QFETCH(const QString, uuid);
    const std::optional<Heartbeat> heartbeat = heartbeatFromName(name, kNow);
    if (pid < 0)
        QVERIFY(!heartbeat);
    else
        QCOMPARE(heartbeat, std::optional(Heartbeat{pid, uuid, kNow, std::nullopt, QString()}));
}

void TestHeartbeat::statusAtItsEdges_data()
{
    QTest::addColumn<qint64>("ageMicros");
    QTest::addColumn<bool>("alive");
    QTest::addColumn<QString>("status");
    QTest::newRow("now") << qint64{0} << true << u"fresh"_s;
    QTest::newRow("dead") << qint64{0} << false << u"orphan"_s;
    QTest::newRow("just fresh") << qint64{90'000'000} << true << u"fresh"_s;
    QTest::newRow("just stale") << qint64{90'000'001} << true << u"stale"_s;
    QTest::newRow("stale and dead") << qint64{90'000'001} << false << u"stale"_s;
    QTest::newRow("a little ahead") << qint64{-90'000'000} << true << u"fresh"_s;
    QTest::newRow("far ahead") << qint64{-90'000'001} << true
                               << u"stale"_s; // a clock that was wrong once must not pin WAKE for ever
}

void TestHeartbeat::statusAtItsEdges()
{
    QFETCH(const qint64, ageMicros);
    QFETCH(const bool, alive);
    const WallTime refreshed = kNow - std::chrono::microseconds(ageMicros);
    QTEST(QString(toString(heartbeatStatus(refreshed, alive, kNow, Millis(90s)))), "status");
}

QTEST_GUILESS_MAIN(TestHeartbeat)
#include "tst_heartbeat.moc"
