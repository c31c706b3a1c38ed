// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <string>

namespace dormouse::bench {

struct EventLogFacts {
    long bytes = 0;
    long transitions = 0;
};

/// Writes event logs of `days` days up to `end` with so many lines in all, evenly spread: the day of somebody who works, over and over. Half of the lines are
/// transitions, most of them requests in WAKE; the others tell of wrappers, and one in thirteen of a service, a step or a suspend. Hardly two of these are alike.
EventLogFacts writeEventLogs(const std::string &folder, WallTime end, int days, int lines);

} // namespace dormouse::bench
