// SPDX-License-Identifier: MIT
#pragma once

#include "tray/options.h"

#include <optional>

QT_BEGIN_NAMESPACE
class QApplication;
QT_END_NAMESPACE

namespace dormouse {

/// What can be answered without a display: --help, --version, and that there is none. Nothing where the program should go on.
[[nodiscard]] std::optional<TrayExit> exitBeforeDisplay(int argc, char **argv);

/// Name, version, and that closing a window does not end the program.
void introduce(QApplication &application);

/// The user's language, where it is shipped, and Qt's own texts in it.
void installLanguages(QApplication &application);

/// Replaces this process by a new one of the same program. Returns an exit code only where that failed.
[[nodiscard]] int restart(char **argv);

} // namespace dormouse
