// SPDX-License-Identifier: MIT
#include "cli/installlaunchd.h"

#include <QDir>

#include <unistd.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

std::unique_ptr<ServiceInstaller> makeServiceInstaller(bool isRehearsal, const std::function<void(const QString &)> &say)
{
    return std::make_unique<LaunchdInstaller>(InstallTool(u"/bin/launchctl"_s, {}, isRehearsal, say), QDir::homePath(),
                                              static_cast<qint64>(::getuid()));
}

} // namespace dormouse
