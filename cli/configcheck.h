// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "shared/config/faults.h"

#include <QByteArray>

namespace dormouse {

/// `dormouse config check`: tells all that is wrong in dormouse.toml, and which programs the agent would not find. Answers the exit code.
[[nodiscard]] int checkConfigurationFile(const Context &context);

/// The line of a fault with a mark under the text concerned; empty for a fault without a place. Long lines are cut around it.
[[nodiscard]] QString excerptOf(const QByteArray &text, TextPlace place);

} // namespace dormouse
