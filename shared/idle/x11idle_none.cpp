// SPDX-License-Identifier: MIT
#include "shared/idle/platformidle.h"

namespace dormouse {

std::unique_ptr<IdleBackend> makeX11Idle(DisplayFinder &)
{
    return nullptr;
}

} // namespace dormouse
