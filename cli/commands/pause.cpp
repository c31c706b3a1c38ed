// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/times.h"
#include "cli/waking.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

int report(const Context &context, const QJsonObject &answer)
{
    const QString until = answer.value("until"_L1).toString();
    if (until.isEmpty())
        context.out.line(u"kept awake until you end it: dormouse resume"_s);
    else
        context.out.line(u"kept awake until "_s + localTimeOf(until, context.now()) + u"; undo: dormouse resume"_s);
    return kExitOk;
}

int pause(const Context &context)
{
    QJsonObject message{{control::key::kType, QString(control::type::kPause)}};
    if (!context.invocation.arguments.isEmpty()) {
        const QString text = context.invocation.arguments.first();
        const std::optional<Millis> length = parseDuration(text);
        if (!length || *length <= Millis(0))
            return context.failUsage(u"'"_s + sanitized(text) + u"' is no duration like 15m, 90s or 2h"_s);
        message.insert("seconds"_L1, std::chrono::duration<double>(*length).count());
    }
    if (context.invocation.has("reason"_L1))
        message.insert("reason"_L1, context.invocation.value("reason"_L1));
    if (const int code = ensureAgent(context); code != kExitOk)
        return code; // a hold is a request, so it wakes
    const Result<QJsonObject> answer = askAgent(context, message);
    if (!answer)
        return context.fail(answer.error());
    return isAccepted(answer.value()) ? report(context, answer.value()) : reportRefusal(context, answer.value());
}

} // namespace

Command pauseCommand()
{
    CommandSpec spec{
        u"pause"_s, group::kAct, u"keep everything awake for a while"_s, u"[DURATION] [--reason TEXT]"_s,
        u"Keeps everything awake for so long, or until `dormouse resume`; wakes it when it sleeps. An explicit sleep or "
        "hibernate ends it, too."_s};
    spec.options = {{u"reason"_s, u"TEXT"_s, u"shown in status"_s}};
    spec.maximumArguments = 1;
    spec.example = u"dormouse pause 15m\ndormouse pause 2h --reason \"long download\""_s;
    return {spec, &pause};
}

} // namespace dormouse
