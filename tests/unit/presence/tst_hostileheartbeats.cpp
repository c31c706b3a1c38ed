// SPDX-License-Identifier: MIT
#include "shared/presence/heartbeatscanner.h"

#include "shared/base/defaults.h"
#include "tests/unit/presence/wrapperfolder.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <thread>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

using namespace dormouse;
using namespace dormouse::test;

/// What others may put into the folder: a scan must neither hang nor err, and keep seeing the wrappers that are right.
class TestHostileHeartbeats : public QObject
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

    void whatIsNoRegularFileIsNoEntry()
    {
        QCOMPARE(::mkfifo(m_folder->raw("heartbeat-10-fifo.json").constData(), 0600), 0);
        QCOMPARE(::mkdir(m_folder->raw("heartbeat-10-folder.json").constData(), 0700), 0);
        m_folder->put("target", WrapperFolder::payload(10, u"target"_s, kNow));
        QCOMPARE(::symlink("target", m_folder->raw("heartbeat-10-link.json").constData()), 0);
        QCOMPARE(::symlink("heartbeat-10-loop.json", m_folder->raw("heartbeat-10-loop.json").constData()), 0);
        QCOMPARE(::symlink("nowhere", m_folder->raw("heartbeat-10-dangling.json").constData()), 0);
        makeSocket("heartbeat-10-socket.json");
        m_folder->beat(11, u"good"_s, kNow);
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        for (const ScanDepth depth : {ScanDepth::Full, ScanDepth::Hint, ScanDepth::Full}) {
            const HeartbeatScan scan = scanner.scan(depth, kNow, kStale);
            QCOMPARE(scan.entries.size(), 1u);
            QCOMPARE(scan.entries[0].heartbeat.pid, 11);
            QCOMPARE(scan.overflow, 0);
            QCOMPARE(scan.unreadable, 0);
        }
    }

    void aKnownFileMayTurnIntoAFifo()
    {
        m_folder->beat(10, u"a"_s, kNow);
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        QCOMPARE(scanner.scan(ScanDepth::Full, kNow, kStale).entries.size(), 1u);
        QCOMPARE(::unlink(m_folder->raw("heartbeat-10-a.json").constData()), 0);
        QCOMPARE(::mkfifo(m_folder->raw("heartbeat-10-a.json").constData(), 0600), 0);
        QVERIFY(scanner.scan(ScanDepth::Full, kNow, kStale).entries.empty());
    }

    void hugeFilesAreTornAndNeverReadWhole()
    {
        QByteArray padded = WrapperFolder::payload(11, u"payload"_s, kNow);
        padded += QByteArray(defaults::kHeartbeatBytesMax - padded.size(), ' ');
        m_folder->put("heartbeat-10-full.json", padded); // exactly at the bound: read
        m_folder->put("heartbeat-12-over.json", padded + ' ');
        m_folder->put("heartbeat-10-sparse.json", "");
        QCOMPARE(::truncate(m_folder->raw("heartbeat-10-sparse.json").constData(), 1024 * 1024 * 1024), 0);
        m_folder->setModified("heartbeat-10-sparse.json", kNow);
        m_folder->setModified("heartbeat-12-over.json", kNow - 5s);
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
        QCOMPARE(scan.entries.size(), 3u);
        QCOMPARE(entryOf(scan, 11)->heartbeat.uuid, u"payload"_s);
        QCOMPARE(entryOf(scan, 12)->heartbeat.uuid, u"over"_s);
        QCOMPARE(entryOf(scan, 12)->heartbeat.lastRefresh, kNow - 5s);
        QCOMPARE(entryOf(scan, 10)->heartbeat.uuid, u"sparse"_s);
    }

    void strangeNamesAreFineWhenThePayloadIs()
    {
        m_folder->put("heartbeat-new\nline.json", WrapperFolder::payload(10, u"a"_s, kNow));
        m_folder->put("heartbeat-\xff\xfe.json", WrapperFolder::payload(11, u"b"_s, kNow));
        m_folder->put("heartbeat-" + QByteArray(240, 'x') + ".json", WrapperFolder::payload(12, u"c"_s, kNow));
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        for (const ScanDepth depth : {ScanDepth::Full, ScanDepth::Full, ScanDepth::Hint})
            QCOMPARE(scanner.scan(depth, kNow, kStale).entries.size(), 3u);
    }

    void strangeContentNeverHidesAWrapper_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("NUL bytes") << QByteArray(100, '\0');
        QTest::newRow("deep nesting") << QByteArray(60'000, '[');
        QTest::newRow("not UTF-8") << QByteArray("{\"pid\":10,\"uuid\":\"\xff\",\"last_refresh\":\"2026-05-02T15:14:30Z\"}");
        QTest::newRow("pid true") << QByteArray("{\"pid\":true,\"last_refresh\":\"2026-05-02T15:14:30Z\"}");
        QTest::newRow("pid too long") << QByteArray("{\"pid\":99999999999999999999,\"last_refresh\":\"2026-05-02T15:14:30Z\"}");
        QTest::newRow("bad time") << QByteArray("{\"pid\":10,\"last_refresh\":\"2026-02-30T15:14:30Z\"}");
        QTest::newRow("no last_refresh") << QByteArray("{\"pid\":10}");
    }
    void strangeContentNeverHidesAWrapper()
    {
        QFETCH(const QByteArray, content);
        m_folder->put("heartbeat-10-name.json", content);
        m_folder->setModified("heartbeat-10-name.json", kNow - 7s);
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
        QCOMPARE(scan.entries.size(), 1u);
        QCOMPARE(scan.entries[0].heartbeat.uuid, u"name"_s);
        QCOMPARE(scan.entries[0].heartbeat.lastRefresh, kNow - 7s);
    }

    void aFolderBehindALinkIsRefused()
    {
        const QString elsewhere = m_folder->dir.path() + u"/elsewhere"_s;
        QVERIFY(QDir().rename(m_folder->path(), elsewhere));
        QVERIFY(QFile::link(elsewhere, m_folder->path()));
        for (const QString &path : {m_folder->path(), QString(m_folder->path() + u'/')}) {
            HeartbeatScanner scanner(path, m_processes);
            const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
            QVERIFY(scan.error);
            QCOMPARE(scan.error->code, ErrorCode::Refused);
            QCOMPARE(scan.error->path, path);
        }
    }

    void unreadableFilesStandByTheirName()
    {
        if (::geteuid() == 0)
            QSKIP("root may read every file: run as another user to test files that may not be read");
        m_folder->beat(10, u"a"_s, kNow);
        QCOMPARE(::chmod(m_folder->raw("heartbeat-10-a.json").constData(), 0), 0);
        m_folder->setModified("heartbeat-10-a.json", kNow - 5s);
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
        QCOMPARE(scan.entries.size(), 1u);
        QCOMPARE(scan.entries[0].heartbeat.lastRefresh, kNow - 5s);
        QCOMPARE(scan.unreadable, 1);
        QVERIFY(scan.fileError && scan.fileError->systemError == EACCES);
    }

    /// Out of descriptors: what is known stands, the failure is told, and all heals by itself.
    void runningOutOfDescriptorsForgetsNobody()
    {
        m_folder->beat(10, u"a"_s, kNow - 60s);
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        (void)scanner.scan(ScanDepth::Full, kNow, kStale);
        m_folder->beat(10, u"a"_s, kNow);
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
        const int lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::close(lowest);
        const auto scanWith = [&](int descriptors) {
            const rlimit tight{static_cast<rlim_t>(lowest + descriptors), before.rlim_max};
            WrapperFolder::require(::setrlimit(RLIMIT_NOFILE, &tight) == 0, "setrlimit");
            HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
            WrapperFolder::require(::setrlimit(RLIMIT_NOFILE, &before) == 0, "setrlimit");
            return scan;
        };
        const HeartbeatScan noFolder = scanWith(0);
        QVERIFY(noFolder.error && noFolder.error->systemError == EMFILE);
        const HeartbeatScan noFile = scanWith(1);
        QVERIFY(!noFile.error);
        QCOMPARE(noFile.unreadable, 1);
        QVERIFY(noFile.fileError && noFile.fileError->systemError == EMFILE);
        QCOMPARE(noFile.entries.size(), 1u);
        QCOMPARE(noFile.entries[0].heartbeat.lastRefresh, kNow - 60s);
        const HeartbeatScan healed = scanWith(2);
        QCOMPARE(healed.unreadable, 0);
        QCOMPARE(healed.entries.at(0).heartbeat.lastRefresh, kNow);
    }

    /// The bound holds, what is beyond it is counted, and those known stay: the answer does not flap.
    void tooManyFilesAreBounded()
    {
        constexpr int kCount = 20'000;
        m_folder->beat(10, u"early"_s, kNow);
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        (void)scanner.scan(ScanDepth::Full, kNow, kStale);
        m_folder->fill(kCount);
        QList<QByteArray> before;
        for (const ScanDepth depth : {ScanDepth::Hint, ScanDepth::Full, ScanDepth::Hint}) {
            const HeartbeatScan scan = scanner.scan(depth, kNow, kStale);
            QCOMPARE(int(scan.entries.size()), defaults::kHeartbeatsMax);
            QCOMPARE(scan.overflow, kCount + 1 - defaults::kHeartbeatsMax);
            QVERIFY(entryOf(scan, 10) != nullptr);
            QList<QByteArray> names;
            for (const HeartbeatEntry &entry : scan.entries)
                names << entry.name;
            std::ranges::sort(names);
            QVERIFY(before.isEmpty() || before == names);
            before = names;
        }
        for (int number = 0; number < 15'000; ++number)
            QCOMPARE(::unlink(m_folder->raw("heartbeat-99-" + QByteArray::number(number) + ".json").constData()), 0);
        const HeartbeatScan after = scanner.scan(ScanDepth::Hint, kNow, kStale);
        QCOMPARE(int(after.entries.size()), kCount + 1 - 15'000);
        QCOMPARE(after.overflow, 0);
    }

    /// A writer at full speed: each scan finds the wrapper, fresh, with a value that was written, never an older one than before.
    void aRacingWriterIsAlwaysSeenWhole_data()
    {
        QTest::addColumn<int>("others");
        QTest::newRow("small folder") << 3;
        QTest::newRow("large folder") << 400;
    }
    void aRacingWriterIsAlwaysSeenWhole()
    {
        QFETCH(const int, others);
        m_folder->fill(others);
        m_folder->beat(10, u"racer"_s, kNow);
        std::atomic<bool> ends = false;
        std::atomic<int> written = 0;
        std::thread writer([&] {
            while (!ends) {
                m_folder->beat(10, u"racer"_s, kNow + std::chrono::microseconds(written + 1));
                ++written;
            }
        });
        HeartbeatScanner scanner(m_folder->path(), m_processes);
        WallTime last = kNow;
        bool right = true;
        for (int round = 0; round < 400 && right; ++round) {
            const HeartbeatScan scan = scanner.scan(round % 5 == 0 ? ScanDepth::Full : ScanDepth::Hint, kNow, kStale);
            const HeartbeatEntry *entry = entryOf(scan, 10);
            right = int(scan.entries.size()) == others + 1 && entry != nullptr && entry->status == HeartbeatStatus::Fresh
                    && entry->heartbeat.uuid == u"racer"_s && entry->heartbeat.lastRefresh >= last
                    && entry->heartbeat.lastRefresh <= kNow + std::chrono::microseconds(written + 1);
            last = entry != nullptr ? entry->heartbeat.lastRefresh : last;
        }
        ends = true;
        writer.join();
        QVERIFY(right);
        const HeartbeatScan scan = scanner.scan(ScanDepth::Full, kNow, kStale);
        QCOMPARE(entryOf(scan, 10)->heartbeat.lastRefresh, kNow + std::chrono::microseconds(written));
    }

private:
    void makeSocket(const QByteArray &name)
    {
        const QByteArray path = m_folder->raw(name);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        QVERIFY(path.size() < qsizetype(sizeof(address.sun_path)));
        std::copy(path.begin(), path.end(), address.sun_path);
        const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
        QCOMPARE(::bind(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)), 0);
        ::close(descriptor);
    }

    std::optional<WrapperFolder> m_folder;
    FakeProcesses m_processes;
};

QTEST_GUILESS_MAIN(TestHostileHeartbeats)
#include "tst_hostileheartbeats.moc"
