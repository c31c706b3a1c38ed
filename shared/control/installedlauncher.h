// SPDX-License-Identifier: MIT
#pragma once

#include "shared/control/agentwaker.h"

#include <optional>

namespace dormouse {

/// The service manager's way of starting the agent of this root and socket: systemd on Linux, launchd on macOS. Nothing when no unit or
/// label that serves them is installed for this user.
[[nodiscard]] std::optional<Launcher> installedLauncher(const RootPaths &paths, const QString &socketPath);

} // namespace dormouse
