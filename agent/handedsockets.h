// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace dormouse {

/// Descriptors that the service manager opened for this process and handed over: systemd by LISTEN_FDS, launchd by the "Sockets" of the property list. Close-on-exec, and the caller's from
/// now on. LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES are taken out of the environment, whomever they are for. Empty when there are none; call once, early.
[[nodiscard]] std::vector<int> takeHandedSockets();

} // namespace dormouse
