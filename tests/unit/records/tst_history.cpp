// SPDX-License-Identifier: MIT
#include "shared/records/history.h"

#include "shared/records/timestamp.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Minutes = std::chrono::minutes;

const WallTime kStart = parseTimestamp(u"2026-05-02T00:00:00Z").value_or(WallTime());

LogEntry moved(Minutes at, State from, State to)
{
    return transitionEntry(kStart + at, from, to, to == State::Wake ? Event::RequestArrived : Event::Idle5Min);
}

LogEntry entry(Minutes at, QLatin1StringView kind, const QJsonObject &fields = {})
{
    return {kStart + at, kind, fields};
}

LogEntry started(Minutes at, std::optional<Minutes> lastSeen = {})
{
    QJsonObject fields;
    if (lastSeen)
        fields.insert("last_seen_ts"_L1, formatTimestamp(kStart + *lastSeen));
    return entry(at, logkind::kAgentStarted, fields);
}

History folded(const std::vector<LogEntry> &entries, Minutes since, Minutes until, std::optional<State> current)
{
    HistoryBuilder builder(kStart + since, kStart + until);
    for (const LogEntry &one : entries)
        builder.add(one);
    return builder.finish(current);
}

/// "0-5 WAKE, 5-9 off": minutes since the start of the day.
QString spansText(const History &history)
{
    QStringList parts;
    for (const HistorySpan &span : history.spans) {
        const auto minutes = [](WallTime time) {
            return QString::number(std::chrono::duration_cast<Minutes>(time - kStart).count());
        };
        parts.append(minutes(span.from) + u'-' + minutes(span.to) + u' '
                     + (span.state ? QString(toString(*span.state)) : u"off"_s));
    }
    return parts.join(u", "_s);
}

} // namespace

/// "Where did my night go?": a wrong fold shows a machine asleep that was awake, or savings nobody had.
class TestHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPlainDay();
    void nothingIsKnownBeforeTheFirstEntry();
    void theStartTakesItsStateFromTheFirstTransition();
    void theStateGoesOnOverARestart();
    void aStopIsNotRunning();
    void aCrashEndsAtTheLastSignOfLife_data();
    void aCrashEndsAtTheLastSignOfLife();
    void aKilledAgentIsNotRunningNow();
    void hibernationLastsUntilTheNextTransition();
    void savingsCountFreedMemoryTimesHibernation();
    void savingsOutsideTheRangeDoNotCount();
    void wakeToReadyIsTheLastService();
    void aLaterRestartOfAServiceIsNoWaiting();
    void suspendsAreMarked();
    void entriesOutsideTheRangeOnlyTellTheState();
    void brokenEntriesDoNoHarm();
    void spansAlwaysAddUp();
};

void TestHistory::aPlainDay()
{
    const History history =
        folded({started(0min), moved(10min, State::Wake, State::Drowsy), moved(30min, State::Drowsy, State::Sleep),
                moved(40min, State::Sleep, State::Wake), moved(50min, State::Wake, State::Wake)},
               0min, 60min, State::Wake);
    QCOMPARE(spansText(history), u"0-10 WAKE, 10-30 DROWSY, 30-40 SLEEP, 40-60 WAKE"_s); // a request in WAKE ends no stay
    QCOMPARE(history.transitions.size(), std::size_t{4});
    QVERIFY(history.transitions.front() == (HistoryTransition{kStart + 10min, State::Wake, State::Drowsy, u"idle_5min"_s}));
    QCOMPARE(
        history.timeIn,
        (QMap<QString, Millis>{
            {u"WAKE"_s, 30min}, {u"DROWSY"_s, 20min}, {u"SLEEP"_s, 10min}, {u"HIBERNATION"_s, 0min}, {u"not_running"_s, 0min}}));
}

void TestHistory::nothingIsKnownBeforeTheFirstEntry()
{
    QCOMPARE(spansText(folded({moved(20min, State::Wake, State::Drowsy)}, 0min, 60min, State::Drowsy)), u"20-60 DROWSY"_s);
    QCOMPARE(spansText(folded({}, 0min, 60min, State::Wake)), QString());
    QCOMPARE(spansText(folded({}, 0min, 60min, std::nullopt)), QString());
}

void TestHistory::theStartTakesItsStateFromTheFirstTransition()
{
    QCOMPARE(spansText(folded({started(5min), moved(20min, State::Sleep, State::Wake)}, 0min, 60min, State::Wake)),
             u"5-20 SLEEP, 20-60 WAKE"_s);
    QCOMPARE(spansText(folded({started(5min)}, 0min, 60min, State::Drowsy)), u"5-60 DROWSY"_s);
    QCOMPARE(spansText(folded({entry(5min, logkind::kAgentStarted, {{u"state"_s, u"SLEEP"_s}})}, 0min, 60min, State::Wake)),
             u"5-60 SLEEP"_s);
}

