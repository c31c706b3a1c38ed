// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

int sleepNow(const Context &context)
{
    QJsonObject message{{control::key::kType, QString(control::type::kUserInitiatedSleep)}};
    if (context.invocation.has("force"_L1))
        message.insert("force"_L1, true);
    if (context.invocation.has("reason"_L1))
        message.insert("reason"_L1, context.invocation.value("reason"_L1));

    const std::optional<Result<QJsonObject>> answer = observe(context, message);
    if (!answer)
        return reportAbsent(context);
    if (!*answer)
        return context.fail(answer->error());
    const QJsonObject &object = answer->value();
    if (!isAccepted(object) && object.value(control::key::kReason).toString() == control::reason::kAlreadySleeping) {
        const QString error = sanitized(object.value(control::key::kError).toString());
        context.out.line(error.isEmpty() ? u"it sleeps already; wake it: dormouse wake"_s
                                         : QString(u"nothing to do: "_s + error));
        return kExitOk;
    }
    if (!isAccepted(object))
        return reportBusyOrRefusal(context, object);
    const QString state = sanitized(object.value(control::key::kState).toString(), 30);
    context.out.line(u"asleep (state "_s + state + u')' + stopsText(object, "will stop"_L1) + u"; undo: dormouse wake"_s);
    return kExitOk;
}

} // namespace

Command sleepCommand()
{
    CommandSpec spec{
        u"sleep"_s, group::kAct, u"go to sleep now, whoever is attached"_s, u"[--force] [--reason TEXT]"_s,
        u"Goes to SLEEP now: maintenance runs, then it hibernates. Wrappers that are attached at this moment stop counting "
        "until they are used again. "
        "Leases (dormouse run) refuse it, unless forced."_s};
    spec.options = {{u"force"_s, {}, u"also while leases are held"_s}, {u"reason"_s, u"TEXT"_s, u"shown in status"_s}};
    spec.example = u"dormouse sleep --reason \"leaving for the day\""_s;
    spec.exitCodes = u"0   asleep, or asleep already\n69  no agent runs\n75  leases are held; try again, or --force"_s;
    return {spec, &sleepNow};
}

} // namespace dormouse
