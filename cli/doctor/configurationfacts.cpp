// SPDX-License-Identifier: MIT
#include "cli/doctor/gathering.h"

#include "cli/configprograms.h"
#include "cli/serviceenvironment.h"
#include "cli/userconfiguration.h"
#include "shared/config/checkedconfiguration.h"

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

QString remedyFor(const QString &program)
{
    if (program.contains(u'/'))
        return u"install it, or mend its path in dormouse.toml"_s;
    const std::optional<QString> here = findProgram(program, qEnvironmentVariable("PATH"));
    const QString found = here ? u" (this terminal finds %1)"_s.arg(*here) : QString();
    return u"write its whole path in dormouse.toml, or set PATH in [env]"_s + found;
}

void findPrograms(ConfigurationFacts &facts, const Context &context)
{
    const std::vector<NamedProgram> programs = programsOf(*facts.configuration);
    facts.programs = static_cast<int>(programs.size());
    if (programs.empty())
        return;
    facts.path = agentPath(context, facts.configuration->settings);
    for (const NamedProgram &named : programs) {
        if (!findProgram(named.program, facts.path.path))
            facts.missing.push_back({named.where, named.program, remedyFor(named.program)});
    }
}

} // namespace

ConfigurationFacts configurationFacts(const Context &context)
{
    const QString path = context.paths.configuration();
    ConfigurationFacts facts;
    facts.isThere = fileKind(path) != FileKind::Missing;
    const Result<QByteArray> text = readConfigurationFile(path);
    if (!text) {
        facts.error = text.error().text();
        facts.remedy = u"do what is said there; until then the agent keeps the configuration it has, or the defaults"_s;
        return facts;
    }
    const CheckedConfiguration checked = checkConfiguration(text.value());
    if (!checked.faults.empty()) {
        facts.error = locatedText(path, checked.faults.front());
        facts.errors = static_cast<int>(checked.faults.size());
        facts.remedy = u"dormouse config check shows each place"_s;
        return facts;
    }
    const Result<Configuration> whole = userConfiguration(context);
    if (!whole) { // thresholds that do not rise, or a variable of the environment
        facts.error = whole.error().text();
        facts.errors = 1;
        facts.remedy = u"mend dormouse.toml, or unset the variable"_s;
        return facts;
    }
    facts.configuration = whole.value();
    findPrograms(facts, context);
    return facts;
}

} // namespace dormouse::doctor
