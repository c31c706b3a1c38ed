// SPDX-License-Identifier: MIT
#include "tray/history/historyexport.h"
#include "tray/history/historytext.h"
#include "tray/history/localtime.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QTimeZone kBerlin("Europe/Berlin");

WallTime utc(const QString &text)
{
    QDateTime time = QDateTime::fromString(text, u"yyyy-MM-dd HH:mm:ss"_s);
    time.setTimeZone(QTimeZone::utc());
    return wallTime(time);
}

StripSegment of(std::size_t span, int others = 0)
{
    return {0, 0, 1, span, others};
}

/// A morning: awake by a wrapper, drowsy, then the machine is closed and the agent gone.
History morning()
{
    History history;
    history.spans = {{utc(u"2026-05-04 06:00:00"_s), utc(u"2026-05-04 07:12:00"_s), State::Hibernation},
                     {utc(u"2026-05-04 07:12:00"_s), utc(u"2026-05-04 08:47:30"_s), State::Wake},
                     {utc(u"2026-05-04 08:47:30"_s), utc(u"2026-05-04 08:48:15"_s), State::Drowsy},
                     {utc(u"2026-05-04 08:48:15"_s), utc(u"2026-05-05 06:00:00"_s), std::nullopt}};
    history.transitions = {{utc(u"2026-05-04 07:12:00"_s), State::Hibernation, State::Wake, u"wake_signal"_s},
                           {utc(u"2026-05-04 08:00:00"_s), State::Wake, State::Wake, u"request_arrived"_s},
                           {utc(u"2026-05-04 08:47:30"_s), State::Wake, State::Drowsy, u"cat_on\nkeyboard"_s}};
    history.suspends = {{utc(u"2026-05-04 06:30:00"_s), utc(u"2026-05-04 07:00:00"_s)}};
    return history;
}

} // namespace

/// What is said of a stretch is all that many people get of the strip.
class TestHistoryTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom)); }
    void aStretchIsToldWhole();
    void durations_data();
    void durations();
    void amounts();
    void everyTriggerHasWords();
    void theSumsAreThoseOfTheHistory();
    void thereIsNoMedianOfNothing();
    void theTableIsThatOfTheCommandLine();
};

void TestHistoryTexts::aStretchIsToldWhole()
{
    const History history = morning();
    const auto told = [&history](const StripSegment &segment) { return historytext::details(history, segment, kBerlin); };
    QCOMPARE(told(of(0)), u"Hibernating · Mon 4 May, 08:00 – 09:12 · 1 h 12 min · machine suspended for 30 min"_s);
    QCOMPARE(told(of(1)), u"Awake · Mon 4 May, 09:12 – 10:47 · 1 h 35 min · the wake signal was given"_s);
    // Short: with seconds. What a log says is shown, but cannot break the line.
    QCOMPARE(told(of(2)), u"Drowsy · Mon 4 May, 10:47:30 – 10:48:15 · 45 s · cat_on keyboard"_s);
    QVERIFY(told(of(3)).startsWith(u"Not running · Mon 4 May, 10:48 – Tue 5 May, 08:00 · 21 h 11 min"_s));
    QVERIFY(told(of(1, 3)).contains(u'3')); // three more share the pixel
}

void TestHistoryTexts::durations_data()
{
    QTest::addColumn<Millis>("time");
    QTest::addColumn<QString>("text");
    QTest::newRow("0") << Millis(0) << u"0.0 s"_s;
    QTest::newRow("2.345 s") << Millis(2345) << u"2.3 s"_s;
    QTest::newRow("59 s") << Millis(59'999) << u"59 s"_s;
    QTest::newRow("1 min") << Millis(60'000) << u"1 min"_s;
    QTest::newRow("1 h") << Millis(1h) << u"1 h"_s;
    QTest::newRow("1 h 5 min") << Millis(65min) << u"1 h 5 min"_s;
    QTest::newRow("1 d") << Millis(24h) << u"1 d"_s;
    QTest::newRow("29 d 23 h") << Millis(719h + 59min) << u"29 d 23 h"_s;
}

void TestHistoryTexts::durations()
{
    QFETCH(Millis, time);
    QFETCH(QString, text);
    QCOMPARE(historytext::duration(time), text);
}

void TestHistoryTexts::amounts()
{
    QCOMPARE(historytext::percent(0), u"0.0 %"_s);
    QCOMPARE(historytext::percent(0.0001), u"< 0.1 %"_s);
    QCOMPARE(historytext::percent(0.4567), u"45.7 %"_s);
    QCOMPARE(historytext::percent(1), u"100.0 %"_s);
    QCOMPARE(historytext::saved(0), u"0 MB·h"_s);
    QCOMPARE(historytext::saved(0.86), u"860 MB·h"_s);
    QCOMPARE(historytext::saved(12.44), u"12.4 GB·h"_s);
    QCOMPARE(historytext::saved(1522), u"1,522 GB·h"_s);
}

void TestHistoryTexts::everyTriggerHasWords()
{
    for (const Event event : kAllEvents) {
        const QString words = historytext::trigger(toString(event));
        QVERIFY(!words.isEmpty());
        QVERIFY2(!words.contains(u'_'), qPrintable(words));
    }
}

void TestHistoryTexts::theSumsAreThoseOfTheHistory()
{
    History history = morning();
    history.savedGigabyteHours = 7.5;
    history.wakeToReady = {9s, 2s, 4s, 3s};
    const HistorySummary summary = summarized(history);
    QCOMPARE(summary.shares[0].time, Millis(95min + 30s));
    QCOMPARE(summary.shares[1].time, Millis(45s));
    QCOMPARE(summary.shares[2].time, Millis(0));
    QCOMPARE(summary.shares[3].time, Millis(72min));
    QCOMPARE(summary.shares[4].time, Millis(24h - 2h - 48min - 15s));
    QCOMPARE(summary.shares[3].part, 72.0 / 1440);
    QCOMPARE(summary.savedGigabyteHours, 7.5);
    QCOMPARE(summary.wakes, 1); // a request while awake is none
    QCOMPARE(historytext::ready(summary), u"3.5 s"_s);
    QCOMPARE(historytext::readyNote(summary), u"median of 4; slowest 9.0 s"_s);
}

void TestHistoryTexts::thereIsNoMedianOfNothing()
{
    const HistorySummary summary = summarized({});
    QCOMPARE(historytext::ready(summary), u"–"_s);
    for (const StateShare &share : summary.shares)
        QCOMPARE(share.part, 0.0);
}

void TestHistoryTexts::theTableIsThatOfTheCommandLine()
{
    QCOMPARE(historyCsv(morning()),
             QByteArray("from,to,state,duration_sec\n"
                        "2026-05-04T06:00:00.000+00:00,2026-05-04T07:12:00.000+00:00,HIBERNATION,4320.000\n"
                        "2026-05-04T07:12:00.000+00:00,2026-05-04T08:47:30.000+00:00,WAKE,5730.000\n"
                        "2026-05-04T08:47:30.000+00:00,2026-05-04T08:48:15.000+00:00,DROWSY,45.000\n"
                        "2026-05-04T08:48:15.000+00:00,2026-05-05T06:00:00.000+00:00,not_running,76305.000\n"));
    QCOMPARE(historyCsv({}), QByteArray("from,to,state,duration_sec\n"));
}

QTEST_GUILESS_MAIN(TestHistoryTexts)
#include "tst_historytexts.moc"
