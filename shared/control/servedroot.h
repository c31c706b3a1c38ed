// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace dormouse {

/// The command of a systemd unit: the words of the last ExecStart= in [Service], quotes and escapes resolved, %h expanded to `home`. Empty when there is none.
[[nodiscard]] QStringList commandOfUnit(const QByteArray &unit, const QString &home);

/// The command of a launchd property list in XML: its ProgramArguments. Empty when there is none.
[[nodiscard]] QStringList commandOfPropertyList(const QByteArray &plist);

/// Whether an installed agent with this command serves `paths` and `socketPath`: an installed unit serves one root only. Without --root it serves
/// the default root under `home`; without --socket that root's own socket.
[[nodiscard]] bool commandServes(const QStringList &command, const RootPaths &paths, const QString &socketPath,
                                 const QString &home);

} // namespace dormouse
