// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"

#include <vector>

namespace dormouse {

// One file a subcommand, in commands/.
[[nodiscard]] Command statusCommand();
[[nodiscard]] Command whyCommand();
[[nodiscard]] Command wrappersCommand();
[[nodiscard]] Command servicesCommand();
[[nodiscard]] Command historyCommand();
[[nodiscard]] Command digestCommand();
[[nodiscard]] Command wakeCommand();
[[nodiscard]] Command sleepCommand();
[[nodiscard]] Command hibernateCommand();
[[nodiscard]] Command pauseCommand();
[[nodiscard]] Command resumeCommand();
[[nodiscard]] Command serviceCommand();
[[nodiscard]] Command runCommand();
[[nodiscard]] Command scanCommand();
[[nodiscard]] Command cleanCommand();
[[nodiscard]] Command acknowledgeCommand();
[[nodiscard]] Command releaseCommand();
[[nodiscard]] Command stopCommand();
[[nodiscard]] Command cycleCommand();
[[nodiscard]] Command configCommand();
[[nodiscard]] Command reloadCommand();
[[nodiscard]] Command doctorCommand();
[[nodiscard]] Command metricsCommand();
[[nodiscard]] Command completionsCommand();
[[nodiscard]] Command installCommand();
[[nodiscard]] Command uninstallCommand();
[[nodiscard]] Command versionCommand();
[[nodiscard]] Command helpCommand();

/// All of them, in the order of the overview.
[[nodiscard]] std::vector<Command> allCommands();
[[nodiscard]] std::vector<CommandSpec> allSpecs();

// Headings of the overview.
namespace group {
inline constexpr QLatin1StringView kLook{"Look"};
inline constexpr QLatin1StringView kAct{"Wake and sleep"};
inline constexpr QLatin1StringView kKeep{"Housekeeping"};
inline constexpr QLatin1StringView kAbout{"About"};
} // namespace group

} // namespace dormouse
