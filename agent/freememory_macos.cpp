// SPDX-License-Identifier: MIT
#include "agent/freememory.h"

#include <malloc/malloc.h>

namespace dormouse {

void setUpAllocator() {}

void releaseFreeMemory()
{
    static_cast<void>(::malloc_zone_pressure_relief(nullptr, 0));
}

} // namespace dormouse
