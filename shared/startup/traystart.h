// SPDX-License-Identifier: MIT
#pragma once

#include "shared/startup/installtexts.h"

namespace dormouse {

// What starts the tray with the session. `dormouse install --tray` and the tray's own "Start at Login" write the same file here, byte for
// byte, so that each of them sees, updates and removes what the other wrote.

/// XDG autostart; `configuration` is the user's own folder (~/.config).
[[nodiscard]] QString trayAutostartPath(const QString &configuration);
[[nodiscard]] QByteArray trayAutostartFile(const InstallFacts &facts);
/// Stands before an entry of the same name that a package brought, and keeps it from starting the tray.
[[nodiscard]] QByteArray trayAutostartOffFile();

inline constexpr QLatin1StringView kTrayLabel{"io.dormouse.tray"};
/// The LaunchAgent of `label` under this home folder.
[[nodiscard]] QString launchAgentPath(const QString &home, QLatin1StringView label);
[[nodiscard]] QByteArray trayPropertyListFile(const InstallFacts &facts);

/// A user's base folder from the environment (XDG_CONFIG_HOME); `fallback` where the variable names no absolute path.
[[nodiscard]] QString userFolder(const char *variable, const QString &fallback);

/// `program` by the path that outlives an update, where a package manager keeps versions apart.
[[nodiscard]] QString lastingPath(const QString &program);

} // namespace dormouse
