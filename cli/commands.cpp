// SPDX-License-Identifier: MIT
#include "cli/commands.h"

namespace dormouse {

std::vector<Command> allCommands()
{
    return {
        statusCommand(),      whyCommand(),     wrappersCommand(),  historyCommand(), digestCommand(),
        wakeCommand(),        sleepCommand(),   hibernateCommand(), pauseCommand(),   resumeCommand(),
        runCommand(),         releaseCommand(), stopCommand(),      scanCommand(),    cleanCommand(),
        acknowledgeCommand(), configCommand(),  helpCommand(),      versionCommand(),
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
