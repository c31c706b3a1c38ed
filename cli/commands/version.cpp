// SPDX-License-Identifier: MIT
#include "shared/base/version.h"
#include "cli/commands.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

int version(const Context &context)
{
    context.out.line(u"dormouse "_s + QLatin1StringView(kVersion));
    return kExitOk;
}

} // namespace

Command versionCommand()
{
    CommandSpec spec{u"version"_s,
                     group::kAbout,
                     u"print the version"_s,
                     {},
                     u"Prints the version of this command; --version does the same."_s};
    return {spec, &version};
}

} // namespace dormouse
