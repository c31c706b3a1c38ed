// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"
#include "shared/idle/idlesource.h"

#include <memory>

namespace dormouse {

/// The running system's idle sources behind one. Opens nothing before start() or ask(). `clock` must outlive it. `lastResort`: asked like the others, and used
/// where none of them knows.
[[nodiscard]] std::unique_ptr<IdleSource> makeIdleSource(const Clock &clock, std::unique_ptr<IdleBackend> lastResort = nullptr);

} // namespace dormouse
