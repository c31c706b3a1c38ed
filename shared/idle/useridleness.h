// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QStringList>

#include <optional>

namespace dormouse {

/// What the idle sources know of the person at the machine.
struct UserIdleness {
    std::optional<Millis> idle; ///< since the last input; nothing: no source answers
    bool displayAsleep = false;
    bool sleptRecently = false; ///< the system slept within the last 5 min, and no source knows of input since then
    QStringList sources;        ///< names of those that answered

    bool operator==(const UserIdleness &) const = default;
};

} // namespace dormouse
