// SPDX-License-Identifier: MIT
#pragma once

#include "agent/decide/driver.h"

#include <QString>

#include <optional>
#include <vector>

namespace dormouse {

/// One thing that keeps the present state, or blocks the next.
struct Reason {
    QString kind; ///< "wrapper", "lease", "hold", "idle", "grace", "user", "cycle", "wish", "not_counting"
    QString text; ///< one clause, for a person
    QString name; ///< of the wrapper or lease; "" when there is none
    qint64 pid = 0;

    bool operator==(const Reason &) const = default;
};

/// Why the state is what it is (lifecycle rule 16).
struct Why {
    QString text; ///< one sentence
    std::vector<Reason> keeps;
    std::vector<Reason> blocks;
};

/// At most 1000 reasons of each sort; the text tells how many there are.
[[nodiscard]] Why explain(const Driver &driver, const Instants &now);
/// The sentence alone: of ten thousand wrappers it names two, and costs no more than that.
[[nodiscard]] QString explainBriefly(const Driver &driver, const Instants &now);

/// "claude-code (pid 812)", "pid 812"; made safe to show.
[[nodiscard]] QString wrapperLabel(const Heartbeat &heartbeat);

/// Why a heartbeat does not count, in words; "" when it does.
[[nodiscard]] QString countingText(Counting counting);

} // namespace dormouse
