// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/records/logentry.h"

#include <QString>

#include <optional>

namespace dormouse {

/// Measures how long the agent has been running, and not in HIBERNATION, without a completed sleep cycle (lifecycle rule 17). Fed from the event log at start-up,
/// then with each entry as it is written. Pure.
class StarvationClock
{
public:
    void add(const LogEntry &entry);
    /// Running time without a completed cycle as of `now`.
    [[nodiscard]] Millis starvedFor(WallTime now) const;

private:
    void countUntil(WallTime time);

    Millis m_total{0};
    std::optional<WallTime> m_runningSince; ///< set while running and not in HIBERNATION
    std::optional<WallTime> m_lastEntry;
    bool m_isHibernated = false; ///< by the last transition
};

/// Why housekeeping starves, for a person; nothing while it does not. `heldBack` is what keeps a cycle from starting, `deferrals` how often in a row one was put off.
[[nodiscard]] std::optional<QString> starvationText(const StarvationClock &clock, const QString &heldBack, int deferrals,
                                                    WallTime now);

} // namespace dormouse
