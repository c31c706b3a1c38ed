// SPDX-License-Identifier: MIT
// usage: bench_day: a day of one wrapper that is in use all the time, on a simulated clock; tells as JSON how often the agent would write the record.
#include "tests/support/world.h"

#include <cstdio>

int main()
{
    using namespace dormouse;
    using namespace std::chrono_literals;
    World world;
    world.start();
    world.attach({.tellsActive = true});
    const qint64 before = world.writes();
    for (int half = 0; half < 24 * 120; ++half) {
        world.pass(30s);
        world.use(0); // its heartbeat tells a newer last_active each time
    }
    std::printf("{\"writes\": %lld, \"refreshes\": %d, \"state\": %d}\n", static_cast<long long>(world.writes() - before),
                24 * 120, static_cast<int>(world.state()));
    return world.state() == State::Wake ? 0 : 1;
}
