// SPDX-License-Identifier: MIT
#include "cli/commands.h"

namespace dormouse {

std::vector<Command> allCommands()
{
    return {
        statusCommand(), whyCommand(),     wrappersCommand(),  servicesCommand(), historyCommand(),     digestCommand(),
        doctorCommand(), metricsCommand(), wakeCommand(),      sleepCommand(),    hibernateCommand(),   pauseCommand(),
        resumeCommand(), serviceCommand(), runCommand(),       releaseCommand(),  stopCommand(),        cycleCommand(),
        scanCommand(),   cleanCommand(),   configCommand(),    reloadCommand(),   acknowledgeCommand(), completionsCommand(),
        helpCommand(),   installCommand(), uninstallCommand(), versionCommand(),
    };
}

std::vector<CommandSpec> allSpecs()
{
    std::vector<CommandSpec> specs;
    for (const Command &command : allCommands())
        specs.push_back(command.spec);
    return specs;
}

} // namespace dormouse
