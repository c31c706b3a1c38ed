// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/configcheck.h"
#include "cli/configjson.h"
#include "cli/userconfiguration.h"
#include "shared/base/text.h"

#include <QFile>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kLineMax = 1000; // the path is the user's: shown harmless, not cut

int show(const Context &context)
{
    const QString path = context.paths.configuration();
    const Result<Configuration> configuration = userConfiguration(context);
    if (!configuration)
        return context.fail(kExitConfiguration, configuration.error().text());
    if (context.invocation.has("json"_L1)) {
        context.out.json(configurationToJson(configuration.value()));
        return kExitOk;
    }
    const QString origin = QFile::exists(path) ? u"# From "_s + path : u"# The defaults, since there is no "_s + path;
    context.out.line(sanitized(origin, kLineMax));
    context.out.line(u"# Variables of this terminal's environment count; what an agent is given by --set is not in here."_s);
    context.out.write(QString::fromUtf8(formatConfiguration(configuration.value())));
    return kExitOk;
}

int config(const Context &context)
{
    const QString action = context.invocation.arguments.constFirst();
    if (action == "show"_L1)
        return show(context);
    if (context.invocation.has("json"_L1))
        return context.failUsage(u"--json goes with 'config show' alone"_s);
    if (action == "check"_L1)
        return checkConfigurationFile(context);
    context.out.line(context.paths.configuration()); // as it is: scripts open what is printed here
    return kExitOk;
}

} // namespace

Command configCommand()
{
    CommandSpec spec{
        u"config"_s, group::kKeep, u"check or show the configuration, or tell where it is"_s, u"path | check | show [--json]"_s,
        u"path: prints the path of dormouse.toml, whether it exists or not. check: tells everything that is wrong in it, and "
        "which programs the agent would not find on its PATH, which is not this terminal's. show: the configuration in "
        "full, defaults included."_s};
    spec.minimumArguments = 1;
    spec.maximumArguments = 1;
    spec.choices = {u"path"_s, u"check"_s, u"show"_s};
    spec.options = {{u"json"_s, {}, u"show as JSON, with the keys of the file; durations in seconds"_s}};
    spec.example = u"$EDITOR \"$(dormouse config path)\" && dormouse config check"_s;
    spec.exitCodes = u"0   the file can be used, or there is none\n78  it has errors, or others may write it"_s;
    return {spec, &config};
}

} // namespace dormouse
