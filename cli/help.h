// SPDX-License-Identifier: MIT
#pragma once

#include "cli/invocation.h"
#include "cli/palette.h"

namespace dormouse {

/// What `dormouse` alone shows: what it is, the commands in their groups, examples. Ends with a newline.
[[nodiscard]] QString overviewText(const std::vector<CommandSpec> &commands, const Palette &palette);

/// What `dormouse NAME --help` shows. Ends with a newline.
[[nodiscard]] QString commandHelpText(const CommandSpec &command, const Palette &palette);

} // namespace dormouse
