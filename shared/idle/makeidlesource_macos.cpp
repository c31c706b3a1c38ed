// SPDX-License-Identifier: MIT
#include "shared/idle/idlechooser.h"
#include "shared/idle/macosidle.h"
#include "shared/idle/makeidlesource.h"

namespace dormouse {

std::unique_ptr<IdleSource> makeIdleSource(const Clock &clock, std::unique_ptr<IdleBackend> lastResort)
{
    IdleChooser::Backends backends;
    backends.push_back(std::make_unique<MacIdle>(clock));
    if (lastResort)
        backends.push_back(std::move(lastResort));
    return std::make_unique<IdleChooser>(clock, std::move(backends));
}

} // namespace dormouse
