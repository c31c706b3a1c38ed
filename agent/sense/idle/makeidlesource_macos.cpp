// SPDX-License-Identifier: MIT
#include "agent/sense/idle/idlechooser.h"
#include "agent/sense/idle/macosidle.h"
#include "agent/sense/idle/makeidlesource.h"

namespace dormouse {

std::unique_ptr<IdleSource> makeIdleSource(const Clock &clock, const ReportedIdleness &reported)
{
    IdleChooser::Backends backends;
    backends.push_back(std::make_unique<MacIdle>(clock));
    return std::make_unique<IdleChooser>(clock, reported, std::move(backends));
}

} // namespace dormouse
