// SPDX-License-Identifier: MIT
// How long housekeeping has been starved: lifecycle rule 17.
#include "agent/decide/starvation.h"
#include "shared/records/timestamp.h"

#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr WallTime kStart{std::chrono::hours(24 * 20'000)};

LogEntry entry(Millis at, QLatin1StringView kind, QJsonObject fields = {})
{
    return {kStart + at, kind, std::move(fields)};
}

LogEntry killedAndStarted(Millis at, Millis lastSeen)
{
    return entry(at, logkind::kAgentStarted, {{u"last_seen_ts"_s, formatTimestamp(kStart + lastSeen)}});
}

StarvationClock fed(const std::vector<LogEntry> &entries)
{
    StarvationClock clock;
    for (const LogEntry &each : entries)
        clock.add(each);
    return clock;
}

} // namespace

class TestStarvation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rule17_countsRunningTime_data();
    void rule17_countsRunningTime();
};

void TestStarvation::rule17_countsRunningTime_data()
{
    using Entries = std::vector<LogEntry>;
    QTest::addColumn<Entries>("entries");
    QTest::addColumn<int>("hours"); // at hour 100
    const auto to = [](Millis at, State from, State state) { return transitionEntry(kStart + at, from, state, Event::Tick); };
    const LogEntry start = entry(0h, logkind::kAgentStarted);

    QTest::newRow("nothing known") << Entries{} << 0;
    QTest::newRow("running all the time") << Entries{start} << 100;
    QTest::newRow("a completed cycle") << Entries{start, entry(60h, logkind::kSleepCycleCompleted)} << 40;
    QTest::newRow("stopped for a while") << Entries{start, entry(10h, logkind::kAgentStopped), entry(70h, logkind::kAgentStarted)}
                                         << 40;
    QTest::newRow("still stopped") << Entries{start, entry(10h, logkind::kAgentStopped)} << 10;
    QTest::newRow("killed") << Entries{start, killedAndStarted(70h, 10h)} << 40;
    QTest::newRow("killed, but it wrote after its last activity")
        << Entries{start, to(20h, State::Wake, State::Drowsy), killedAndStarted(70h, 10h)} << 50;
    QTest::newRow("lingering") << Entries{start, to(10h, State::Sleep, State::Hibernation),
                                          to(90h, State::Hibernation, State::Wake)}
                               << 20;
    QTest::newRow("hibernated, and left") << Entries{start, to(10h, State::Sleep, State::Hibernation),
                                                     entry(10h, logkind::kHibernationExit), entry(90h, logkind::kAgentStarted),
                                                     to(90h, State::Hibernation, State::Wake)}
                                          << 20;
    QTest::newRow("started at login, and still hibernated")
        << Entries{start, to(10h, State::Sleep, State::Hibernation), entry(10h, logkind::kHibernationExit),
                   entry(20h, logkind::kAgentStarted)}
        << 10;
    QTest::newRow("a suspend is no running time")
        << Entries{start, entry(60h, logkind::kSystemResumed, {{u"slept_sec"_s, 50 * 3600.0}})} << 50;
    QTest::newRow("the clock was set back") << Entries{start, entry(-500h, logkind::kAgentStopped),
                                                       entry(90h, logkind::kAgentStarted)}
                                            << 10;
    QTest::newRow("a suspend longer than the machine is old")
        << Entries{start, entry(60h, logkind::kSystemResumed, {{u"slept_sec"_s, 1e300}})} << 40;
}

void TestStarvation::rule17_countsRunningTime()
{
    QFETCH(std::vector<LogEntry>, entries);
    QFETCH(int, hours);
    const Millis starved = fed(entries).starvedFor(kStart + 100h);
    QCOMPARE(std::chrono::duration_cast<std::chrono::hours>(starved).count(), hours);
}

QTEST_GUILESS_MAIN(TestStarvation)
#include "tst_starvation.moc"
