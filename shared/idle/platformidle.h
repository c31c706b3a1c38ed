// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"

#include <memory>

namespace dormouse {

class DisplayFinder;

/// By an X server. Nothing when this program was built without.
[[nodiscard]] std::unique_ptr<IdleBackend> makeX11Idle(DisplayFinder &displays);
/// By a Wayland compositor. Nothing when this program was built without.
[[nodiscard]] std::unique_ptr<IdleBackend> makeWaylandIdle(DisplayFinder &displays, const Clock &clock);

} // namespace dormouse
