// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "shared/control/agentwaker.h"

namespace dormouse {

/// Wakes the agent that is not there by AgentWaker and waits for it (its own bound: about 25 s at worst). Error: the root
/// cannot be made ready.
[[nodiscard]] Result<WakeOutcome> wakeAbsentAgent(const Context &context);

/// "no agent could be started: WAY: why; WAY: why".
[[nodiscard]] QString failureText(const WakeOutcome &outcome);

/// Makes sure that an agent runs, for requests (never for observers): 0, or the exit code of what was told on standard error.
[[nodiscard]] int ensureAgent(const Context &context);

} // namespace dormouse
