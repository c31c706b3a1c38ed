// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/history.h"

#include <array>

namespace dormouse {

/// The states in the order they are told everywhere, nothing being "not running".
inline constexpr std::array<std::optional<State>, 5> kStatesAndOff{State::Wake, State::Drowsy, State::Sleep, State::Hibernation,
                                                                   std::nullopt};

/// How long one state lasted in all.
struct StateShare {
    std::optional<State> state;
    Millis time{0};
    double part = 0; ///< of what is known, 0 to 1

    bool operator==(const StateShare &) const = default;
};

/// What a History comes down to.
struct HistorySummary {
    std::array<StateShare, 5> shares; ///< in the order of kStatesAndOff
    double savedGigabyteHours = 0;
    int wakes = 0;                     ///< entries into WAKE from another state
    int timedWakes = 0;                ///< those of which it is known how long the services took
    std::optional<Millis> readyMedian; ///< of an even number the mean of the middle two
    std::optional<Millis> readySlowest;

    bool operator==(const HistorySummary &) const = default;
};

[[nodiscard]] HistorySummary summarized(const History &history);

} // namespace dormouse
