// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <concepts>
#include <ctime>
#include <vector>

namespace dormouse::bench {

/// What time is measured. Work that never waits is measured by the processor time of its thread: others on the machine then hardly matter.
enum class Measure { Wall = CLOCK_MONOTONIC, Processor = CLOCK_THREAD_CPUTIME_ID };

inline double nanosecondsNow(Measure measure)
{
    timespec now{};
    ::clock_gettime(static_cast<clockid_t>(measure), &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template<std::invocable Work>
double timed(Measure measure, Work &work)
{
    const double begin = nanosecondsNow(measure);
    work();
    return nanosecondsNow(measure) - begin;
}

/// The value that `share` of the values are below: 0.5 is the median.
inline double quantile(std::vector<double> values, double share)
{
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(values.size()) * share);
    std::ranges::nth_element(values, place);
    return *place;
}

/// What takes wall time is disturbed by whoever else runs; the quickest tenth is not.
inline constexpr double kUndisturbed = 0.1;

/// Ours and the floor by turns, so that both see the same machine in the same moments. `prepare` runs untimed before each pair. Reports ours as the benchmark's
/// time, and the counters ours_ns, floor_ns and ratio: medians of processor time, first deciles of wall time.
template<std::invocable Prepare, std::invocable Ours, std::invocable Floor>
void runPairs(benchmark::State &state, Measure measure, Prepare prepare, Ours ours, Floor floor)
{
    std::vector<double> mine;
    std::vector<double> base;
    std::vector<double> ratios;
    bool isOursFirst = false;
    for (auto _ : state) {
        isOursFirst = !isOursFirst;
        prepare();
        if (!isOursFirst)
            base.push_back(timed(measure, floor));
        mine.push_back(timed(measure, ours));
        if (isOursFirst)
            base.push_back(timed(measure, floor));
        ratios.push_back(mine.back() / base.back());
        state.SetIterationTime(mine.back() / 1e9);
    }
    const bool isWall = measure == Measure::Wall;
    const double share = isWall ? kUndisturbed : 0.5;
    state.counters["ours_ns"] = quantile(mine, share);
    state.counters["floor_ns"] = quantile(base, share);
    state.counters["ratio"] = isWall ? quantile(mine, share) / quantile(base, share) : quantile(ratios, share);
}

} // namespace dormouse::bench
