// SPDX-License-Identifier: MIT
#pragma once

#include "agent/sense/idlesource.h"

#include <memory>

namespace dormouse {

class ReportedIdleness;

/// The running system's idle sources behind one. Opens nothing before start() or ask(). Both arguments must outlive it.
[[nodiscard]] std::unique_ptr<IdleSource> makeIdleSource(const Clock &clock, const ReportedIdleness &reported);

} // namespace dormouse
