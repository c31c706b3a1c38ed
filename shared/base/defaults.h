// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QtGlobal>

namespace dormouse::defaults {

using namespace std::chrono_literals;

// Timers a user can set (sleep-cycle configuration, section [timers]).
inline constexpr Millis kStaleAfter = 90s;    ///< three missed 30 s heartbeats
inline constexpr Millis kDrowsyAfter = 5min;  ///< short breaks cost nothing
inline constexpr Millis kSleepAfter = 30min;  ///< the reference's IDLE_WINDOW_SEC
inline constexpr Millis kHibernateAfter = 2h; ///< a meeting or a meal does not unload the services' memory
inline constexpr Millis kTick = 30s;          ///< the wrappers' own period: nothing finer can be seen
inline constexpr Millis kLeaseMax = 12h;      ///< a forgotten `dormouse run` does not outlive a working day
inline constexpr Millis kQuarantineTtl = 24h; ///< the reference's value
inline constexpr int kStrikes = 3;            ///< the reference's value

// Fixed by the rules of the lifecycle.
inline constexpr Millis kRefreshPeriod = 30s;      ///< dispatches of presence and requests in WAKE: at most one in this time
inline constexpr Millis kTickMax = 60s;            ///< a longer tick could miss a FRESH heartbeat altogether
inline constexpr Millis kCoarseTimerSlack = 500ms; ///< coarse timers fire early by up to 5 %; half a second is enough
inline constexpr Millis kIdleAnswerLimit = 2s;     ///< how long an idle source may take
inline constexpr Millis kIdleStartDelay =
    500ms; ///< idle sources connect once the first client is answered: who woke the agent waits for that
inline constexpr Millis kUserIdleValid = 90s;   ///< the tray reports the user's idleness every minute
inline constexpr Millis kSleptRecently = 5min;  ///< a suspend this recent says that nobody is at the machine
inline constexpr Millis kBatteryWaitMax = 24h;  ///< a laptop that never sees a plug must not go without housekeeping
inline constexpr Millis kStarvedAfter = 72h;    ///< running time without a completed cycle that deserves attention
inline constexpr Millis kLockTry = 3s;          ///< the Python side holds the lock for milliseconds
inline constexpr Millis kWakeWait = 10s;        ///< how long a waker asks for `status`
inline constexpr Millis kLauncherWait = 5s;     ///< each way of starting the agent
inline constexpr Millis kObserverStay = 10s;    ///< a socket-activated agent that found nobody leaves after this
inline constexpr Millis kWatchDebounce = 50ms;  ///< one wrapper's rename gives up to three notifications
inline constexpr int kWatchDebounceFactor = 20; ///< scanning never takes more than 1/20 of the time

// Daemon state (the reference's values).
inline constexpr Millis kFirstTurnStale = 24h;
inline constexpr Millis kFirstTurnTtl = 3600s;
inline constexpr int kFirstTurnMax = 100;
inline constexpr Millis kDigestPeriod = 18h;

// Bounds on input from outside.
inline constexpr qint64 kHeartbeatBytesMax = 64 * 1024;
inline constexpr qint64 kStateBytesMax = 4 * 1024 * 1024; ///< lifecycle_state.json, .daemon-state.json, dormouse.json
inline constexpr int kHeartbeatsMax = 10'000;
inline constexpr int kScanSliceThreshold = 1'000; ///< larger scans leave the main thread
inline constexpr int kReasonMax = 500;
inline constexpr int kSessionIdMax = 128;
inline constexpr int kBadFilesKept = 3;
inline constexpr Millis kArchiveAfter = 30 * 24h;
inline constexpr Millis kTemporaryAge = 24h; ///< others' temporaries older than this are litter

// Control socket limits.
inline constexpr int kConnectionsMax = 128;
inline constexpr qint64 kLineBytesMax = 64 * 1024;
inline constexpr int kRequestsPerSecond = 256;
inline constexpr qint64 kUnreadAnswerBytesMax = 1024 * 1024;
inline constexpr Millis kHalfLineLimit = 30s;
inline constexpr Millis kAcceptPause = 1s; ///< after running out of descriptors
inline constexpr int kPageDefault = 1'000; ///< `limit` of wrappers and history

} // namespace dormouse::defaults
