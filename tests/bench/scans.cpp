// SPDX-License-Identifier: MIT
// The scans of the wrappers folder against a plain C scan of the same folder.
#include "shared/base/defaults.h"
#include "shared/presence/heartbeatscanner.h"
#include "tests/bench/floor/floor.h"
#include "tests/bench/pairs.h"
#include "tests/bench/sandbox.h"

#include <optional>

#include <unistd.h>

namespace dormouse::bench {
namespace {

struct Scene {
    Scene(const benchmark::State &state, const std::vector<qint64> &pids)
        : count(static_cast<int>(state.range(0))), heartbeats(count, pids), path(heartbeats.folder().toStdString()),
          scanner(heartbeats.folder(), *processes)
    {
    }

    void scan(benchmark::State &state, HeartbeatScanner &with, ScanDepth depth)
    {
        const HeartbeatScan found = with.scan(depth, SystemClock().now().wall, std::chrono::hours(1));
        if (found.entries.size() != static_cast<std::size_t>(count))
            state.SkipWithError("a scan missed heartbeats");
        benchmark::DoNotOptimize(found.entries.data());
    }

    void floor(benchmark::State &state)
    {
        if (floor_scan(path.c_str()) != count)
            state.SkipWithError("the floor's scan missed heartbeats");
    }

    int count;
    std::unique_ptr<ProcessTable> processes = systemProcessTable();
    Heartbeats heartbeats;
    std::string path;
    HeartbeatScanner scanner;
};

void nothing() {}

void coldScan(benchmark::State &state)
{
    Scene scene(state, {::getpid()});
    std::optional<HeartbeatScanner> fresh;
    runPairs(
        state, Measure::Processor, [&] { fresh.emplace(scene.heartbeats.folder(), *scene.processes); },
        [&] { scene.scan(state, *fresh, ScanDepth::Full); }, [&] { scene.floor(state); });
}

/// Each heartbeat of a process of its own: what is asked of the processes themselves, which the floor does not ask, comes on top.
void coldScanProcesses(benchmark::State &state)
{
    const Sleepers sleepers(static_cast<int>(state.range(0)));
    Scene scene(state, sleepers.pids());
    std::optional<HeartbeatScanner> fresh;
    runPairs(
        state, Measure::Processor, [&] { fresh.emplace(scene.heartbeats.folder(), *scene.processes); },
        [&] { scene.scan(state, *fresh, ScanDepth::Full); }, [&] { scene.floor(state); });
}

void tickScan(benchmark::State &state)
{
    Scene scene(state, {::getpid()});
    scene.scan(state, scene.scanner, ScanDepth::Full);
    scene.scan(state, scene.scanner, ScanDepth::Full);
    runPairs(
        state, Measure::Processor, nothing, [&] { scene.scan(state, scene.scanner, ScanDepth::Full); },
        [&] { scene.floor(state); });
}

void watcherScan(benchmark::State &state)
{
    Scene scene(state, {::getpid()});
    scene.scan(state, scene.scanner, ScanDepth::Full);
    scene.scan(state, scene.scanner, ScanDepth::Full);
    int next = 0;
    runPairs(
        state, Measure::Processor, [&] { scene.heartbeats.refresh(next++ * 7 % scene.count); },
        [&] { scene.scan(state, scene.scanner, ScanDepth::Hint); }, [&] { scene.floor(state); });
}

// So many pairs that each row takes about a second.
void sizes(benchmark::internal::Benchmark *row)
{
    row->UseManualTime()->Unit(benchmark::kMicrosecond)->ArgName("N");
}

BENCHMARK(coldScan)->Apply(sizes)->Arg(10)->Iterations(2000);
BENCHMARK(coldScan)->Apply(sizes)->Arg(100)->Iterations(600);
BENCHMARK(coldScan)->Apply(sizes)->Arg(1000)->Iterations(240);
BENCHMARK(coldScan)->Apply(sizes)->Arg(10'000)->Iterations(61);
BENCHMARK(coldScanProcesses)->Apply(sizes)->Arg(10)->Iterations(1000);
BENCHMARK(coldScanProcesses)->Apply(sizes)->Arg(1000)->Iterations(60);
BENCHMARK(tickScan)->Apply(sizes)->Arg(10)->Iterations(2000);
BENCHMARK(tickScan)->Apply(sizes)->Arg(100)->Iterations(600);
BENCHMARK(tickScan)->Apply(sizes)->Arg(1000)->Iterations(240);
BENCHMARK(tickScan)->Apply(sizes)->Arg(10'000)->Iterations(61);
BENCHMARK(watcherScan)->Apply(sizes)->Arg(10)->Iterations(2000);
BENCHMARK(watcherScan)->Apply(sizes)->Arg(100)->Iterations(600);
BENCHMARK(watcherScan)->Apply(sizes)->Arg(1000)->Iterations(240);
BENCHMARK(watcherScan)->Apply(sizes)->Arg(10'000)->Iterations(61);

} // namespace
} // namespace dormouse::bench
