// SPDX-License-Identifier: MIT
#include "cli/doctor/gathering.h"

#include "cli/times.h"
#include "shared/records/history.h"
#include "shared/records/timestamp.h"
#include "shared/storage/eventlog.h"
#include "shared/storage/eventlogfiles.h"
#include "shared/storage/file.h"

#include <algorithm>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr auto kPast = 30 * 24h; // older ones are archives
constexpr auto kDay = 24h;
constexpr auto kFuture = 400 * 24h;               // a clock that was wrong is mostly wrong by less
constexpr qint64 kLogBytesMax = 64 * 1024 * 1024; // of a day; normal is a hundred times less

/// What the log of 30 days tells beyond its spans.
struct Past {
    std::optional<WallTime> completed; ///< the last sleep cycle
    std::optional<WallTime> newest;
    int crashes = 0;
    bool isRunning = false;

    void add(const LogEntry &entry, WallTime since)
    {
        newest = std::max(newest.value_or(entry.time), entry.time);
        if (entry.kind == logkind::kSleepCycleCompleted)
            completed = entry.time;
        else if (entry.kind == logkind::kAgentStopped || entry.kind == logkind::kHibernationExit)
            isRunning = false;
        else if (entry.kind == logkind::kAgentStarted)
            crashes += std::exchange(isRunning, true) && entry.time >= since ? 1 : 0;
    }
};

bool isInTable(const HistoryTransition &transition)
{
    for (const Event event : kAllEvents) {
        if (dormouse::transition(transition.from, event, {true, true}) == transition.to)
            return true;
    }
    return false;
}

/// The part of [from, to) that lies behind `since`.
Millis behind(WallTime from, WallTime to, WallTime since)
{
    const WallTime begin = std::max(from, since);
    return to > begin ? std::chrono::duration_cast<Millis>(to - begin) : Millis(0);
}

Millis runningBehind(const History &history, WallTime since)
{
    Millis running{0};
    for (const HistorySpan &span : history.spans) {
        if (!span.state || *span.state == State::Hibernation)
            continue;
        running += behind(span.from, span.to, since);
        for (const HistorySuspend &suspend : history.suspends)
            running -= behind(std::max(suspend.from, span.from), std::min(suspend.to, span.to), since);
    }
    return std::max(running, Millis(0));
}

int tornLines(const QString &folder, WallTime now)
{
    int torn = 0;
    for (const auto day : {std::chrono::floor<std::chrono::days>(now - kDay), std::chrono::floor<std::chrono::days>(now)}) {
        const Result<QByteArray> bytes = readBounded(eventLogPath(folder, day), kLogBytesMax);
        if (!bytes)
            continue;
        for (const QByteArray &line : bytes.value().split('\n'))
            torn += line.isEmpty() || parseLogLine(line) ? 0 : 1;
    }
    return torn;
}

void countTransitions(HistoryFacts &facts, const History &history, WallTime now)
{
    std::vector<WallTime> times;
    for (const HistoryTransition &transition : history.transitions) {
        if (transition.at < now - kDay || transition.from == transition.to)
            continue;
        times.push_back(transition.at);
        if (facts.odd.isEmpty() && !isInTable(transition))
            facts.odd = toString(transition.from) + u" to "_s + toString(transition.to);
    }
    facts.transitions = static_cast<int>(times.size());
    std::size_t first = 0;
    for (std::size_t last = 0; last < times.size(); ++last) {
        while (times[last] - times[first] >= 1h)
            ++first;
        facts.mostInAnHour = std::max(facts.mostInAnHour, static_cast<int>(last - first + 1));
    }
}

} // namespace

HistoryFacts historyFacts(const RootPaths &paths, const AgentFacts &agent, WallTime now)
{
    HistoryBuilder builder(now - kPast, now);
    Past past;
    readEventLog(paths.logs(), now - kPast, now + kFuture, true, [&](const LogEntry &entry) {
        past.add(entry, now - kDay);
        if (entry.time <= now)
            builder.add(entry);
    });
    const History history = builder.finish(agent.snapshot ? std::optional(agent.snapshot->state) : std::nullopt);
    HistoryFacts facts;
    countTransitions(facts, history, now);
    facts.tornLines = tornLines(paths.logs(), now);
    facts.crashes = past.crashes;
    facts.newest = past.newest;
    facts.starvedFor = runningBehind(history, past.completed.value_or(now - kPast));
    if (agent.snapshot) {
        const QString since = agent.snapshot->stateSinceTs.isEmpty() ? agent.snapshot->sinceTs : agent.snapshot->stateSinceTs;
        if (const std::optional<WallTime> time = parseTimestamp(since))
            facts.inState = ageOf(*time, now);
    }
    return facts;
}

} // namespace dormouse::doctor
