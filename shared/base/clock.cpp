// SPDX-License-Identifier: MIT
#include "shared/base/clock.h"

#include <ctime>

namespace dormouse {
namespace {

#ifdef __APPLE__
constexpr clockid_t kAwakeId = CLOCK_UPTIME_RAW;
constexpr clockid_t kElapsedId = CLOCK_MONOTONIC_RAW;
#else
constexpr clockid_t kAwakeId = CLOCK_MONOTONIC;
constexpr clockid_t kElapsedId = CLOCK_BOOTTIME;
#endif

Millis read(clockid_t id)
{
    timespec time{};
    clock_gettime(id, &time);
    return std::chrono::duration_cast<Millis>(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

} // namespace

Instants SystemClock::now() const
{
    using namespace std::chrono;
    return {AwakeTime(read(kAwakeId)), ElapsedTime(read(kElapsedId)), time_point_cast<microseconds>(system_clock::now())};
}

} // namespace dormouse
