// SPDX-License-Identifier: MIT
#include "agent/freememory.h"

#include <malloc.h>

namespace dormouse {

void releaseFreeMemory()
{
    static_cast<void>(::malloc_trim(0));
}

} // namespace dormouse
