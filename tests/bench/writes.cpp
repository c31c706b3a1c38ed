// SPDX-License-Identifier: MIT
// A dispatch with a transition, durable, against the same files written in plain C.
#include "agent/act/dispatcher.h"
#include "shared/base/clock.h"
#include "shared/base/logging.h"
#include "shared/records/json.h"
#include "tests/bench/floor/floor.h"
#include "tests/bench/pairs.h"
#include "tests/bench/sandbox.h"

namespace dormouse::bench {
namespace {

void dispatch(benchmark::State &state)
{
    const QTemporaryDir root;
    const QTemporaryDir floor;
    const RootPaths paths{root.path()};
    if (const auto prepared = prepareRoot(paths); !prepared)
        return state.SkipWithError("no root");
    if (!installLogging(QStringLiteral("info"))) // as in the agent, whose line for each transition is part of what it costs
        return state.SkipWithError("no logging");
    const SystemClock clock;
    Dispatcher dispatcher(paths, clock, false);
    dispatcher.load(clock.now().wall);
    if (!dispatcher.dispatch(Event::RequestArrived, {}, clock.now().wall))
        return state.SkipWithError("the first record could not be written");
    dispatcher.flushLog();
    const QByteArray record = formatJsonFile(recordToJson(dispatcher.record()));
    const QByteArray line = formatLogLine(transitionEntry(clock.now().wall, State::Wake, State::Drowsy, Event::Idle5Min));
    const std::string folder = floor.path().toStdString();
    const auto ours = [&] {
        const Event event = dispatcher.state() == State::Wake ? Event::Idle5Min : Event::HeartbeatRefresh;
        if (!dispatcher.dispatch(event, {}, clock.now().wall))
            state.SkipWithError("a dispatch failed");
        dispatcher.flushLog();
    };
    const auto plain = [&] {
        if (floor_dispatch(folder.c_str(), record.constData(), static_cast<std::size_t>(record.size()), line.constData(),
                           static_cast<std::size_t>(line.size()))
            != 0)
            state.SkipWithError("the floor's dispatch failed");
    };
    runPairs(
        state, Measure::Wall, [] {}, ours, plain);
}
BENCHMARK(dispatch)->UseManualTime()->Unit(benchmark::kMicrosecond)->Iterations(1500);

} // namespace
} // namespace dormouse::bench
