// SPDX-License-Identifier: MIT
#include "shared/control/installedlauncher.h"

#include "shared/control/servedroot.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

constexpr qint64 kUnitBytesMax = 64 * 1024;

/// An absolute folder from the environment, else `fallback`.
QString folderFrom(const char *variable, const QString &fallback)
{
    const QString value = qEnvironmentVariable(variable);
    return value.startsWith(u'/') ? value : fallback;
}

/// Where the user manager looks for units, the first one found counts.
QStringList unitFolders()
{
    const QString home = QDir::homePath();
    return {folderFrom("XDG_CONFIG_HOME", home + u"/.config"_s) + u"/systemd/user"_s,
            u"/etc/systemd/user"_s,
            folderFrom("XDG_DATA_HOME", home + u"/.local/share"_s) + u"/systemd/user"_s,
            u"/usr/local/lib/systemd/user"_s,
            u"/usr/lib/systemd/user"_s,
            u"/lib/systemd/user"_s};
}

QByteArray installedUnit()
{
    for (const QString &folder : unitFolders()) {
        const QFileInfo info(folder + u"/dormouse-agent.service"_s);
        if (!info.exists())
            continue;
        QFile file(info.filePath());
        if (!info.isFile() || !file.open(QIODevice::ReadOnly))
            return {}; // a link to /dev/null masks the unit
        return file.read(kUnitBytesMax);
    }
    return {};
}

} // namespace

std::optional<Launcher> installedLauncher(const RootPaths &paths, const QString &socketPath)
{
    const QString home = QDir::homePath();
    if (!commandServes(commandOfUnit(installedUnit(), home), paths, socketPath, home))
        return std::nullopt;
    const QString program = QStandardPaths::findExecutable(
        u"systemctl"_s, {u"/usr/bin"_s, u"/bin"_s, u"/usr/local/bin"_s, u"/run/current-system/sw/bin"_s});
    if (program.isEmpty())
        return std::nullopt;
    return Launcher{u"systemd"_s, program, {u"--user"_s, u"start"_s, u"dormouse-agent"_s}, false};
}

} // namespace dormouse