void TestHistory::theStateGoesOnOverARestart()
{
    const History history =
        folded({moved(0min, State::Wake, State::Drowsy), entry(10min, logkind::kAgentStopped), started(20min, 10min)}, 0min,
               60min, State::Drowsy);
    QCOMPARE(spansText(history), u"0-10 DROWSY, 10-20 off, 20-60 DROWSY"_s);
}

void TestHistory::aStopIsNotRunning()
{
    const History history =
        folded({moved(0min, State::Drowsy, State::Wake), entry(10min, logkind::kAgentStopped)}, 0min, 60min, std::nullopt);
    QCOMPARE(spansText(history), u"0-10 WAKE, 10-60 off"_s);
    QCOMPARE(history.timeIn.value(u"not_running"_s), Millis(50min));
}

void TestHistory::aCrashEndsAtTheLastSignOfLife_data()
{
    QTest::addColumn<int>("lastSeen"); // minute; -1: none
    QTest::addColumn<QString>("spans");
    QTest::newRow("record") << 25 << u"0-25 WAKE, 25-40 off, 40-60 WAKE"_s;
    QTest::newRow("the log knows more")
        << 5 << u"0-10 WAKE, 10-40 off, 40-60 WAKE"_s; // idle for long: last activity is older than the last entry
    QTest::newRow("no last_seen_ts") << -1 << u"0-10 WAKE, 10-40 off, 40-60 WAKE"_s;
    QTest::newRow("in the future") << 50 << u"0-60 WAKE"_s;
}

void TestHistory::aCrashEndsAtTheLastSignOfLife()
{
    QFETCH(const int, lastSeen);
    const std::optional<Minutes> seen = lastSeen < 0 ? std::nullopt : std::optional(Minutes(lastSeen));
    QTEST(spansText(folded({moved(0min, State::Drowsy, State::Wake), entry(10min, logkind::kWrapperEvent), started(40min, seen)},
                           0min, 60min, State::Wake)),
          "spans");
}

void TestHistory::aKilledAgentIsNotRunningNow()
{
    const History history =
        folded({moved(0min, State::Wake, State::Drowsy), entry(10min, logkind::kWrapperEvent)}, 0min, 60min, std::nullopt);
    QCOMPARE(spansText(history), u"0-10 DROWSY, 10-60 off"_s);
}

void TestHistory::hibernationLastsUntilTheNextTransition()
{
    const LogEntry exit = entry(11min, logkind::kHibernationExit, {{u"freed_bytes"_s, 1e9}});
    // The agent exits, nobody runs; a stop of the lingering one changes nothing either.
    for (const std::vector<LogEntry> &between :
         {std::vector<LogEntry>{}, std::vector<LogEntry>{entry(12min, logkind::kAgentStopped)}}) {
        std::vector<LogEntry> entries{moved(10min, State::Sleep, State::Hibernation), exit};
        entries.insert(entries.end(), between.begin(), between.end());
        QCOMPARE(spansText(folded(entries, 0min, 60min, std::nullopt)), u"10-60 HIBERNATION"_s);
        entries.push_back(started(30min, 9min));
        entries.push_back(moved(31min, State::Hibernation, State::Wake));
        QCOMPARE(spansText(folded(entries, 0min, 60min, State::Wake)), u"10-31 HIBERNATION, 31-60 WAKE"_s);
    }
}

void TestHistory::savingsCountFreedMemoryTimesHibernation()
{
    const std::vector<LogEntry> entries{
        moved(0min, State::Sleep, State::Hibernation),
        entry(0min, logkind::kHibernationExit, {{u"freed_bytes"_s, 4e9}}),
        started(20min),
        entry(21min, logkind::kHibernationExit, {{u"freed_bytes"_s, 0}}), // started, found nobody, left again
        started(30min),
        moved(30min, State::Hibernation, State::Wake)};
    QCOMPARE(folded(entries, 0min, 120min, State::Wake).savedGigabyteHours, 2.0);
    // No such entry (shadow run: nothing was stopped), no savings.
    QCOMPARE(folded({entries.front(), entries.back()}, 0min, 120min, State::Wake).savedGigabyteHours, 0.0);
}

void TestHistory::savingsOutsideTheRangeDoNotCount()
{
    const std::vector<LogEntry> entries{moved(0min, State::Sleep, State::Hibernation),
                                        entry(0min, logkind::kHibernationExit, {{u"freed_bytes"_s, 1e9}})};
    QCOMPARE(folded(entries, 60min, 180min, std::nullopt).savedGigabyteHours, 2.0);
}

void TestHistory::wakeToReadyIsTheLastService()
{
    const auto ready = [](Minutes at, const QString &name) { return entry(at, logkind::kServiceReady, {{u"service"_s, name}}); };
    const History history =
        folded({moved(0min, State::Hibernation, State::Wake), ready(1min, u"a"_s), moved(2min, State::Wake, State::Wake),
                ready(3min, u"b"_s), moved(10min, State::Wake, State::Drowsy), moved(11min, State::Drowsy, State::Wake),
                moved(20min, State::Wake, State::Drowsy), moved(30min, State::Drowsy, State::Wake), ready(32min, u"a"_s)},
               0min, 60min, State::Wake);
    QCOMPARE(history.wakeToReady, (std::vector<Millis>{3min, 2min})); // the wake at 11 had nothing to start
}

