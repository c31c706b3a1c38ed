// SPDX-License-Identifier: MIT
#include "shared/records/history.h"
#include "shared/records/timestamp.h"
#include "shared/storage/historylineparser.h"
#include "shared/storage/loglineparser.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <algorithm>
#include <cmath>

namespace dormouse::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr int kLinesMax = 24;

void checkWritten(const LogEntry &entry)
{
    require(!entry.kind.isEmpty(), "an entry has a kind");
    const QByteArray line = formatLogLine(entry);
    require(line.count('\n') == 1 && line.endsWith('\n'), "an entry is one line");
    LogEntry wanted = entry;
    wanted.time = std::chrono::floor<Millis>(entry.time);
    const std::optional<LogEntry> again = parseLogLine(line);
    const bool isOutside = parseTimestamp(formatTimestamp(entry.time)) != wanted.time; // of the calendar, by its offset
    require(isOutside || again == wanted, "an entry that is written is read again");
}

void checkSpans(const History &history, WallTime since, WallTime until)
{
    Millis sum{0};
    for (std::size_t i = 0; i < history.spans.size(); ++i) {
        const HistorySpan &span = history.spans[i];
        require(span.from < span.to && span.from >= since && span.to <= until, "a span lies in the range");
        require(i == 0 || history.spans[i - 1].to == span.from, "the spans have no gaps");
        require(i == 0 || history.spans[i - 1].state != span.state, "two spans of one state are one");
        sum += std::chrono::round<Millis>(span.to - span.from);
    }
    Millis told{0};
    for (const Millis time : history.timeIn)
        told += time;
    require(history.timeIn.size() == 5 && told == sum, "the times in all states are what the spans say");
}

void checkHistory(const History &history, WallTime since, WallTime until)
{
    checkSpans(history, since, until);
    const bool areSorted = std::ranges::is_sorted(history.transitions, {}, &HistoryTransition::at);
    require(areSorted, "transitions are told oldest first");
    for (const HistoryTransition &transition : history.transitions)
        require(transition.at >= since && transition.at < until, "a transition lies in the range");
    for (const HistorySuspend &suspend : history.suspends)
        require(suspend.from < suspend.to && suspend.from >= since && suspend.to <= until, "a suspend lies in the range");
    require(std::ranges::all_of(history.wakeToReady, [](Millis time) { return time >= 0ms; }),
            "nothing is ready before it is woken");
    require(std::isfinite(history.savedGigabyteHours) && history.savedGigabyteHours >= 0, "what was saved is a number");
}

/// Without what its kind does not use, which may be left over from another line.
HistoryEvent meaningOf(const HistoryEvent &event)
{
    using Kind = HistoryEvent::Kind;
    HistoryEvent result;
    result.kind = event.kind;
    result.time = event.time;
    if (event.kind == Kind::Transition)
        result.from = event.from;
    if (event.kind == Kind::Transition || event.kind == Kind::Start)
        result.state = event.state;
    if (event.kind == Kind::Start)
        result.lastSeen = event.lastSeen;
    if (event.kind == Kind::Transition || event.kind == Kind::ServiceReady)
        result.name = event.name;
    if (event.kind == Kind::HibernationExit || event.kind == Kind::Resume)
        result.number = event.number;
    return result;
}

/// The reader of histories looks at no more than it must: of a line that is only a sign of life, at its beginning and end.
void checkHistoryLine(const HistoryEvent *quick, const std::optional<LogEntry> &careful, const QByteArray &line)
{
    const std::optional<HistoryEvent> wanted = careful ? std::optional(meaningOf(historyEvent(*careful))) : std::nullopt;
    if (quick && quick->kind != HistoryEvent::Kind::Other)
        require(wanted == meaningOf(*quick), "what a history is told of is in the log");
    // Nobody writes a key twice, or with escapes in it.
    const bool isUsual = line.count("\"event\"") == 1 && line.count("\"ts\"") == 1 && !line.contains('\\');
    if (wanted && isUsual)
        require(quick && meaningOf(*quick) == *wanted, "what is in the log is told to a history");
}

} // namespace

void logline(const QByteArray &input)
{
    const quint32 choices = choice(input);
    const WallTime until = someTime() + ((choices & 1U) != 0 ? 0h : 24h);
    const WallTime since = until - ((choices & 2U) != 0 ? 24h : 90 * 24h);
    LogLineParser parser;
    HistoryLineParser historyParser;
    HistoryBuilder history(since, until);
    QByteArray rest = input;
    for (int i = 0; i < kLinesMax && !rest.isEmpty(); ++i) {
        const QByteArray line = takeLine(rest);
        std::optional<LogEntry> careful = parseLogLine(line);
        if (careful)
            checkWritten(*careful);
        if (careful && (careful->time < since || careful->time >= until))
            careful.reset();
        const LogEntry *quick = parser.parse(line, since, until);
        require((quick != nullptr) == careful.has_value(), "the quick reader of the log takes what the careful one takes");
        require(!quick || *quick == *careful, "the quick reader of the log reads what the careful one reads");
        checkHistoryLine(historyParser.parse(line, since, until), careful, line);
        if (quick)
            history.add(*quick);
    }
    checkHistory(history.finish((choices & 4U) != 0 ? std::optional(State::Wake) : std::nullopt), since, until);
}

} // namespace dormouse::fuzz
