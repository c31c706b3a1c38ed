// SPDX-License-Identifier: MIT
// What takes long is done beside: whoever asks meanwhile is answered, and an agent that ends does not wait for it.
#include "agent/act/chores.h"
#include "agent/act/dispatcher.h"
#include "shared/storage/rootpaths.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace dormouse {
namespace {

/// Nobody lives, and whoever asks is told so late.
class SlowProcessTable : public ProcessTable
{
public:
    [[nodiscard]] bool isAlive(qint64) const override
    {
        QTest::qSleep(5);
        return false;
    }
    [[nodiscard]] ProcessFacts facts(qint64) const override { return {}; }
    [[nodiscard]] bool isReaper(qint64) const override { return false; }
};

const WallTime kNow = std::chrono::floor<std::chrono::days>(WallTime::clock::now());

class ChoresTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_paths = RootPaths{m_folder->path()};
        QVERIFY(prepareRoot(m_paths));
    }

    void nobodyWaits()
    {
        putHeartbeats(100);
        Chores chores(m_paths, m_processes);
        int removed = -1;
        chores.clean(kNow, 90s, [&removed](const Chores::Cleaned &cleaned) { removed = cleaned.heartbeats.removed; });
        QVERIFY2(!names().isEmpty(), "it takes half a second, elsewhere");
        QCOMPARE(removed, -1);
        QTRY_COMPARE(removed, 100);
        QVERIFY(names().isEmpty());
    }

    void itsEndWaitsForLittleOfIt()
    {
        putHeartbeats(2000);
        bool isTold = false;
        {
            Chores chores(m_paths, m_processes);
            chores.removeDeadHeartbeats(kNow, 90s, [&isTold] { isTold = true; });
            QTRY_VERIFY(names().size() < 2000);
        }
        QVERIFY2(!names().isEmpty(), "all of it would take ten seconds");
        QCoreApplication::processEvents();
        QVERIFY(!isTold);
    }

    void theSameIsNotQueuedForEver()
    {
        putHeartbeats(20);
        Chores chores(m_paths, m_processes);
        int told = 0;
        for (int i = 0; i < 1000; ++i)
            chores.removeDeadHeartbeats(kNow, 90s, [&told] { ++told; });
        QVERIFY(chores.isFull());
        QTRY_COMPARE(told, 1000);
        QVERIFY(!chores.isFull());
        QVERIFY(names().isEmpty());
    }

    /// At start-up, and at the first line of each day.
    void aNewDayIsTold()
    {
        SystemClock clock;
        Dispatcher dispatcher(m_paths, clock, false);
        QSignalSpy days(&dispatcher, &Dispatcher::logDayBegan);
        dispatcher.log({kNow, u"test"_s, {}});
        QCOMPARE(days.size(), 1);
        dispatcher.log({kNow + 23h, u"test"_s, {}});
        QCOMPARE(days.size(), 1);
        dispatcher.log({kNow + 24h, u"test"_s, {}});
        QCOMPARE(days.size(), 2);
    }

    void oldDaysAreArchived()
    {
        const QString old = m_paths.logs() + u"/lifecycle-events-2020-02-29.jsonl"_s;
        put(old, "{\"ts\":\"2020-02-29T10:00:00+00:00\",\"event\":\"x\"}\n");
        Chores chores(m_paths, m_processes);
        bool isDone = false;
        chores.archiveLogs(kNow, [&isDone] { isDone = true; });
        QVERIFY(QFile::exists(old));
        QTRY_VERIFY(isDone);
        QVERIFY(!QFile::exists(old) && QFile::exists(old + u".gz"_s));
    }

private:
    static void put(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    void putHeartbeats(int count)
    {
        for (int i = 0; i < count; ++i)
            put(m_paths.wrappers() + u"/heartbeat-%1-x.json"_s.arg(4194304 + i),
                "{\"pid\":4194304,\"last_refresh\":\"2020-01-01T00:00:00Z\"}");
    }
    [[nodiscard]] QStringList names() const { return QDir(m_paths.wrappers()).entryList(QDir::Files); }

    SlowProcessTable m_processes;
    std::unique_ptr<QTemporaryDir> m_folder;
    RootPaths m_paths;
};

} // namespace
} // namespace dormouse

QTEST_GUILESS_MAIN(dormouse::ChoresTest)
#include "tst_chores.moc"
