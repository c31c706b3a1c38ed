// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/statusjson.h"
#include "cli/statustext.h"
#include "cli/watch.h"
#include "shared/control/messages.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

int status(const Context &context)
{
    const bool json = context.invocation.has("json"_L1);
    if (context.invocation.has("watch"_L1))
        return StatusWatch(context, json).run();
    const std::optional<Result<QJsonObject>> answer = observe(context, {{control::key::kType, QString(control::type::kStatus)}});
    if (!answer)
        return reportAbsent(context);
    if (!*answer) {
        if (json)
            context.out.json(absentStatusJson(readRecord(context.paths), answer->error().text()));
        return context.fail(answer->error());
    }
    if (!isAccepted(answer->value()))
        return reportRefusal(context, answer->value());
    if (json) {
        context.out.json(withAgentRunning(answer->value()));
        return kExitOk;
    }
    const std::optional<Snapshot> snapshot = snapshotFromJson(answer->value());
    if (!snapshot)
        return context.fail(kExitFailure,
                            u"the agent's answer names no state that is known here; are both of the same version?"_s);
    context.out.write(statusText(*snapshot, context.now(), context.out.palette()));
    return kExitOk;
}

} // namespace

Command statusCommand()
{
    CommandSpec spec{
        u"status"_s, group::kLook, u"the state, what comes next, and why"_s, u"[--json] [--watch]"_s,
        u"Shows what the agent does, what comes next and why. It never wakes anything; with no agent it tells what the record "
        "says."_s};
    spec.options = {{u"json"_s, {}, u"the snapshot as JSON, with the keys of the control socket"_s},
                    {u"watch"_s, {}, u"stay and follow changes; not on a terminal: a line each; Ctrl-C ends"_s}};
    spec.example = u"dormouse status --json | jq -r .state"_s;
    spec.exitCodes =
        u"0   an agent answered, or it hibernates\n69  no agent runs (or answers), and the record does not say HIBERNATION"_s;
    return {spec, &status};
}

} // namespace dormouse
