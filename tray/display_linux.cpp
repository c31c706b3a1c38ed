// SPDX-License-Identifier: MIT
#include "tray/display.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

bool hasDisplay(const QStringList &arguments)
{
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY")
           || qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || arguments.contains(u"-platform"_s);
}

} // namespace dormouse
