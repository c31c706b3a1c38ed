// SPDX-License-Identifier: MIT
#include "cli/installsystemd.h"

#include <QDir>
#include <QStandardPaths>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

/// An absolute folder from the environment, else `fallback`.
QString folderFrom(const char *variable, const QString &fallback)
{
    const QString value = qEnvironmentVariable(variable);
    return QDir::cleanPath(value.startsWith(u'/') ? value : fallback);
}

} // namespace

std::unique_ptr<ServiceInstaller> makeServiceInstaller(bool isRehearsal, const std::function<void(const QString &)> &say)
{
    const QString program = QStandardPaths::findExecutable(
        u"systemctl"_s, {u"/usr/bin"_s, u"/bin"_s, u"/usr/local/bin"_s, u"/run/current-system/sw/bin"_s});
    const QString home = QDir::homePath();
    return std::make_unique<SystemdInstaller>(InstallTool(program, {u"--user"_s}, isRehearsal, say),
                                              folderFrom("XDG_CONFIG_HOME", home + u"/.config"_s),
                                              folderFrom("XDG_DATA_HOME", home + u"/.local/share"_s));
}

} // namespace dormouse
