// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QByteArray>
#include <QString>

namespace dormouse {

// The texts of all start-up files, from the templates in linux/ and macos/. Pure.

/// What is written into them. Paths are absolute.
struct InstallFacts {
    QString agent;      ///< dormouse-agent
    QString tray;       ///< dormouse-tray
    QString root;       ///< --root
    QString socket;     ///< the control socket
    QString searchPath; ///< PATH of the terminal
    QString logs;       ///< folder of launchd's logs
};

/// Refuses what no start-up file can carry: line breaks and other control characters, relative paths. Error: Configuration.
[[nodiscard]] Result<void> checkFacts(const InstallFacts &facts);
/// PATH without what is relative, empty or repeated.
[[nodiscard]] QString usableSearchPath(const QString &path);

[[nodiscard]] QByteArray agentService(const InstallFacts &facts);
[[nodiscard]] QByteArray wakePath(const InstallFacts &facts);
[[nodiscard]] QByteArray agentSocket(const InstallFacts &facts);
[[nodiscard]] QByteArray trayEntry(const InstallFacts &facts);     ///< for the menu of applications
[[nodiscard]] QByteArray trayAutostart(const InstallFacts &facts); ///< for the start of the session
[[nodiscard]] QByteArray trayIcon();
/// For a machine without a user manager: starts the agent, unsupervised, with the session.
[[nodiscard]] QByteArray agentAutostart(const InstallFacts &facts);
[[nodiscard]] QByteArray agentPropertyList(const InstallFacts &facts, bool isSocketActivated);
[[nodiscard]] QByteArray trayPropertyList(const InstallFacts &facts);

} // namespace dormouse
