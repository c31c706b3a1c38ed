// SPDX-License-Identifier: MIT
// The history of 30 days, 50 000 lines, against a read of the same bytes.
#include "agent/historyreply.h"
#include "shared/storage/rootpaths.h"
#include "tests/bench/eventlogs.h"
#include "tests/bench/floor/floor.h"
#include "tests/bench/pairs.h"
#include "tests/bench/sandbox.h"

#include <QJsonArray>

namespace dormouse::bench {
namespace {

void history(benchmark::State &state)
{
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString();
    const WallTime end = std::chrono::floor<std::chrono::days>(SystemClock().now().wall);
    const EventLogFacts facts = writeEventLogs(path, end, 30, 50'000);
    HistoryQuery query;
    query.since = end - std::chrono::days(30);
    query.until = end;
    const auto ours = [&] {
        const QJsonObject answer = historyFields(folder.path(), query, end, State::Wake);
        if (answer.value(QLatin1StringView("total")).toInteger() != facts.transitions)
            state.SkipWithError("the history is not whole");
    };
    const auto plain = [&] {
        if (floor_read(path.c_str()) != facts.bytes)
            state.SkipWithError("the floor's read is not whole");
    };
    runPairs(
        state, Measure::Processor, [] {}, ours, plain);
    state.counters["bytes"] = static_cast<double>(facts.bytes);
}
BENCHMARK(history)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(150);

} // namespace
} // namespace dormouse::bench
