// SPDX-License-Identifier: MIT
#pragma once

namespace dormouse {

/// Exit codes of all programs (numbers from BSD sysexits.h where one fits).
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;          ///< unknown flag, key or argument
inline constexpr int kExitNoAgent = 69;       ///< EX_UNAVAILABLE: no agent, and the record does not say HIBERNATION
inline constexpr int kExitTryAgain = 75;      ///< EX_TEMPFAIL: somebody else holds the lock, or not yet
inline constexpr int kExitConfiguration = 78; ///< EX_CONFIG: configuration, owner or rights are wrong

} // namespace dormouse
