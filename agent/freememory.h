// SPDX-License-Identifier: MIT
#pragma once

namespace dormouse {

/// Gives back to the system what has been freed and the allocator keeps: after a flood of files or clients the agent is soon as small as before.
void releaseFreeMemory();

} // namespace dormouse
