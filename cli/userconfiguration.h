// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "shared/config/configuration.h"

namespace dormouse {

/// dormouse.toml with this terminal's environment over it: what an agent that is started from here would use. Errors as of
/// loadConfiguration().
[[nodiscard]] Result<Configuration> userConfiguration(const Context &context);

} // namespace dormouse
