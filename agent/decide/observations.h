// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/idle/useridleness.h"

#include <QString>

namespace dormouse {

/// What the sleep cycle says of itself.
struct CycleView {
    bool running = false;
    bool forced = false;  ///< run by force_rem: presence does not end it
    bool canStart = true; ///< a cycle can start, or go on, now
    QString heldBack;     ///< why not, for a person: "quarantined until 14:00"

    bool operator==(const CycleView &) const = default;
};

/// Presence that a client asks for by name, as long as its connection lives.
struct Lease {
    QString name;
    qint64 pid = 0; ///< 0: unknown
    quint64 connection = 0;
    AwakeTime since;
    AwakeTime until;

    bool operator==(const Lease &) const = default;
};

/// Who sent a request: the uuid it named, if any, and the process at the other end.
struct Requester {
    QString uuid;
    qint64 pid = 0;
};

} // namespace dormouse
