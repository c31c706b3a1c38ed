// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "shared/base/settings.h"

namespace dormouse {

/// Where the agent looks for programs, and how that is known: "[env] in the file", "the running agent (pid 812)".
struct AgentPath {
    QString path; ///< colon separated
    QString origin;
};

/// The first that is known: PATH in [env], the running agent's own, the user's service manager's, the platform's default.
[[nodiscard]] AgentPath agentPath(const Context &context, const Settings &settings);

} // namespace dormouse
