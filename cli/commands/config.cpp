// SPDX-License-Identifier: MIT
#include "cli/commands.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

int config(const Context &context)
{
    context.out.line(context.paths.configuration()); // as it is: scripts open what is printed here
    return kExitOk;
}

} // namespace

Command configCommand()
{
    CommandSpec spec{u"config"_s, group::kKeep, u"where the configuration file is"_s, u"path"_s,
                     u"Prints the path of the configuration file, whether it exists or not."_s};
    spec.minimumArguments = 1;
    spec.maximumArguments = 1;
    spec.choices = {u"path"_s};
    spec.example = u"$EDITOR \"$(dormouse config path)\""_s;
    return {spec, &config};
}

} // namespace dormouse
