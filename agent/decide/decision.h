// SPDX-License-Identifier: MIT
#pragma once

#include "shared/lifecycle/lifecycle.h"
#include "shared/records/agentmemory.h"

#include <QString>
#include <QStringList>

namespace dormouse {

/// What the world was like when the agent started (lifecycle rule 8).
struct StartContext {
    State recorded = State::Wake;
    QString bootId;
    AgentMemory memory;      ///< what a predecessor left
    bool supervised = false; ///< started by launchd or systemd with our wake trigger
    bool shadowRun = false;
    bool wakeRequested = false; ///< --wake, or a request on an activated socket
};

/// What to do now. The caller does it and reports by Driver::settled().
struct Decision {
    enum class Kind { Dispatch, StartCycle };
    Kind kind = Kind::Dispatch;
    Event event = Event::Tick;
    Payload payload;

    bool operator==(const Decision &) const = default;
};

/// How a wish was received (lifecycle rule 13).
struct WishOutcome {
    enum class Kind { Accepted, Already, Busy };
    Kind kind = Kind::Accepted;
    QStringList leases; ///< those that refuse it
};

/// Whether an agent in HIBERNATION leaves (lifecycle rules 7 and 8).
enum class Departure { NotNow, Linger, Exit };

} // namespace dormouse
