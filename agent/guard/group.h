// SPDX-License-Identifier: MIT
#pragma once

#include "agent/guard/command.h"

namespace dormouse::guard {

/// Runs the command in a process group led by this process, until it ends or `control` closes; then ends what is left of the group. Answers the command's exit
/// code; where a signal ended the command, ends this process by the same.
[[nodiscard]] int runGroup(const Command &command, int control);

} // namespace dormouse::guard
