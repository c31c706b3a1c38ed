// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString doneText(const QJsonObject &answer)
{
    const QString state = sanitized(answer.value(control::key::kState).toString(), 30);
    return u"hibernating (state "_s + state + u')' + stopsText(answer, "stopping"_L1) + u"; undo: dormouse wake"_s;
}

int hibernate(const Context &context)
{
    QJsonObject message{{control::key::kType, QString(control::type::kHibernate)}};
    if (context.invocation.has("force"_L1))
        message.insert("force"_L1, true);
    return requestAndReport(context, message, &doneText);
}

} // namespace

Command hibernateCommand()
{
    CommandSpec spec{
        u"hibernate"_s, group::kAct, u"stop the services now, without maintenance"_s, u"[--force]"_s,
        u"Goes to HIBERNATION now: no maintenance runs, a running one is interrupted, the services stop. Leases refuse it, "
        "unless forced."_s};
    spec.options = {{u"force"_s, {}, u"also while leases are held"_s}};
    spec.example = u"dormouse hibernate"_s;
    spec.exitCodes = u"0   hibernating, or hibernating already\n69  no agent runs\n75  leases are held; try again, or --force"_s;
    return {spec, &hibernate};
}

} // namespace dormouse
