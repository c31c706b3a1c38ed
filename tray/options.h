// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"

#include <QString>
#include <QStringList>

#include <variant>

namespace dormouse {

enum class ColourScheme { Auto, Light, Dark };

/// What the tray was started with.
struct TrayOptions {
    RootPaths paths;
    QString socketPath;
    QString page; ///< what to show at once: one of trayPages(), or empty
    QString logLevel;
    ColourScheme scheme = ColourScheme::Auto;
};

/// Text to print, and the exit code that goes with it.
struct TrayExit {
    QString text;
    int code = 0;
};

/// The windows that --show knows.
[[nodiscard]] QStringList trayPages();

/// Parses the command line (without the program's name). Anything wrong is one line that says what to do.
[[nodiscard]] std::variant<TrayOptions, TrayExit> parseTrayOptions(const QStringList &arguments);

} // namespace dormouse
