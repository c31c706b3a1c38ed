// SPDX-License-Identifier: MIT
#include "agent/sense/powersource.h"

namespace dormouse {

std::unique_ptr<PowerSource> systemPowerSource()
{
    return std::make_unique<NullPowerSource>();
}

} // namespace dormouse
