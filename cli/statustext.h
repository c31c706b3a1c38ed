// SPDX-License-Identifier: MIT
#pragma once

#include "cli/palette.h"
#include "shared/base/clock.h"
#include "shared/control/snapshot.h"

namespace dormouse {

/// The snapshot for people: aligned lines, each ended by a newline.
[[nodiscard]] QString statusText(const Snapshot &snapshot, WallTime now, const Palette &palette);

/// One line for a log of changes, without its time: "DROWSY · sleeps at 15:42 · 2 wrappers · why …".
[[nodiscard]] QString statusLine(const Snapshot &snapshot, WallTime now);

} // namespace dormouse
