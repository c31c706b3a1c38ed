// SPDX-License-Identifier: MIT
#include "tests/unit/tray/history/historyroot.h"
#include "tray/history/historyreader.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = parseTimestamp(u"2026-05-29T14:20:00Z").value_or(WallTime());
constexpr auto kMonth = std::chrono::days(30);

History history(const QSignalSpy &answered)
{
    return answered.last().at(1).value<History>();
}

} // namespace

/// A window that freezes while it reads, or shows the range that was asked for before, would be closed at once.
class TestHistoryReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itTellsWhatTheLogTells();
    void chunksMakeNoDifference();
    void anEmptyLogIsAnAnswer();
    void aLongLogLeavesTheWindowAlive();
    void theNewerQuestionSupersedes();
    void itMayGoWhileAWorkerReads();
};

void TestHistoryReader::itTellsWhatTheLogTells()
{
    HistoryRoot root;
    QVERIFY(root.write({moved(kNow - 30h, State::Wake, State::Drowsy), moved(kNow - 2h, State::Drowsy, State::Wake)}));
    HistoryReader reader;
    QSignalSpy answered(&reader, &HistoryReader::answered);
    const HistoryQuestion question{root.paths().logs(), kNow - 24h, kNow, State::Wake};
    reader.ask(question);
    QVERIFY(reader.isReading());
    QTRY_COMPARE(answered.size(), 1);
    QVERIFY(!reader.isReading());
    QVERIFY(answered.last().at(0).value<HistoryQuestion>() == question);
    // The state at the beginning is known from the day before.
    QVERIFY(history(answered).spans
            == (std::vector<HistorySpan>{{kNow - 24h, kNow - 2h, State::Drowsy}, {kNow - 2h, kNow, State::Wake}}));
}

void TestHistoryReader::chunksMakeNoDifference()
{
    HistoryRoot root;
    // Every 47 minutes, and at the midnights where chunks may meet.
    std::vector<LogEntry> entries = turns(kNow - kMonth - 5h, kNow, 47min);
    const WallTime midnight(std::chrono::floor<std::chrono::days>(kNow));
    for (int day = 1; day < 30; ++day)
        entries.push_back({midnight - std::chrono::days(day), logkind::kSystemResumed, {{u"slept_sec"_s, 60}}});
    std::stable_sort(entries.begin(), entries.end(), [](const LogEntry &a, const LogEntry &b) { return a.time < b.time; });
    QVERIFY(root.write(entries));
    HistoryBuilder whole(kNow - kMonth, kNow);
    for (const LogEntry &entry : entries)
        whole.add(entry);
    const History expected = whole.finish(State::Wake);

    HistoryReader reader;
    QSignalSpy answered(&reader, &HistoryReader::answered);
    QSignalSpy progressed(&reader, &HistoryReader::progressed);
    reader.ask({root.paths().logs(), kNow - kMonth, kNow, State::Wake});
    QTRY_COMPARE(answered.size(), 1);
    QVERIFY(history(answered).spans == expected.spans);
    QVERIFY(history(answered).suspends == expected.suspends);
    QVERIFY(history(answered).transitions == expected.transitions);
    QVERIFY(progressed.size() >= 3);
    for (int i = 1; i < progressed.size(); ++i)
        QVERIFY(progressed[i].first().toInt() > progressed[i - 1].first().toInt());
}

void TestHistoryReader::anEmptyLogIsAnAnswer()
{
    HistoryRoot root;
    HistoryReader reader;
    QSignalSpy answered(&reader, &HistoryReader::answered);
    for (const QString &folder : {root.paths().logs(), root.at(u"nowhere"_s)}) {
        answered.clear();
        reader.ask({folder, kNow - kMonth, kNow, std::nullopt});
        QTRY_COMPARE(answered.size(), 1);
        QVERIFY(history(answered).spans.empty());
    }
}

void TestHistoryReader::aLongLogLeavesTheWindowAlive()
{
    HistoryRoot root;
    QVERIFY(root.write(turns(kNow - kMonth, kNow, std::chrono::seconds(30 * 86400 / 50'000))));
    HistoryReader reader;
    QSignalSpy answered(&reader, &HistoryReader::answered);
    QElapsedTimer asking;
    asking.start();
    reader.ask({root.paths().logs(), kNow - kMonth, kNow, State::Wake});
    QVERIFY2(asking.elapsed() < 200, "asking itself took long");
    // The event loop as a clock: it turns while the worker reads.
    int turned = 0;
    QTimer beat;
    connect(&beat, &QTimer::timeout, this, [&turned] { ++turned; });
    beat.start(1ms);
    QElapsedTimer reading;
    reading.start();
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60'000);
    const qint64 took = reading.elapsed();
    QVERIFY2(turned >= 3 && turned >= took / 100, qPrintable(u"%1 turns in %2 ms"_s.arg(turned).arg(took)));
    QVERIFY(history(answered).spans.size() > 40'000);
}

void TestHistoryReader::theNewerQuestionSupersedes()
{
    HistoryRoot root;
    QVERIFY(root.write(turns(kNow - kMonth, kNow, 120s)));
    HistoryReader reader;
    QSignalSpy answered(&reader, &HistoryReader::answered);
    for (int i = 0; i < 5; ++i)
        reader.ask({root.paths().logs(), kNow - kMonth, kNow, State::Wake});
    const HistoryQuestion newest{root.paths().logs(), kNow - 1h, kNow, State::Wake};
    reader.ask(newest);
    QTRY_VERIFY(!answered.isEmpty());
    QVERIFY(QThreadPool::globalInstance()->waitForDone(60'000)); // the older workers too, in the test only
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    QCOMPARE(answered.size(), 1);
    QVERIFY(answered.last().at(0).value<HistoryQuestion>() == newest);
}

void TestHistoryReader::itMayGoWhileAWorkerReads()
{
    HistoryRoot root;
    QVERIFY(root.write(turns(kNow - kMonth, kNow, 60s)));
    auto reader = std::make_unique<HistoryReader>();
    reader->ask({root.paths().logs(), kNow - kMonth, kNow, State::Wake});
    QElapsedTimer going;
    going.start();
    reader.reset();
    QVERIFY(going.elapsed() < 100); // nobody waits for the worker
    QVERIFY(QThreadPool::globalInstance()->waitForDone(60'000));
    QCoreApplication::processEvents(); // nothing arrives at what is gone
}

QTEST_GUILESS_MAIN(TestHistoryReader)
#include "tst_historyreader.moc"
