// SPDX-License-Identifier: MIT
#include "shared/control/installedlauncher.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {

std::vector<Launcher> availableLaunchers(const RootPaths &paths, const QString &socketPath)
{
    std::vector<Launcher> launchers;
    if (std::optional<Launcher> installed = installedLauncher(paths, socketPath))
        launchers.push_back(std::move(*installed));
    const QFileInfo agent(QCoreApplication::applicationDirPath() + u"/dormouse-agent"_s);
    if (agent.isFile() && agent.isExecutable())
        launchers.push_back({u"started directly"_s, agent.absoluteFilePath(), {u"--root"_s, paths.root}, true});
    return launchers;
}

} // namespace dormouse
