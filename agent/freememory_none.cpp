// SPDX-License-Identifier: MIT
#include "agent/freememory.h"

namespace dormouse {

void setUpAllocator() {}

/// An allocator that gives memory back by itself, or cannot be asked to.
void releaseFreeMemory() {}

} // namespace dormouse
