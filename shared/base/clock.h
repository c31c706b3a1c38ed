// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace dormouse {

using Millis = std::chrono::milliseconds;

/// Tag of the clock that stands still while the machine is suspended
/// (Linux CLOCK_MONOTONIC, macOS CLOCK_UPTIME_RAW). Idleness is measured on it.
struct AwakeClock {
    using rep = std::int64_t;
    using period = std::milli;
    using duration = Millis;
    using time_point = std::chrono::time_point<AwakeClock, Millis>;
    static constexpr bool is_steady = true;
};

/// Tag of the clock that runs on through suspend
/// (Linux CLOCK_BOOTTIME, macOS CLOCK_MONOTONIC_RAW). Holds and run times are measured on it.
struct ElapsedClock {
    using rep = std::int64_t;
    using period = std::milli;
    using duration = Millis;
    using time_point = std::chrono::time_point<ElapsedClock, Millis>;
    static constexpr bool is_steady = true;
};

using AwakeTime = AwakeClock::time_point;
using ElapsedTime = ElapsedClock::time_point;
/// Wall time (UTC). Only written, shown, and compared with time stamps in files.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// One reading of the three clocks, taken together.
struct Instants {
    AwakeTime awake;
    ElapsedTime elapsed;
    WallTime wall;

    bool operator==(const Instants &) const = default;
};

/// The only source of time. Injected everywhere; nothing else asks the operating system.
/// Implementations are safe to call from any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instants now() const = 0;
};

/// The operating system's clocks.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] Instants now() const override;
};

} // namespace dormouse
