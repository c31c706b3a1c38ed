// SPDX-License-Identifier: MIT
#include "agent/freememory.h"

#include <malloc.h>

namespace dormouse {

void setUpAllocator()
{
    static_cast<void>(::mallopt(M_ARENA_MAX, 1)); // our threads hardly ever allocate at the same time
    // Its own default at the start; but once a larger block was freed, it keeps blocks of that size.
    constexpr int kThresholdBytes = 128 * 1024;
    static_cast<void>(::mallopt(M_MMAP_THRESHOLD, kThresholdBytes));
}

void releaseFreeMemory()
{
    static_cast<void>(::malloc_trim(0));
}

} // namespace dormouse
