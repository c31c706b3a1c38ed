// SPDX-License-Identifier: MIT
#pragma once

#include "cli/palette.h"
#include "shared/base/clock.h"
#include "shared/control/snapshot.h"

#include <QJsonObject>
#include <QMap>
#include <QString>

#include <optional>

namespace dormouse {

/// A sleep cycle that ran to its end.
struct CompletedCycle {
    WallTime at;
    Millis took{0};
};

/// All that is known of the sleep cycle.
struct CycleReport {
    QJsonObject cycle;                ///< keys of the answer to `sleep_cycle`, wherever they come from
    std::optional<Snapshot> snapshot; ///< of the agent; nothing while none runs
    std::optional<CompletedCycle> last;
    QMap<QString, QString> outputs = {}; ///< by step: the end of what it printed when it failed last
};

/// For people: how far it is, what failed, until when it is held back and what ends that, when it may start next. Aligned lines,
/// each ended by a newline.
[[nodiscard]] QString cycleText(const CycleReport &report, WallTime now, const Palette &palette);

} // namespace dormouse
