// SPDX-License-Identifier: MIT
#pragma once

namespace dormouse {

/// Once, before there are threads: they share one heap, and large blocks go back to the system whenever they are freed.
void setUpAllocator();

/// Gives back to the system what has been freed and the allocator keeps: after a flood of files or clients the agent is soon as small as before.
void releaseFreeMemory();

} // namespace dormouse