void TestHistory::aLaterRestartOfAServiceIsNoWaiting()
{
    const LogEntry first = entry(1min, logkind::kServiceReady, {{u"service"_s, u"a"_s}});
    const LogEntry again = entry(50min, logkind::kServiceReady, {{u"service"_s, u"a"_s}});
    QCOMPARE(folded({moved(0min, State::Sleep, State::Wake), first, again}, 0min, 60min, State::Wake).wakeToReady,
             std::vector<Millis>{1min});
}

void TestHistory::suspendsAreMarked()
{
    const auto resumed = [](Minutes at, const QJsonValue &slept) {
        return entry(at, logkind::kSystemResumed, {{u"slept_sec"_s, slept}});
    };
    const History history = folded({moved(0min, State::Wake, State::Drowsy), resumed(20min, 600), resumed(40min, 1e300),
                                    resumed(45min, -5), resumed(46min, u"x"_s), resumed(59min, 30.5)},
                                   15min, 60min, State::Drowsy);
    QCOMPARE(history.suspends.size(), std::size_t{2});
    QVERIFY(history.suspends.front() == (HistorySuspend{kStart + 15min, kStart + 20min})); // cut at the range
    QVERIFY(history.suspends.back() == (HistorySuspend{kStart + 59min - 30'500ms, kStart + 59min}));
    QCOMPARE(spansText(history), u"15-60 DROWSY"_s);
}

void TestHistory::entriesOutsideTheRangeOnlyTellTheState()
{
    const History history = folded({moved(0min, State::Wake, State::Drowsy), moved(50min, State::Drowsy, State::Sleep),
                                    moved(70min, State::Sleep, State::Wake)},
                                   10min, 60min, State::Wake);
    QCOMPARE(spansText(history), u"10-50 DROWSY, 50-60 SLEEP"_s);
    QCOMPARE(history.transitions.size(), std::size_t{1});
}

void TestHistory::brokenEntriesDoNoHarm()
{
    const LogEntry noStates = entry(20min, logkind::kStateTransition, {{u"from"_s, u"WAKE"_s}, {u"to"_s, 3}});
    const History history = folded({moved(10min, State::Drowsy, State::Wake), noStates,
                                    moved(5min, State::Wake, State::Drowsy), // the clock was set back
                                    entry(30min, "a_kind_of_a_later_version"_L1)},
                                   0min, 60min, State::Drowsy);
    QCOMPARE(spansText(history), u"10-20 WAKE, 20-60 DROWSY"_s);
    QCOMPARE(spansText(folded({moved(10min, State::Drowsy, State::Wake)}, 60min, 0min, State::Wake)),
             QString()); // a range that ends before it begins
}

void TestHistory::spansAlwaysAddUp()
{
    for (quint32 seed = 1; seed <= 2'000; ++seed) {
        QRandomGenerator random(seed);
        const auto minute = [&random](int span) { return Minutes(random.bounded(span)); };
        const std::array kinds{logkind::kHibernationExit, logkind::kAgentStarted, logkind::kAgentStopped, logkind::kWrapperEvent,
                               logkind::kSystemResumed};
        std::vector<LogEntry> entries;
        for (Minutes at{0}; at < 200min; at += minute(20)) {
            if (random.bounded(2) == 0)
                entries.push_back(moved(at, kAllStates.at(random.bounded(4u)), kAllStates.at(random.bounded(4u))));
            else if (random.bounded(3) == 0)
                entries.push_back(started(at, minute(200)));
            else
                entries.push_back(entry(at, kinds.at(random.bounded(5u)), {{u"freed_bytes"_s, 1e9}, {u"slept_sec"_s, 60}}));
        }
        const std::optional<State> current = random.bounded(2) == 0 ? std::nullopt : std::optional(State::Wake);
        const History history = folded(entries, 50min, 150min, current);
        Millis total{0};
        for (std::size_t i = 0; i < history.spans.size(); ++i) {
            const HistorySpan &span = history.spans.at(i);
            QVERIFY2(span.from < span.to
                         && (i == 0 || (history.spans.at(i - 1).to == span.from && history.spans.at(i - 1).state != span.state)),
                     qPrintable(u"seed %1: %2"_s.arg(seed).arg(spansText(history))));
            total += std::chrono::round<Millis>(span.to - span.from);
        }
        Millis sum{0};
        for (const Millis time : history.timeIn)
            sum += time;
        QCOMPARE(sum, total);
        QVERIFY(history.spans.empty()
                || (history.spans.front().from >= kStart + 50min && history.spans.back().to == kStart + 150min));
        QVERIFY(history.savedGigabyteHours >= 0 && history.savedGigabyteHours <= 100.0 / 60 + 1e-9);
    }
}

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
