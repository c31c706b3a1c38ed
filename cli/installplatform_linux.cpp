// SPDX-License-Identifier: MIT
#include "cli/installsystemd.h"

#include <QDir>
#include <QStandardPaths>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

std::unique_ptr<ServiceInstaller> makeServiceInstaller(bool isRehearsal, const std::function<void(const QString &)> &say)
{
    const QString program = QStandardPaths::findExecutable(
        u"systemctl"_s, {u"/usr/bin"_s, u"/bin"_s, u"/usr/local/bin"_s, u"/run/current-system/sw/bin"_s});
    const QString home = QDir::homePath();
    return std::make_unique<SystemdInstaller>(InstallTool(program, {u"--user"_s}, isRehearsal, say),
                                              userFolder("XDG_CONFIG_HOME", home + u"/.config"_s),
                                              userFolder("XDG_DATA_HOME", home + u"/.local/share"_s));
}

} // namespace dormouse
