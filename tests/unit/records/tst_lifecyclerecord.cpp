// SPDX-License-Identifier: MIT
#include "shared/records/lifecyclerecord.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = parseTimestamp(u"2026-05-02T12:00:00Z").value_or(WallTime());

QByteArray recordWith(const QByteArray &sequence, const QByteArray &more = {})
{
    return R"({"current_state":"SLEEP","since_ts":"2026-05-02T10:00:00Z","last_activity_ts":"2026-05-02 09:00","shadow_run":false,)"
           "\"wrapper_event_seq\":"
           + sequence + more + '}';
}

} // namespace

/// A record that is misread forgets a quarantine, wakes a machine for nothing, or loses what a newer version wrote.
class TestLifecycleRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatItDoesNotKnow();
    void absentPartsStayAbsent();
    void sequenceMustBeWrittenAsInteger_data();
    void sequenceMustBeWrittenAsInteger();
    void quarantineWithExtrasIsKept();
    void defaultRecordIsValid();
    void activityIsStampedInEveryState();
    void withoutTransitionOnlyTheFlagFollows();
    void transitionStampsItsBegin();
    void wakeToWakeIsATransition();
    void sequenceNeverOverflows();
};

void TestLifecycleRecord::keepsWhatItDoesNotKnow()
{
    const QByteArray bytes =
        recordWith("3", R"(,"quarantine":null,"sleep_cycle_progress":{"attempt":1,"x":[1]},"later":{"a":[null,1.5]})");
    const std::optional<LifecycleRecord> record = parseRecord(bytes);
    QVERIFY(record);
    QCOMPARE(recordToJson(*record), parseJsonObject(bytes).value()); // time strings too: as they were written
    QCOMPARE(parseRecord(formatJsonFile(recordToJson(*record))), record);
}

void TestLifecycleRecord::absentPartsStayAbsent()
{
    const std::optional<LifecycleRecord> record = parseRecord(recordWith("3"));
    QVERIFY(record);
    QVERIFY(!recordToJson(*record).contains("quarantine"_L1));
    QVERIFY(!recordToJson(*record).contains("sleep_cycle_progress"_L1));
}

void TestLifecycleRecord::sequenceMustBeWrittenAsInteger_data()
{
    QTest::addColumn<QByteArray>("sequence");
    QTest::addColumn<bool>("valid");
    QTest::newRow("zero") << QByteArray("0") << true;
    QTest::newRow("largest") << QByteArray("9223372036854775807") << true;
    QTest::newRow("beyond 64 bits") << QByteArray("9223372036854775808") << false;
    QTest::newRow("3.0") << QByteArray("3.0") << false;
    QTest::newRow("1e2") << QByteArray("1e2") << false;
    QTest::newRow("true") << QByteArray("true") << false;
    QTest::newRow("negative") << QByteArray("-1") << false;
    QTest::newRow("NaN") << QByteArray("NaN") << false;
}

void TestLifecycleRecord::sequenceMustBeWrittenAsInteger()
{
    QFETCH(const QByteArray, sequence);
    QTEST(parseRecord(recordWith(sequence)).has_value(), "valid");
}

void TestLifecycleRecord::quarantineWithExtrasIsKept()
{
    const QByteArray quarantine = R"(,"quarantine":{"until_ts":"u","reason":"","since_ts":"s","by":"hand"})";
    const std::optional<LifecycleRecord> record = parseRecord(recordWith("3", quarantine));
    QVERIFY(record);
    QCOMPARE(record->quarantine["by"_L1].toString(), u"hand"_s);
    QVERIFY(!parseRecord(recordWith("3", R"(,"quarantine":{"until_ts":"u","reason":"r","since_ts":5})")));
}

void TestLifecycleRecord::defaultRecordIsValid()
{
    const LifecycleRecord record = defaultRecord(kNow);
    QCOMPARE(parseRecord(formatJsonFile(recordToJson(record))), std::optional(record));
    QVERIFY(record.state == State::Wake);
    QCOMPARE(record.sinceTs, u"2026-05-02T12:00:00.000+00:00"_s);
    QVERIFY(recordToJson(record).value("quarantine"_L1).isNull()); // there, and null: Python's reader wants the key
}

void TestLifecycleRecord::activityIsStampedInEveryState()
{
    for (const State state : kAllStates) {
        for (const Event event : kAllEvents) {
            LifecycleRecord record = defaultRecord(kNow);
            record.state = state;
            record.sequence = 5;
            const Dispatched result = dispatched(record, event, {}, kNow + 1s, false);
            const bool stamped =
                result.record.lastActivityTs == u"2026-05-02T12:00:01.000+00:00"_s && result.record.sequence == 6;
            QCOMPARE(stamped, isActivity(event));
            QVERIFY(stamped || (result.record.lastActivityTs == record.lastActivityTs && result.record.sequence == 5));
        }
    }
}

void TestLifecycleRecord::withoutTransitionOnlyTheFlagFollows()
{
    const LifecycleRecord record = defaultRecord(kNow);
    const Dispatched same = dispatched(record, Event::Tick, {}, kNow + 1s, false);
    QVERIFY(same.record == record && !same.target); // nothing changed: nothing is written
    LifecycleRecord flagged = record;
    flagged.shadowRun = true;
    QVERIFY(dispatched(record, Event::Tick, {}, kNow + 1s, true).record == flagged);
}

void TestLifecycleRecord::transitionStampsItsBegin()
{
    LifecycleRecord record = defaultRecord(kNow);
    record.progress = QJsonObject{{u"attempt"_s, 2}};
    record.unknown = {{u"later"_s, 1}};
    const Dispatched result = dispatched(record, Event::Idle5Min, {}, kNow + 5min, false);
    QCOMPARE(result.target, std::optional(State::Drowsy));
    LifecycleRecord expected = record;
    expected.state = State::Drowsy;
    expected.sinceTs = u"2026-05-02T12:05:00.000+00:00"_s;
    QVERIFY(result.record == expected);
}

void TestLifecycleRecord::wakeToWakeIsATransition()
{
    const Dispatched result = dispatched(defaultRecord(kNow), Event::RequestArrived, {}, kNow + 1s, false);
    QCOMPARE(result.target, std::optional(State::Wake));
    QCOMPARE(result.record.sinceTs, u"2026-05-02T12:00:01.000+00:00"_s);
}

void TestLifecycleRecord::sequenceNeverOverflows()
{
    LifecycleRecord record = defaultRecord(kNow);
    record.sequence = std::numeric_limits<qint64>::max();
    QCOMPARE(dispatched(record, Event::WakeSignal, {}, kNow, false).record.sequence, std::numeric_limits<qint64>::max());
}

QTEST_GUILESS_MAIN(TestLifecycleRecord)
#include "tst_lifecyclerecord.moc"
