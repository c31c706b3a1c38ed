// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1StringView>

/// Names on the control socket (control specification): newline-delimited JSON, one object a line.
namespace dormouse::control {

namespace type {
inline constexpr QLatin1StringView kStatus{"status"};
inline constexpr QLatin1StringView kSubscribe{"subscribe"};
inline constexpr QLatin1StringView kForceWake{"force_wake"};
inline constexpr QLatin1StringView kRequestArrived{"request_arrived"};
inline constexpr QLatin1StringView kUserInitiatedSleep{"user_initiated_sleep"};
inline constexpr QLatin1StringView kHibernate{"hibernate"};
inline constexpr QLatin1StringView kPause{"pause"};
inline constexpr QLatin1StringView kResume{"resume"};
inline constexpr QLatin1StringView kSessionOpen{"session_open"};
inline constexpr QLatin1StringView kConsumeFirstTurn{"consume_first_turn"};
inline constexpr QLatin1StringView kDigest{"digest"};
inline constexpr QLatin1StringView kLease{"lease"};
inline constexpr QLatin1StringView kRelease{"release"};
inline constexpr QLatin1StringView kWrappers{"wrappers"};
inline constexpr QLatin1StringView kHistory{"history"};
inline constexpr QLatin1StringView kStop{"stop"};
inline constexpr QLatin1StringView kWhy{"why"};
inline constexpr QLatin1StringView kAcknowledge{"acknowledge"};
inline constexpr QLatin1StringView kClean{"clean"};
inline constexpr QLatin1StringView kForceRem{"force_rem"};
inline constexpr QLatin1StringView kSleepCycle{"sleep_cycle"};
inline constexpr QLatin1StringView kService{"service"};
inline constexpr QLatin1StringView kReload{"reload"};
inline constexpr QLatin1StringView kUserIdle{"user_idle"};
} // namespace type

namespace reason {
inline constexpr QLatin1StringView kInvalidMessage{"invalid_message"};
inline constexpr QLatin1StringView kUnknownMessageType{"unknown_message_type"};
inline constexpr QLatin1StringView kTooLarge{"too_large"};
inline constexpr QLatin1StringView kAlreadySleeping{"already_sleeping"};
inline constexpr QLatin1StringView kStateWriteFailed{"state_write_failed"};
inline constexpr QLatin1StringView kNotFound{"not_found"};
inline constexpr QLatin1StringView kBusy{"busy"};
// These three come with ok = true.
inline constexpr QLatin1StringView kWakeQueued{"wake_queued"};
inline constexpr QLatin1StringView kRemQueued{"rem_queued"};
inline constexpr QLatin1StringView kSessionOpenQueued{"session_open_queued"};
} // namespace reason

namespace key {
inline constexpr QLatin1StringView kType{"type"};
inline constexpr QLatin1StringView kId{"id"};
inline constexpr QLatin1StringView kOk{"ok"};
inline constexpr QLatin1StringView kReason{"reason"};
inline constexpr QLatin1StringView kError{"error"};
inline constexpr QLatin1StringView kEvent{"event"};
inline constexpr QLatin1StringView kState{"state"};
} // namespace key

} // namespace dormouse::control
