// SPDX-License-Identifier: MIT
#include "shared/control/installedlauncher.h"

#include "shared/control/servedroot.h"

#include <QDir>
#include <QFile>

#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

constexpr qint64 kPropertyListBytesMax = 64 * 1024;

} // namespace

std::optional<Launcher> installedLauncher(const RootPaths &paths, const QString &socketPath)
{
    const QString home = QDir::homePath();
    QFile file(home + u"/Library/LaunchAgents/io.dormouse.agent.plist"_s);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    if (!commandServes(commandOfPropertyList(file.read(kPropertyListBytesMax)), paths, socketPath, home))
        return std::nullopt;
    // Never with -k: that kills an agent that is busy.
    return Launcher{u"launchd"_s, u"/bin/launchctl"_s, {u"kickstart"_s, u"gui/%1/io.dormouse.agent"_s.arg(getuid())}, false};
}

} // namespace dormouse
