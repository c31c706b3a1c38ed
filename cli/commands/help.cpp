// SPDX-License-Identifier: MIT
#include "cli/help.h"

#include "cli/commands.h"

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

int help(const Context &context)
{
    const std::vector<CommandSpec> specs = allSpecs();
    if (context.invocation.arguments.isEmpty()) {
        context.out.write(overviewText(specs, context.out.palette()));
        return kExitOk;
    }
    const QString name = context.invocation.arguments.first();
    const std::variant<Invocation, UsageError> named = parseInvocation({u"--help"_s, name}, specs);
    const auto found = std::find_if(specs.begin(), specs.end(), [&name](const CommandSpec &spec) { return spec.name == name; });
    if (found == specs.end()) {
        const UsageError *error = std::get_if<UsageError>(&named);
        return context.fail(kExitUsage, error ? error->text : QString(u"'"_s + name + u"' is no command (see: dormouse help)"_s));
    }
    context.out.write(commandHelpText(*found, context.out.palette()));
    return kExitOk;
}

} // namespace

Command helpCommand()
{
    CommandSpec spec{u"help"_s, group::kAbout, u"this overview, or one command's help"_s, u"[COMMAND]"_s,
                     u"Shows the overview, or what one command does."_s};
    spec.maximumArguments = 1;
    spec.example = u"dormouse help run"_s;
    return {spec, &help};
}

} // namespace dormouse
