// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

#include <QJsonArray>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kWhyMax = 500;

QString blockerText(const QJsonValue &blocker)
{
    return blocker.isObject() ? blocker.toObject().value("text"_L1).toString() : blocker.toString();
}

int why(const Context &context)
{
    const std::optional<Result<QJsonObject>> answer = observe(context, {{control::key::kType, QString(control::type::kWhy)}});
    if (!answer)
        return reportAbsent(context);
    if (!*answer)
        return context.fail(answer->error());
    if (!isAccepted(answer->value()))
        return reportRefusal(context, answer->value());
    if (context.invocation.has("json"_L1)) {
        context.out.json(payloadOf(answer->value()));
        return kExitOk;
    }
    const QString text = answer->value().value("text"_L1).toString();
    context.out.line(sanitized(text, kWhyMax));
    for (const QJsonValue &blocker : answer->value().value("blockers"_L1).toArray()) {
        const QString line = sanitized(blockerText(blocker), kWhyMax);
        if (!line.isEmpty() && line != text)
            context.out.line(u"  - "_s + line);
    }
    return kExitOk;
}

} // namespace

Command whyCommand()
{
    CommandSpec spec{
        u"why"_s, group::kLook, u"why it is in this state, and what blocks the next"_s, u"[--json]"_s,
        u"Answers \"why does it not sleep?\": what keeps the present state, and what blocks the next one. It never wakes "
        "anything."_s};
    spec.options = {{u"json"_s, {}, u"the answer as JSON: text, blockers"_s}};
    spec.example = u"dormouse why"_s;
    return {spec, &why};
}

} // namespace dormouse
