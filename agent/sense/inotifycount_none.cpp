// SPDX-License-Identifier: MIT
#include "agent/sense/inotifycount.h"

namespace dormouse {

std::optional<int> inotifyInstanceCount()
{
    return std::nullopt;
}

} // namespace dormouse
