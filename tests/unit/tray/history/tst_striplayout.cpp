// SPDX-License-Identifier: MIT
#include "tray/history/localtime.h"
#include "tray/history/striplayout.h"

#include <QRandomGenerator>
#include <QtTest>

#include <set>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QTimeZone kBerlin("Europe/Berlin");

WallTime berlin(const QString &text)
{
    QDateTime time = QDateTime::fromString(text, u"yyyy-MM-dd HH:mm"_s);
    time.setTimeZone(kBerlin);
    return wallTime(time);
}

/// Gapless spans from `from` on, with the given lengths, in changing states.
History chain(WallTime from, const std::vector<std::chrono::seconds> &lengths)
{
    History history;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        history.spans.push_back({from, from + lengths[i], kAllStates.at(i % kAllStates.size())});
        from += lengths[i];
    }
    return history;
}

std::vector<StripRow> oneRow(WallTime from, WallTime to)
{
    return {{QDate(), TimeScale::even(from, to)}};
}

} // namespace

/// A strip that lies about when the machine slept is worse than none.
class TestStripLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void piecesLieWhereTheirTimeIs();
    void shortStaysRemainVisible();
    void moreSpansThanPixelsShareThem();
    void anyHistoryIsCoveredExactly();
    void aSpanOverMidnightIsInBothRows();
    void theRowsAreLocalDays();
    void nineOClockIsAtTheSamePlaceEveryDay_data();
    void nineOClockIsAtTheSamePlaceEveryDay();
    void theHourThatComesTwiceHidesNothing();
    void aDayWithoutMidnight();
    void suspendsAreMarkedInEachRow();
    void keysLeadFromSpanToSpan();
};

void TestStripLayout::piecesLieWhereTheirTimeIs()
{
    const WallTime from = berlin(u"2026-05-02 00:00"_s);
    const StripLayout layout(chain(from + 6h, {6h, 3h}), oneRow(from, from + 24h), 240);
    QCOMPARE(layout.segments().size(), std::size_t{2});
    QVERIFY(layout.segments()[0] == (StripSegment{0, 60, 60, 0, 0}));
    QVERIFY(layout.segments()[1] == (StripSegment{0, 120, 30, 1, 0}));
    // Where nothing is known, there is nothing to point at.
    QVERIFY(!layout.segmentAt(0, 59));
    QCOMPARE(layout.segmentAt(0, 60), std::optional<std::size_t>(0));
    QCOMPARE(layout.segmentAt(0, 119), std::optional<std::size_t>(0));
    QCOMPARE(layout.segmentAt(0, 120), std::optional<std::size_t>(1));
    QCOMPARE(layout.segmentAt(0, 149), std::optional<std::size_t>(1));
    QVERIFY(!layout.segmentAt(0, 150));
    QVERIFY(!layout.segmentAt(1, 100));
    QVERIFY(!layout.segmentAt(-1, 100));
}

void TestStripLayout::shortStaysRemainVisible()
{
    const WallTime from = berlin(u"2026-05-02 00:00"_s);
    // Ten wakes of a second each, in the middle of a night, and one at the very end.
    std::vector<std::chrono::seconds> lengths{12h};
    for (int i = 0; i < 10; ++i)
        lengths.push_back(1s);
    lengths.push_back(12h - 11s);
    lengths.push_back(1s);
    const StripLayout layout(chain(from, lengths), oneRow(from, from + 24h), 200);
    QCOMPARE(layout.segments().size(), lengths.size());
    std::set<std::size_t> seen;
    for (int x = 0; x < 200; ++x)
        seen.insert(layout.segments().at(layout.segmentAt(0, x).value()).span);
    QCOMPARE(seen.size(), lengths.size()); // each can be pointed at
    QVERIFY(std::abs(layout.segments()[1].left - 100) <= 10);
}

void TestStripLayout::moreSpansThanPixelsShareThem()
{
    const WallTime from = berlin(u"2026-05-02 00:00"_s);
    std::vector<std::chrono::seconds> lengths(1000, 80s);
    lengths[500] = 86400s - 999 * 80s;
    const StripLayout layout(chain(from, lengths), oneRow(from, from + 24h), 100);
    int all = 0;
    bool isLongShown = false;
    for (const StripSegment &segment : layout.segments()) {
        all += 1 + segment.others;
        isLongShown = isLongShown || segment.span == 500;
    }
    QCOMPARE(all, 1000); // none is forgotten
    QVERIFY(isLongShown);
}

