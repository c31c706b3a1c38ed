// SPDX-License-Identifier: MIT
#include "cli/doctor/gathering.h"

#include "cli/agentlink.h"
#include "cli/withoutagent.h"
#include "shared/control/messages.h"

#include <QDir>
#include <QFileInfo>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

QJsonObject cycleFacts(const Context &context, const AgentFacts &agent, const Configuration &configuration)
{
    if (agent.snapshot) {
        const Result<QJsonObject> answer =
            askAgent(context, {{control::key::kType, QString(control::type::kSleepCycle)}, {"action"_L1, u"status"_s}});
        if (answer && isAccepted(answer.value()))
            return payloadOf(answer.value());
    }
    return cycleWithoutAgent(context.paths, configuration.steps);
}

/// The folder itself, or the one in which it would be made.
QString existing(QString folder)
{
    while (fileKind(folder) == FileKind::Missing && folder.size() > 1)
        folder = QFileInfo(folder).path();
    return folder;
}

} // namespace

Facts gatherFacts(const Context &context)
{
    Facts facts;
    facts.paths = context.paths;
    facts.defaultRoot = QDir::cleanPath(QDir::homePath() + u"/.iai-mcp"_s);
    facts.storeVariable = qEnvironmentVariable("IAI_MCP_STORE");
    facts.configuration = configurationFacts(context);
    const Configuration configuration = facts.configuration.configuration.value_or(Configuration());
    facts.agent = agentFacts(context);
    facts.now = context.now(); // after the agent was asked: nothing it has written since its start may lie in the future
    facts.socket = socketFacts(context, facts.agent.isAlive());
    facts.lock = lockFacts(context.paths);
    facts.record = recordFacts(context.paths);
    facts.legacy = legacyFacts(context.paths);
    facts.signal = signalFacts(context.paths, facts.now);
    facts.presence = presenceFacts(context, facts.agent, configuration.settings);
    facts.history = historyFacts(context.paths, facts.agent, facts.now);
    facts.cycle = cycleFacts(context, facts.agent, configuration);
    facts.services =
        facts.agent.snapshot ? facts.agent.snapshot->services : servicesWithoutAgent(context.paths, configuration.services);
    facts.rights = rightsFacts(context.paths, context.socket);
    facts.autostart = autostartFacts(context.paths, context.socket);
    facts.disk = diskFacts(existing(context.paths.root));
    facts.watches = watchFacts(facts.agent.isAlive() ? facts.agent.holder->pid : 0);
    facts.pythonDaemons = unmanagedPythonDaemons(facts);
    return facts;
}

} // namespace dormouse::doctor
