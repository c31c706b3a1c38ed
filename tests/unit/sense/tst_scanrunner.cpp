// SPDX-License-Identifier: MIT
#include "agent/sense/scanrunner.h"

#include "shared/base/defaults.h"
#include "tests/unit/presence/wrapperfolder.h"

#include <QSignalSpy>
#include <QThread>
#include <QtTest>

#include <atomic>

using namespace dormouse;
using namespace dormouse::test;

namespace {

struct FixedClock final : Clock {
    [[nodiscard]] Instants now() const override { return {AwakeTime{}, ElapsedTime{}, kNow}; }
};

/// Notes who asks; holds back whoever is not the main thread until it may go on.
struct WatchedProcesses final : ProcessTable {
    Qt::HANDLE mainThread = QThread::currentThreadId();
    mutable std::atomic<int> askedElsewhere = 0;
    mutable std::atomic<int> askedHere = 0;
    std::atomic<bool> holds = false;

    [[nodiscard]] bool isAlive(qint64) const override
    {
        if (QThread::currentThreadId() == mainThread) {
            ++askedHere;
            return true;
        }
        ++askedElsewhere;
        while (holds)
            QThread::yieldCurrentThread();
        return true;
    }
    [[nodiscard]] ProcessFacts facts(qint64) const override { return {}; }
    [[nodiscard]] bool isReaper(qint64) const override { return false; }
};

} // namespace

/// Large folders must not make clients wait, and no request for a scan may get lost.
class TestScanRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        m_folder->make();
        m_processes.emplace();
    }

    void smallFoldersAreScannedAtOnce()
    {
        m_folder->beat(10, u"a"_s, kNow);
        ScanRunner runner(m_folder->path(), *m_processes, m_clock);
        QSignalSpy spy(&runner, &ScanRunner::scanned);
        runner.request(ScanDepth::Full);
        QCOMPARE(spy.count(), 1);
        QVERIFY(!runner.isRunning());
        const auto scan = spy.at(0).at(0).value<HeartbeatScan>();
        QCOMPARE(scan.at, kNow);
        QCOMPARE(scan.entries.size(), 1u);
    }

    /// Also the first one, of which nobody knows how large it will be.
    void largeFoldersAreScannedElsewhere()
    {
        m_folder->fill(defaults::kScanSliceThreshold + 1);
        ScanRunner runner(m_folder->path(), *m_processes, m_clock);
        QSignalSpy spy(&runner, &ScanRunner::scanned);
        runner.request(ScanDepth::Full);
        QVERIFY(runner.isRunning());
        QCOMPARE(spy.count(), 0);
        QTRY_COMPARE(spy.count(), 1);
        QVERIFY(!runner.isRunning());
        QCOMPARE(int(spy.at(0).at(0).value<HeartbeatScan>().entries.size()), defaults::kScanSliceThreshold + 1);
        QCOMPARE(m_processes->askedHere.load(), 0);
        QVERIFY(m_processes->askedElsewhere > 0);
    }

    void requestsWhileOneRunsAreFoldedIntoOne()
    {
        m_folder->fill(defaults::kScanSliceThreshold + 1);
        ScanRunner runner(m_folder->path(), *m_processes, m_clock);
        QSignalSpy spy(&runner, &ScanRunner::scanned);
        m_processes->holds = true;
        runner.request(ScanDepth::Full);
        QTRY_VERIFY(m_processes->askedElsewhere > 0);
        m_folder->beat(10, u"later"_s, kNow);
        for (int request = 0; request < 5; ++request)
            runner.request(request == 2 ? ScanDepth::Full : ScanDepth::Hint);
        m_processes->holds = false;
        QTRY_COMPARE(spy.count(), 2);
        QTRY_VERIFY(!runner.isRunning());
        QCOMPARE(spy.count(), 2);
        QVERIFY(entryOf(spy.at(1).at(0).value<HeartbeatScan>(), 10) != nullptr);
    }

    void requestFromAListenerFollowsLater()
    {
        ScanRunner runner(m_folder->path(), *m_processes, m_clock);
        int depth = 0;
        int scans = 0;
        bool nested = false;
        connect(&runner, &ScanRunner::scanned, this, [&] {
            nested = nested || depth > 0;
            ++depth;
            if (++scans < 3)
                runner.request(ScanDepth::Hint);
            --depth;
        });
        runner.request(ScanDepth::Full);
        QCOMPARE(scans, 1);
        QTRY_COMPARE(scans, 3);
        QTRY_VERIFY(!runner.isRunning());
        QVERIFY(!nested);
    }

    void staleAfterCountsFromTheNextScanOn()
    {
        m_folder->beat(10, u"a"_s, kNow - 60s);
        ScanRunner runner(m_folder->path(), *m_processes, m_clock);
        QSignalSpy spy(&runner, &ScanRunner::scanned);
        runner.request(ScanDepth::Full);
        runner.setStaleAfter(30s);
        runner.request(ScanDepth::Hint);
        QCOMPARE(toString(spy.at(0).at(0).value<HeartbeatScan>().entries.at(0).status), "fresh"_L1);
        QCOMPARE(toString(spy.at(1).at(0).value<HeartbeatScan>().entries.at(0).status), "stale"_L1);
    }

    void goesWhileTheWorkerRuns()
    {
        m_folder->fill(defaults::kScanSliceThreshold + 1);
        std::optional<ScanRunner> runner;
        runner.emplace(m_folder->path(), *m_processes, m_clock);
        QSignalSpy spy(&*runner, &ScanRunner::scanned);
        m_processes->holds = true;
        runner->request(ScanDepth::Full);
        QTRY_VERIFY(m_processes->askedElsewhere > 0);
        m_processes->holds = false;
        runner.reset();
        const int asked = m_processes->askedElsewhere;
        QCoreApplication::processEvents();
        QCOMPARE(spy.count(), 0);
        QCOMPARE(m_processes->askedElsewhere.load(), asked); // the worker has ended
    }

    void errorsAreToldOnce()
    {
        QVERIFY(QDir().rmdir(m_folder->path()));
        QVERIFY(QFile::link(m_folder->dir.path(), m_folder->path()));
        ScanRunner runner(m_folder->path(), *m_processes, m_clock);
        QSignalSpy spy(&runner, &ScanRunner::scanned);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"not a folder: .*/wrappers"_s));
        runner.request(ScanDepth::Full);
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        runner.request(ScanDepth::Full);
        QCOMPARE(spy.count(), 2);
        QVERIFY(spy.at(1).at(0).value<HeartbeatScan>().error.has_value());
    }

private:
    std::optional<WrapperFolder> m_folder;
    std::optional<WatchedProcesses> m_processes;
    FixedClock m_clock;
};

QTEST_GUILESS_MAIN(TestScanRunner)
#include "tst_scanrunner.moc"
