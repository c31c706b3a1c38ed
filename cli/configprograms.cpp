// SPDX-License-Identifier: MIT
#include "cli/configprograms.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

std::vector<NamedProgram> programsOf(const Configuration &configuration)
{
    std::vector<NamedProgram> programs;
    const auto add = [&programs](const QString &where, const QStringList &command) {
        if (!command.isEmpty())
            programs.push_back({where, command.constFirst()});
    };
    for (const StepConfig &step : configuration.steps)
        add(u"step \""_s + step.name + u'"', step.command);
    for (const ServiceConfig &service : configuration.services) {
        add(u"service \""_s + service.name + u'"', service.command);
        add(u"service \""_s + service.name + u"\", ready"_s, service.ready.command);
    }
    for (auto it = configuration.hooks.begin(); it != configuration.hooks.end(); ++it) {
        for (const QStringList &command : *it)
            add(u"hook on_"_s + QString(toString(it.key())).toLower(), command);
    }
    return programs;
}

} // namespace dormouse
