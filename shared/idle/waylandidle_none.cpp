// SPDX-License-Identifier: MIT
#include "shared/idle/platformidle.h"

namespace dormouse {

std::unique_ptr<IdleBackend> makeWaylandIdle(DisplayFinder &, const Clock &)
{
    return nullptr;
}

} // namespace dormouse
