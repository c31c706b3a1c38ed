// SPDX-License-Identifier: MIT
#include "shared/records/timestamp.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono;

/// A time that is misread makes a live client look gone, or a dead one live.
class TestTimestamp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheInstant_data();
    void readsTheInstant();
    void refusesWhatIsNoTime_data();
    void refusesWhatIsNoTime();
    void writesWhatPythonReads();
    void exactTimesReadBackExactly();
    void everyDayReadsBack();
    void timesOfABrokenClockStayWritable();
};

void TestTimestamp::readsTheInstant_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("micros");
    const qint64 noon = 1'777'723'200'000'000; // 2026-05-02T12:00:00Z
    const auto row = [](const char *text, qint64 micros) { QTest::newRow(text) << QString::fromLatin1(text) << micros; };
    row("2026-05-02T12:00:00Z", noon);
    row("2026-05-02T12:00:00+00:00", noon);
    row("2026-05-02T12:00:00", noon);
    row("2026-05-02 12:00:00", noon);
    row("2026-05-02T12:00Z", noon);
    row("2026-05-02T12:00", noon);
    row("2026-05-02T12:00:00-00:00", noon);
    row("2026-05-02T14:00:00+02:00", noon);
    row("2026-05-02T14:00:00+0200", noon);
    row("2026-05-02T14:00:00+02", noon);
    row("2026-05-02T08:30:00-03:30", noon);
    row("2026-05-03T11:59:00+23:59", noon);
    row("2026-05-01T12:01:00-23:59", noon);
    row("2026-05-02T12:00:00.5Z", noon + 500'000);
    row("2026-05-02T12:00:00,5Z", noon + 500'000);
    row("2026-05-02T12:00:00.000001Z", noon + 1);
    row("2026-05-02T12:00:00.1234567891234567+00:00", noon + 123'456);
    row("1970-01-01T00:00:00Z", 0);
    row("1969-12-31T23:59:59.999999Z", -1);
    row("2024-02-29T00:00:00Z", 1'709'164'800'000'000);
    row("2000-02-29T00:00:00Z", 951'782'400'000'000);
    row("0001-01-01T00:00:00Z", -62'135'596'800'000'000);
    row("9999-12-31T23:59:59.999999Z", 253'402'300'799'999'999);
}

void TestTimestamp::readsTheInstant()
{
    QFETCH(const QString, text);
    const std::optional<WallTime> time = parseTimestamp(text);
    QVERIFY(time);
    QTEST(qint64{time->time_since_epoch().count()}, "micros");
}

void TestTimestamp::refusesWhatIsNoTime_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"",
                             "yesterday",
                             "2026",
                             "2026-05-02",
                             "2026-05-02T",
                             "2026-05-02T12",
                             "2026-05-02T12:",
                             "2026-05-02T12:00:",
                             "2026-05-02T12:00:0",
                             "2026-05-02T12:00:00.",
                             "2026-05-02T12:00:00.Z",
                             "2026-05-02T12:00.5",
                             "2026-05-02t12:00:00Z",
                             "2026-05-02T12:00:00z",
                             "2026-05-02_12:00:00Z",
                             "20260502T120000Z",
                             "2026-05-02T120000Z",
                             "2026-5-2T12:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-04-31T00:00:00Z",
                             "2026-05-00T00:00:00Z",
                             "2025-02-29T00:00:00Z",
                             "1900-02-29T00:00:00Z",
                             "0000-01-01T00:00:00Z",
                             "2026-05-02T24:00:00Z",
                             "2026-05-02T23:60:00Z",
                             "2026-06-30T23:59:60Z",
                             "2026-05-02T12:00:00+",
                             "2026-05-02T12:00:00+2",
                             "2026-05-02T12:00:00+02:",
                             "2026-05-02T12:00:00+02:0",
                             "2026-05-02T12:00:00+02:60",
                             "2026-05-02T12:00:00+24:00",
                             "2026-05-02T12:00:00+02:00:00",
                             "2026-05-02T12:00:00ZZ",
                             "2026-05-02T12:00:00Z ",
                             " 2026-05-02T12:00:00Z",
                             "2026-05-02T12:00:00 +00:00",
                             "+2026-05-02T12:00:00Z",
                             "-026-05-02T12:00:00Z",
                             "12026-05-02T12:00:00Z",
                             "2026-W18-6T12:00:00Z",
                             "1777723200"})
        QTest::newRow(text[0] == '\0' ? "empty" : text) << QString::fromLatin1(text);
    QTest::newRow("other digits") << u"२०२६-05-02T12:00:00Z"_s;
    QTest::newRow("NUL at the end") << u"2026-05-02T12:00:00Z"_s + QChar(u'\0');
    QTest::newRow("huge") << QString(1'000'000, u'2');
}

void TestTimestamp::refusesWhatIsNoTime()
{
    QFETCH(const QString, text);
    QVERIFY(!parseTimestamp(text));
}

void TestTimestamp::writesWhatPythonReads()
{
    const WallTime time = sys_days(2026y / May / 2) + 15h + 14min + 30s + 123'999us;
    QCOMPARE(formatTimestamp(time), u"2026-05-02T15:14:30.123+00:00"_s); // cut, never rounded into the future
    QCOMPARE(formatExactTimestamp(time), u"2026-05-02T15:14:30.123999+00:00"_s);
    QCOMPARE(formatUtcDay(time), u"2026-05-02"_s);
    QCOMPARE(formatTimestamp(WallTime(-1us)), u"1969-12-31T23:59:59.999+00:00"_s);
    QCOMPARE(formatUtcDay(WallTime(-1us)), u"1969-12-31"_s);
}

void TestTimestamp::exactTimesReadBackExactly()
{
    for (const qint64 micros : {qint64{0}, qint64{-1}, qint64{1'777'723'200'123'456}, qint64{253'402'300'799'999'999},
                                qint64{-62'135'596'800'000'000}}) {
        const WallTime time{microseconds(micros)};
        QCOMPARE(parseTimestamp(formatExactTimestamp(time)), std::optional(time));
    }
}

void TestTimestamp::everyDayReadsBack()
{
    for (sys_days day = 1999y / January / 1; day < sys_days(2041y / January / 1); day += days(1)) {
        const WallTime time = day + 23h + 59min + 59s + 999ms;
        QCOMPARE(parseTimestamp(formatTimestamp(time)), std::optional(time));
    }
}

void TestTimestamp::timesOfABrokenClockStayWritable()
{
    QVERIFY(parseTimestamp(formatTimestamp(WallTime::max())));
    QVERIFY(parseTimestamp(formatTimestamp(WallTime::min())));
    QCOMPARE(formatUtcDay(WallTime::max()), u"9999-12-31"_s);
}

QTEST_GUILESS_MAIN(TestTimestamp)
#include "tst_timestamp.moc"
