// SPDX-License-Identifier: MIT
#include "shared/presence/heartbeatscanner.h"

#include "tests/unit/presence/wrapperfolder.h"

#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;

Q_DECLARE_METATYPE(dormouse::ScanDepth)

/// What a scan says of well-behaved wrappers, and how it keeps up with them.
class TestHeartbeatScanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        m_folder->make();
        m_processes = {};
        m_processes.alive = {10, 11, 12};
    }

    void tellsFreshStaleAndOrphan()
    {
        m_folder->beat(10, u"a"_s, kNow - kStale); // equal is not stale
        m_folder->beat(11, u"b"_s, kNow - kStale - 1ms);
        m_folder->beat(99, u"c"_s, kNow);
        m_folder->beat(98, u"d"_s, kNow - kStale - 1ms); // dead and stale: stale
        m_folder->beat(12, u"e"_s, kNow + kStale + 1ms); // from the future
        HeartbeatScanner scanner = make();
        const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
        QVERIFY(!scan.error);
        QCOMPARE(scan.at, kNow);
        QCOMPARE(scan.entries.size(), 5u);
        QCOMPARE(toString(entryOf(scan, 10)->status), "fresh"_L1);
        QCOMPARE(toString(entryOf(scan, 11)->status), "stale"_L1);
        QCOMPARE(toString(entryOf(scan, 99)->status), "orphan"_L1);
        QCOMPARE(toString(entryOf(scan, 98)->status), "stale"_L1);
        QCOMPARE(toString(entryOf(scan, 12)->status), "stale"_L1);
        QCOMPARE(entryOf(scan, 11)->alive, true);
        QCOMPARE(entryOf(scan, 99)->alive, false);
        QCOMPARE(heartbeatPath(m_folder->path(), entryOf(scan, 10)->name), m_folder->path() + u"/heartbeat-10-a.json"_s);
        QCOMPARE(entryOf(scan, 10)->heartbeat.uuid, u"a"_s);
        QCOMPARE(entryOf(scan, 10)->heartbeat.lastRefresh, kNow - kStale);
    }

    void payloadWinsOverName()
    {
        m_folder->rename("heartbeat-77-name.json", WrapperFolder::payload(10, u"payload"_s, kNow));
        HeartbeatScanner scanner = make();
        const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
        QCOMPARE(scan.entries.size(), 1u);
        QCOMPARE(scan.entries[0].heartbeat.pid, 10);
        QCOMPARE(scan.entries[0].heartbeat.uuid, u"payload"_s);
    }

    void nameAndMtimeStandInForTornFiles()
    {
        m_folder->put("heartbeat-10-a-b-c.json", "{\"pid\":10,\"uu");
        m_folder->setModified("heartbeat-10-a-b-c.json", kNow - 20s);
        m_folder->put("heartbeat-11-.json", "");
        m_folder->setModified("heartbeat-11-.json", kNow - kStale - 1s);
        m_folder->put("heartbeat-12-f.json", "[]");
        m_folder->setModified("heartbeat-12-f.json", kNow + kStale + 1s);
        m_folder->put("heartbeat-.json", "torn");
        m_folder->put("heartbeat-x-y.json", "torn");
        HeartbeatScanner scanner = make();
        for (int round = 0; round < 2; ++round) {
            const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
            QCOMPARE(scan.entries.size(), 3u);
            QCOMPARE(entryOf(scan, 10)->heartbeat.uuid, u"a-b-c"_s);
            QCOMPARE(entryOf(scan, 10)->heartbeat.lastRefresh, kNow - 20s);
            QCOMPARE(toString(entryOf(scan, 10)->status), "fresh"_L1);
            QCOMPARE(entryOf(scan, 11)->heartbeat.uuid, QString());
            QCOMPARE(toString(entryOf(scan, 11)->status), "stale"_L1);
            QCOMPARE(toString(entryOf(scan, 12)->status), "stale"_L1);
        }
    }

    void onlyExactNamesAreCandidates()
    {
        const QByteArray good = WrapperFolder::payload(10, u"a"_s, kNow);
        for (const char *name : {".heartbeat-10-a.json", "heartbeat-10-a.json.tmp", "Heartbeat-10-a.json", "heartbeat-10-a.JSON",
                                 "xheartbeat-10-a.json", "heartbeat.json", ".json", "other"})
            m_folder->put(name, good);
        HeartbeatScanner scanner = make();
        QVERIFY(scanner.scan(ScanDepth::Full, kNow, kStale).entries.empty());
    }

    void missingFolderIsAnEmptyAnswerAndComesLater()
    {
        QVERIFY(QDir(m_folder->path()).removeRecursively());
        HeartbeatScanner scanner = make();
        const HeartbeatScan before = scanner.scan(ScanDepth::Full, kNow, kStale);
        QVERIFY(before.entries.empty());
        QVERIFY(!before.error);
        m_folder->make();
        m_folder->beat(10, u"a"_s, kNow);
        QCOMPARE(scanner.scan(ScanDepth::Hint, kNow, kStale).entries.size(), 1u);
        QVERIFY(QDir(m_folder->path()).removeRecursively());
        QVERIFY(scanner.scan(ScanDepth::Hint, kNow, kStale).entries.empty());
    }

    void refreshNewcomerAndRemovalAreSeen_data() { depths(); }
    void refreshNewcomerAndRemovalAreSeen()
    {
        QFETCH(const ScanDepth, depth);
        QFETCH(const int, others);
        m_folder->fill(others);
        m_folder->beat(10, u"a"_s, kNow - 60s);
        m_folder->beat(11, u"b"_s, kNow - 60s);
        HeartbeatScanner scanner = make();
        QCOMPARE(int(scanner.scan(ScanDepth::Full, kNow, kStale).entries.size()), others + 2);
        m_folder->beat(10, u"a"_s, kNow);
        m_folder->beat(12, u"c"_s, kNow);
        QVERIFY(QFile::remove(m_folder->path() + u"/heartbeat-11-b.json"_s));
        const HeartbeatScan scan = scanner.scan(depth, kNow, kStale);
        QCOMPARE(int(scan.entries.size()), others + 2);
        QCOMPARE(entryOf(scan, 10)->heartbeat.lastRefresh, kNow);
        QVERIFY(entryOf(scan, 11) == nullptr);
        QVERIFY(entryOf(scan, 12) != nullptr);
    }

    /// A small folder is stat'ed even after a hint, so that a file system that reuses inode numbers cannot hide a change.
    void hintsAreNotFooledByReusedInodesInSmallFolders()
    {
        m_folder->beat(10, u"a"_s, kNow - 60s);
        HeartbeatScanner scanner = make();
        for (int change = 0; change < 40; ++change) {
            (void)scanner.scan(ScanDepth::Hint, kNow, kStale);
            m_folder->beat(10, u"a"_s, kNow - 40s);
            m_folder->beat(10, u"a"_s, kNow - 30s + std::chrono::milliseconds(change));
            QCOMPARE(scanner.scan(ScanDepth::Hint, kNow, kStale).entries.at(0).heartbeat.lastRefresh,
                     kNow - 30s + std::chrono::milliseconds(change));
        }
    }

    void fullScanFindsWritesInPlace()
    {
        m_folder->fill(600);
        m_folder->put("heartbeat-10-a.json", WrapperFolder::payload(10, u"a"_s, kNow - 60s));
        HeartbeatScanner scanner = make();
        letItSettle(scanner);
        m_folder->put("heartbeat-10-a.json", WrapperFolder::payload(10, u"a"_s, kNow));
        const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
        QCOMPARE(entryOf(scan, 10)->heartbeat.lastRefresh, kNow);
    }

    /// Written in place: the directory says nothing of it, and a hint alone would see a stale heartbeat.
    void nothingIsCalledStaleWithoutReadingItAgain_data() { depths(); }
    void nothingIsCalledStaleWithoutReadingItAgain()
    {
        QFETCH(const ScanDepth, depth);
        QFETCH(const int, others);
        m_folder->fill(others);
        m_folder->put("heartbeat-10-a.json", WrapperFolder::payload(10, u"a"_s, kNow));
        HeartbeatScanner scanner = make();
        letItSettle(scanner);
        m_folder->put("heartbeat-10-a.json", WrapperFolder::payload(10, u"a"_s, kNow + 60s));
        const WallTime later = kNow + kStale + 1s;
        QCOMPARE(toString(entryOf(scanner.scan(depth, later, kStale), 10)->status), "fresh"_L1);
        QCOMPARE(toString(entryOf(scanner.scan(depth, later + 10min, kStale), 10)->status), "stale"_L1);
    }

    /// Two writes within one tick of the file system's clock leave the same stamp.
    void quickWritesUnderTheSameStampAreFound()
    {
        HeartbeatScanner scanner = make();
        for (int round = 0; round < 200; ++round) {
            for (const WallTime time : {kNow - 2s, kNow - 1s}) {
                m_folder->put("heartbeat-10-a.json", WrapperFolder::payload(10, u"a"_s, time));
                QCOMPARE(scanner.scan(ScanDepth::Full, kNow, kStale).entries.at(0).heartbeat.lastRefresh, time);
            }
        }
    }

    /// A file that is rewritten all the time gets its old inode number back now and then: hints must keep up with it.
    void hintsKeepUpWithAFileInQuickChange()
    {
        m_folder->fill(600);
        m_folder->beat(10, u"a"_s, kNow - 60s);
        HeartbeatScanner scanner = make();
        letItSettle(scanner);
        m_folder->beat(10, u"a"_s, kNow - 50s);
        for (int round = 0; round < 50; ++round) {
            (void)scanner.scan(ScanDepth::Hint, kNow, kStale);
            const WallTime time = kNow - 30s + std::chrono::milliseconds(round);
            m_folder->beat(10, u"a"_s, kNow - 40s);
            m_folder->beat(10, u"a"_s, time);
            QCOMPARE(entryOf(scanner.scan(ScanDepth::Hint, kNow, kStale), 10)->heartbeat.lastRefresh, time);
        }
    }

    void livenessIsAskedAtEveryScan()
    {
        m_folder->beat(10, u"a"_s, kNow);
        HeartbeatScanner scanner = make();
        QCOMPARE(toString(scanner.scan(ScanDepth::Hint, kNow, kStale).entries.at(0).status), "fresh"_L1);
        m_processes.alive.clear();
        QCOMPARE(toString(scanner.scan(ScanDepth::Hint, kNow, kStale).entries.at(0).status), "orphan"_L1);
        m_processes.alive = {10};
        QCOMPARE(toString(scanner.scan(ScanDepth::Hint, kNow, kStale).entries.at(0).status), "fresh"_L1);
    }

    void reusedPidIsAnOrphan()
    {
        m_processes.known[10] = {1000, 500};
        m_folder->beat(10, u"a"_s, kNow);
        HeartbeatScanner scanner = make();
        QCOMPARE(toString(scanner.scan(ScanDepth::Full, kNow, kStale).entries.at(0).status), "fresh"_L1);
        m_processes.known[10] = {2000, 500};
        HeartbeatEntry entry = scanner.scan(ScanDepth::Full, kNow, kStale).entries.at(0);
        QCOMPARE(toString(entry.status), "orphan"_L1);
        QVERIFY(entry.reused && entry.alive);
        QCOMPARE(entry.startTime, std::optional<qint64>(2000));
        m_processes.known.clear(); // unknown is not reused
        QCOMPARE(toString(scanner.scan(ScanDepth::Full, kNow, kStale).entries.at(0).status), "fresh"_L1);
    }

    void anotherUuidIsAnotherFirstSight()
    {
        m_processes.known[10] = {1000, 500};
        m_folder->rename("heartbeat-10-x.json", WrapperFolder::payload(10, u"a"_s, kNow));
        HeartbeatScanner scanner = make();
        (void)scanner.scan(ScanDepth::Full, kNow, kStale);
        m_processes.known[10] = {2000, 500};
        m_folder->rename("heartbeat-10-x.json", WrapperFolder::payload(10, u"b"_s, kNow));
        QCOMPARE(toString(scanner.scan(ScanDepth::Full, kNow, kStale).entries.at(0).status), "fresh"_L1);
    }

    void tellsWhoAdoptedAProcess()
    {
        m_processes.known[10] = {1000, 500};
        m_folder->beat(10, u"a"_s, kNow);
        HeartbeatScanner scanner = make();
        QVERIFY(scanner.scan(ScanDepth::Full, kNow, kStale).entries.at(0).parent == ParentKind::Other);
        m_processes.known[10] = {1000, 1};
        QVERIFY(scanner.scan(ScanDepth::Full, kNow, kStale).entries.at(0).parent == ParentKind::Reaper);
    }

    /// With thousands of wrappers a tick must stay cheap, and still each is asked about before long.
    void factsAreAskedInTurn()
    {
        constexpr int kCount = 1300;
        for (int pid = 1000; pid < 1000 + kCount; ++pid) {
            m_processes.alive.insert(pid);
            m_processes.known[pid] = {1, 500};
            m_folder->put(WrapperFolder::nameOf(pid, u"u"_s), WrapperFolder::payload(pid, u"u"_s, kNow));
        }
        HeartbeatScanner scanner = make();
        (void)scanner.scan(ScanDepth::Full, kNow, kStale);
        QCOMPARE(m_processes.factsAsked, kCount);
        for (auto &[pid, facts] : m_processes.known)
            facts.parent = 1;
        int leaked = 0;
        for (int tick = 0; tick < 4; ++tick) {
            m_processes.factsAsked = 0;
            const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
            QVERIFY(m_processes.factsAsked <= 500);
            leaked = int(std::count_if(scan.entries.begin(), scan.entries.end(),
                                       [](const auto &entry) { return entry.parent == ParentKind::Reaper; }));
        }
        QCOMPARE(leaked, kCount);
        m_processes.factsAsked = 0;
        (void)scanner.scan(ScanDepth::Hint, kNow, kStale);
        QCOMPARE(m_processes.factsAsked, 0);
    }

    void countsNoFurtherThanItMust()
    {
        m_folder->fill(5);
        QVERIFY(hasMoreHeartbeatsThan(m_folder->path(), 4));
        QVERIFY(!hasMoreHeartbeatsThan(m_folder->path(), 5));
        QVERIFY(!hasMoreHeartbeatsThan(m_folder->path() + u"/missing"_s, 0));
    }

private:
    /// Scans once the files are so old that their stamps can be relied on.
    static void letItSettle(HeartbeatScanner &scanner)
    {
        const WallTime written = SystemClock().now().wall;
        QTRY_VERIFY(SystemClock().now().wall > written + 25ms);
        (void)scanner.scan(ScanDepth::Full, kNow, kStale);
    }
    HeartbeatScanner make() { return HeartbeatScanner(m_folder->path(), m_processes); }
    static void depths()
    {
        QTest::addColumn<ScanDepth>("depth");
        QTest::addColumn<int>("others");
        QTest::newRow("hint, small folder") << ScanDepth::Hint << 0;
        QTest::newRow("hint, large folder") << ScanDepth::Hint << 600;
        QTest::newRow("full, large folder") << ScanDepth::Full << 600;
    }

    std::optional<WrapperFolder> m_folder;
    FakeProcesses m_processes;
};

QTEST_GUILESS_MAIN(TestHeartbeatScanner)
#include "tst_heartbeatscanner.moc"