void TestStripLayout::anyHistoryIsCoveredExactly()
{
    QRandomGenerator random(11);
    const QTimeZone zone = kBerlin;
    for (int round = 0; round < 300; ++round) {
        const int width = 1 + int(random.bounded(900));
        const HistoryRange range = kAllRanges.at(random.bounded(3U));
        // October: a day of 25 hours is among them.
        const WallTime now = berlin(u"2026-10-26 13:37"_s) + std::chrono::minutes(random.bounded(3 * 1440));
        const std::vector<StripRow> rows = stripRows(range, now, zone);
        const WallTime begin = rows.front().scale.from() + std::chrono::seconds(random.bounded(80'000));
        std::vector<std::chrono::seconds> lengths;
        const int most = random.bounded(2) == 0 ? 40'000 : 600;
        for (WallTime at = begin; at < now; at += lengths.back())
            lengths.push_back(
                std::min(std::chrono::seconds(1 + random.bounded(most)), std::chrono::ceil<std::chrono::seconds>(now - at)));
        const History history = chain(begin, lengths);
        const StripLayout layout(history, rows, width);
        int row = -1;
        int end = 0;
        std::size_t told = 0;
        for (const StripSegment &segment : layout.segments()) {
            QVERIFY(segment.width >= 1);
            if (segment.row == row) {
                QCOMPARE(segment.left, end); // they touch
            } else {
                QVERIFY(segment.row > row);
                QVERIFY(row < 0 || segment.left == 0);
            }
            row = segment.row;
            end = segment.left + segment.width;
            QVERIFY(end <= width);
            told += 1 + std::size_t(segment.others);
        }
        QVERIFY(told >= history.spans.size()); // once more for each midnight
        const int last = int(std::lround(rows.back().scale.partAt(history.spans.back().to) * width));
        QVERIFY2(std::abs(end - last) <= 1, qPrintable(u"%1 %2"_s.arg(end).arg(last)));
    }
}

void TestStripLayout::aSpanOverMidnightIsInBothRows()
{
    const std::vector<StripRow> rows = stripRows(HistoryRange::Week, berlin(u"2026-05-08 12:00"_s), kBerlin);
    const StripLayout layout(chain(berlin(u"2026-05-06 18:00"_s), {12h, 2h}), rows, 240);
    QCOMPARE(layout.segments().size(), std::size_t{3});
    QVERIFY(layout.segments()[0] == (StripSegment{4, 180, 60, 0, 0}));
    QVERIFY(layout.segments()[1] == (StripSegment{5, 0, 60, 0, 0}));
    QVERIFY(layout.segments()[2] == (StripSegment{5, 60, 20, 1, 0}));
}

void TestStripLayout::theRowsAreLocalDays()
{
    const WallTime now = berlin(u"2026-05-29 16:20"_s);
    const std::vector<StripRow> month = stripRows(HistoryRange::Month, now, kBerlin);
    QCOMPARE(month.size(), std::size_t{30});
    QCOMPARE(month.back().date, QDate(2026, 5, 29));
    QCOMPARE(month.front().scale.from(), berlin(u"2026-04-30 00:00"_s));
    for (std::size_t i = 1; i < month.size(); ++i)
        QCOMPARE(month[i].scale.from(), month[i - 1].scale.to());
    const std::vector<StripRow> day = stripRows(HistoryRange::Day, now, kBerlin);
    QCOMPARE(day.size(), std::size_t{1});
    QVERIFY(!day.front().date.isValid());
    QCOMPARE(day.front().scale.from(), now - 24h);
    QCOMPARE(day.front().scale.to(), now);
}

void TestStripLayout::nineOClockIsAtTheSamePlaceEveryDay_data()
{
    QTest::addColumn<QDate>("date");
    QTest::addColumn<int>("hours");
    QTest::newRow("a plain day") << QDate(2026, 5, 2) << 24;
    QTest::newRow("clocks go forward") << QDate(2026, 3, 29) << 23;
    QTest::newRow("clocks go back") << QDate(2026, 10, 25) << 25;
}

void TestStripLayout::nineOClockIsAtTheSamePlaceEveryDay()
{
    QFETCH(QDate, date);
    QFETCH(int, hours);
    const TimeScale scale = TimeScale::localDay(date, kBerlin);
    QCOMPARE(std::chrono::duration_cast<std::chrono::hours>(scale.to() - scale.from()).count(), hours);
    for (const int hour : {0, 1, 4, 9, 23}) {
        const WallTime at = wallTime(QDateTime(date, QTime(hour, 30), kBerlin));
        QVERIFY2(qAbs(scale.partAt(at) - (hour + 0.5) / 24) < 1e-9, qPrintable(QString::number(hour)));
    }
    QCOMPARE(scale.partAt(scale.from()), 0.0);
    QCOMPARE(scale.partAt(scale.to()), 1.0);
    double before = 0;
    for (WallTime at = scale.from(); at <= scale.to(); at += 1min) {
        QVERIFY(scale.partAt(at) >= before); // time never runs back
        before = scale.partAt(at);
    }
}

void TestStripLayout::theHourThatComesTwiceHidesNothing()
{
    // 02:10 to 02:50 comes twice in this night; awake in the first, asleep in the second.
    const WallTime first = berlin(u"2026-10-25 01:10"_s) + 1h;
    const StripLayout layout(chain(first, {40min, 20min, 40min}),
                             {{QDate(2026, 10, 25), TimeScale::localDay(QDate(2026, 10, 25), kBerlin)}}, 960);
    QCOMPARE(layout.segments().size(), std::size_t{3});
    QCOMPARE(layout.segments()[0].width, 14); // two hours in the room of one
    QCOMPARE(layout.segments()[2].width, 14);
    QCOMPARE(layout.segments()[0].left, 83);
}

void TestStripLayout::aDayWithoutMidnight()
{
    // In Cairo clocks went from 00:00 to 01:00.
    const QTimeZone cairo("Africa/Cairo");
    const TimeScale scale = TimeScale::localDay(QDate(2024, 4, 26), cairo);
    QCOMPARE(std::chrono::duration_cast<std::chrono::hours>(scale.to() - scale.from()).count(), 23);
    QVERIFY(qAbs(scale.partAt(wallTime(QDateTime(QDate(2024, 4, 26), QTime(9, 0), cairo))) - 9 / 24.0) < 1e-9);
    QCOMPARE(scale.from(), TimeScale::localDay(QDate(2024, 4, 25), cairo).to());
}

void TestStripLayout::suspendsAreMarkedInEachRow()
{
    History history = chain(berlin(u"2026-05-06 00:00"_s), {48h});
    history.suspends = {{berlin(u"2026-05-06 22:00"_s), berlin(u"2026-05-07 06:00"_s)},
                        {berlin(u"2026-05-07 12:00"_s), berlin(u"2026-05-07 12:00"_s) + 5s}};
    const StripLayout layout(history, stripRows(HistoryRange::Week, berlin(u"2026-05-08 12:00"_s), kBerlin), 240);
    QVERIFY(layout.suspends() == (std::vector<StripSuspend>{{4, 220, 20, 0}, {5, 0, 60, 0}, {5, 120, 1, 1}}));
}

void TestStripLayout::keysLeadFromSpanToSpan()
{
    const std::vector<StripRow> rows = stripRows(HistoryRange::Week, berlin(u"2026-05-08 12:00"_s), kBerlin);
    const StripLayout layout(chain(berlin(u"2026-05-06 06:00"_s), {6h, 24h, 4h}), rows, 240); // segments: 0 | 1, 1 | 2
    QCOMPARE(layout.segments().size(), std::size_t{4});
    QCOMPARE(layout.neighbour(0, 1), std::size_t{1});
    QCOMPARE(layout.neighbour(1, 1), std::size_t{3}); // not to the rest of the same span
    QCOMPARE(layout.neighbour(3, 1), std::size_t{3});
    QCOMPARE(layout.neighbour(3, -1), std::size_t{2});
    QCOMPARE(layout.neighbour(2, -1), std::size_t{0});
    QCOMPARE(layout.neighbour(0, -1), std::size_t{0});
    QCOMPARE(layout.neighbourRow(0, 1), std::size_t{2});
    QCOMPARE(layout.neighbourRow(3, -1), std::size_t{1});
    QCOMPARE(layout.neighbourRow(0, -1), std::size_t{0});
}

QTEST_GUILESS_MAIN(TestStripLayout)
#include "tst_striplayout.moc"
