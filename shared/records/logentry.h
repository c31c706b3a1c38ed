// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/lifecycle/lifecycle.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace dormouse {

/// One line of the event log: a time, a kind (`event`), and the other fields.
struct LogEntry {
    WallTime time;
    QString kind;
    QJsonObject fields; ///< without `ts` and `event`

    bool operator==(const LogEntry &) const = default;
};

namespace logkind {
inline constexpr QLatin1StringView kStateTransition{"state_transition"};
inline constexpr QLatin1StringView kWrapperEvent{"wrapper_event"};
inline constexpr QLatin1StringView kShadowRunWarning{"shadow_run_warning"};
inline constexpr QLatin1StringView kSleepStepStarted{"sleep_step_started"};
inline constexpr QLatin1StringView kSleepStepCompleted{"sleep_step_completed"};
inline constexpr QLatin1StringView kSleepCycleCompleted{"sleep_cycle_completed"};
inline constexpr QLatin1StringView kQuarantineEntered{"quarantine_entered"};
inline constexpr QLatin1StringView kQuarantineLifted{"quarantine_lifted"};
inline constexpr QLatin1StringView kHookFailed{"hook_failed"};
inline constexpr QLatin1StringView kHibernationExit{"lifecycle_hibernation_exit"};
inline constexpr QLatin1StringView kAgentStarted{"agent_started"};
inline constexpr QLatin1StringView kAgentStopped{"agent_stopped"};
inline constexpr QLatin1StringView kSystemResumed{"system_resumed"};
inline constexpr QLatin1StringView kServiceReady{"service_ready"};
inline constexpr QLatin1StringView kFirstTurnExpired{"first_turn_pending_expired"};
} // namespace logkind

/// One line, compact, `ts` first, `event` second, ended by a newline.
[[nodiscard]] QByteArray formatLogLine(const LogEntry &entry);

/// Nothing for a torn line, one that is no object, or one without a usable `ts` or `event`.
[[nodiscard]] std::optional<LogEntry> parseLogLine(const QByteArray &line);

[[nodiscard]] LogEntry transitionEntry(WallTime time, State from, State to, Event trigger);
/// The warning that goes with an entry into HIBERNATION under --shadow-run.
[[nodiscard]] LogEntry shadowRunWarning(WallTime time);

} // namespace dormouse
