// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

namespace dormouse {

/// Whether there may be a display, told before Qt looks for one: without it, Qt ends the process. `arguments` are the program's.
[[nodiscard]] bool hasDisplay(const QStringList &arguments);

} // namespace dormouse
