// SPDX-License-Identifier: MIT
#include "agent/handedsockets.h"

#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <launch.h>

namespace dormouse {

/// The key under "Sockets" in macos/io.dormouse.agent.plist.in.
constexpr const char *kListeners = "Listeners";

std::vector<int> takeHandedSockets()
{
    int *handed = nullptr;
    std::size_t count = 0;
    std::vector<int> descriptors;
    if (::launch_activate_socket(kListeners, &handed, &count) != 0)
        return descriptors; // not started by launchd, or by a property list without sockets
    for (std::size_t i = 0; i < count; ++i) {
        if (::fcntl(handed[i], F_SETFD, FD_CLOEXEC) == 0)
            descriptors.push_back(handed[i]);
    }
    std::free(handed);
    return descriptors;
}

} // namespace dormouse
