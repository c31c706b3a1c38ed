// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/config/configuration.h"
#include "shared/storage/rootpaths.h"

#include <QString>
#include <QStringList>

#include <variant>

namespace dormouse {

/// What the agent was started with.
struct AgentOptions {
    RootPaths paths;
    QString socketPath;
    ConfigurationSources configuration;
    QString logLevel;
    bool supervised = false;
    bool shadowRun = false;
    bool wake = false;
};

/// Text to print, and the exit code that goes with it.
struct ProgramExit {
    QString text;
    int code = 0;
};

/// Parses the command line (without the program's name first) and the environment. Anything wrong is one line that says what to do.
[[nodiscard]] std::variant<AgentOptions, ProgramExit> parseAgentOptions(const QStringList &arguments);

} // namespace dormouse
