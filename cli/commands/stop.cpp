// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "shared/control/messages.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString doneText(const QJsonObject &)
{
    return u"the agent is stopping; undo: dormouse wake"_s;
}

int stop(const Context &context)
{
    if (!liveAgent(context.paths)) {
        context.out.line(u"no agent is running"_s);
        return kExitOk;
    }
    return requestAndReport(context, {{control::key::kType, QString(control::type::kStop)}}, &doneText);
}

} // namespace

Command stopCommand()
{
    CommandSpec spec{
        u"stop"_s,
        group::kAct,
        u"stop the agent and its services"_s,
        {},
        u"Ends the agent, its maintenance and its services, as SIGTERM does. The state stays; a supervisor does not start it "
        "again."_s};
    spec.example = u"dormouse stop"_s;
    return {spec, &stop};
}

} // namespace dormouse
