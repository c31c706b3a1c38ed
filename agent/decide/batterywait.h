// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QString>

#include <optional>

namespace dormouse {

/// `sleep.require_ac`: on a battery, steps wait, at most 24 h (sleep-cycle specification, "configuration"). A value.
class BatteryWait
{
public:
    /// What holds the sleep cycle back now, for a person; nothing when it may run. An unknown power source holds nothing back.
    [[nodiscard]] std::optional<QString> heldBack(bool isAcRequired, std::optional<bool> isOnBattery, ElapsedTime now);

private:
    std::optional<ElapsedTime> m_since; ///< on battery without a break, as far as was seen
};

} // namespace dormouse
