// SPDX-License-Identifier: MIT
#include "cli/agentpath.h"

#include "cli/agentlink.h"
#include "cli/serviceenvironment.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

AgentPath agentPath(const Context &context, const Settings &settings)
{
    const QString variable = u"PATH"_s;
    if (settings.environment.contains(variable))
        return {settings.environment.value(variable), u"[env] in the file"_s};
    if (const std::optional<LockHolder> agent = liveAgent(context.paths)) {
        if (std::optional<QString> path = pathOfProcess(agent->pid))
            return {*path, u"the running agent, pid %1"_s.arg(agent->pid)};
    }
    if (std::optional<QString> path = pathOfServiceManager())
        return {*path, u"your "_s + serviceManagerName()};
    return {defaultServicePath(), u"the default under "_s + serviceManagerName()};
}

} // namespace dormouse
