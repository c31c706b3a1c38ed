// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/daemonstatefile.h"
#include "agent/act/dispatcher.h"

namespace dormouse {

/// The built-in housekeeping: at ticks, at start-up and as first steps of each sleep cycle. All of it may fail without harm; failures are logged.
/// What may take long is in chores.h.

/// Drops first turns that were never taken, and logs their ids.
void prunePendingFirstTurns(const DaemonStateFile &daemonState, Dispatcher &dispatcher, WallTime now);
void pruneStaleFirstTurns(const DaemonStateFile &daemonState, WallTime now);
/// Removes temporaries that a killed predecessor left.
void sweepTemporaries(const RootPaths &paths);

} // namespace dormouse
