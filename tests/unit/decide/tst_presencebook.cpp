// SPDX-License-Identifier: MIT
// What is remembered of wrappers, and for how long: lifecycle rule 1, without a driver around it.
#include "agent/decide/presencebook.h"

#include <QtTest>

#include <algorithm>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

class TestPresenceBook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rule01_leakIsKnownPerProcess();
    void rule01_aFloodPushesNobodyOutOfMemory();
    void rule01_reusedPidIsAnOrphan();
    void rule01_newProcessAfterAGapIsNoReuse();
};

void TestPresenceBook::rule01_leakIsKnownPerProcess()
{
    HeartbeatEntry first;
    first.heartbeat.pid = 42;
    first.heartbeat.uuid = u"a"_s;
    first.alive = true;
    first.startTime = 1234;
    first.parent = ParentKind::Other;
    HeartbeatScan scan;
    scan.entries = {first};
    PresenceBook book;
    book.absorb(scan, AwakeTime(1h), 90s);

    HeartbeatEntry second = first; // a new session of the same process, whose host has gone
    second.heartbeat.uuid = u"b"_s;
    second.parent = ParentKind::Reaper;
    scan.entries = {second};
    book.absorb(scan, AwakeTime(2h), 90s);
    QVERIFY(book.wrappers().at(0).leaked);
}

void TestPresenceBook::rule01_aFloodPushesNobodyOutOfMemory()
{
    constexpr int kHonest = 10, kFlood = 5000;
    HeartbeatEntry entry;
    entry.alive = true;
    HeartbeatScan scan;
    const auto come = [&entry, &scan](int count) {
        for (int i = 0; i < count; ++i) {
            entry.heartbeat.pid =
                100'000 - qint64(scan.entries.size()); // neither the order of PIDs nor that of the table decides
            scan.entries.push_back(entry);
        }
    };
    PresenceBook book;
    come(kHonest);
    book.absorb(scan, AwakeTime(1h), 90s);
    come(kFlood);
    book.absorb(scan, AwakeTime(2h), 90s);
    AgentMemory memory;
    book.store(memory);
    QCOMPARE(memory.wrappers.size(), std::size_t{2048});
    QCOMPARE(std::ranges::count(memory.wrappers, AwakeTime(1h), &WrapperMemory::firstSeen), kHonest);
    QVERIFY(std::ranges::is_sorted(memory.wrappers, {}, &WrapperMemory::id));
    QVERIFY(std::ranges::adjacent_find(memory.wrappers, {}, &WrapperMemory::id) == memory.wrappers.end());
}

void TestPresenceBook::rule01_reusedPidIsAnOrphan()
{
    HeartbeatEntry entry;
    entry.heartbeat.pid = 42;
    entry.alive = true;
    entry.startTime = 1234;
    HeartbeatScan scan;
    scan.entries = {entry};
    PresenceBook before;
    before.absorb(scan, AwakeTime(1h), 90s);
    AgentMemory memory;
    before.store(memory);

    PresenceBook after; // the agent was started anew meanwhile
    after.restore(memory, AwakeTime(2h));
    scan.entries[0].startTime = 99999;
    after.absorb(scan, AwakeTime(2h), 90s);
    QVERIFY(after.wrappers().at(0).entry.status == HeartbeatStatus::Orphan);
    scan.entries[0].startTime.reset(); // unknown is not reused
    after.absorb(scan, AwakeTime(2h), 90s);
    QVERIFY(after.wrappers().at(0).entry.status == HeartbeatStatus::Fresh);
}

void TestPresenceBook::rule01_newProcessAfterAGapIsNoReuse()
{
    HeartbeatEntry entry;
    entry.heartbeat.pid = 42; // and no uuid
    entry.alive = true;
    entry.startTime = 1234;
    HeartbeatScan scan;
    scan.entries = {entry};
    PresenceBook book;
    book.absorb(scan, AwakeTime(1h), 90s);
    book.absorb({}, AwakeTime(2h), 90s); // it ended, and took its file with it
    scan.entries[0].startTime = 99999;
    book.absorb(scan, AwakeTime(3h), 90s);
    QVERIFY(book.wrappers().at(0).entry.status == HeartbeatStatus::Fresh);
    QVERIFY(book.wrappers().at(0).lastActivity == AwakeTime(3h));
}

QTEST_GUILESS_MAIN(TestPresenceBook)
#include "tst_presencebook.moc"
