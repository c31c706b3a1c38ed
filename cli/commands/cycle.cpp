// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/cycletext.h"
#include "cli/statusjson.h"
#include "cli/times.h"
#include "cli/userconfiguration.h"
#include "cli/waking.h"
#include "cli/withoutagent.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/storage/eventlog.h"

#include <QJsonArray>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kPast = 7 * 24h; // what is older is no news, and strikes are forgotten by then

/// What the event log adds: the last cycle that was completed, and what failing steps printed.
void addPast(const Context &context, CycleReport &report)
{
    const WallTime now = context.now();
    readEventLog(context.paths.logs(), now - kPast, now + 1min, false, [&report](const LogEntry &entry) {
        if (entry.kind == logkind::kSleepCycleCompleted)
            report.last = CompletedCycle{entry.time, fromSeconds(entry.fields.value("duration_sec"_L1).toDouble())};
        else if (entry.kind == logkind::kSleepStepCompleted && entry.fields.contains("output"_L1))
            report.outputs.insert(entry.fields.value("step"_L1).toString(), entry.fields.value("output"_L1).toString());
    });
}

int show(const Context &context, QJsonObject cycle, const QJsonObject &status, const std::optional<Snapshot> &snapshot)
{
    if (context.invocation.has("json"_L1)) {
        cycle.insert("agent"_L1, status.value("agent"_L1));
        cycle.insert("state"_L1, status.value("state"_L1));
        context.out.json(cycle);
        return kExitOk;
    }
    CycleReport report{cycle, snapshot, std::nullopt};
    addPast(context, report);
    context.out.write(cycleText(report, context.now(), context.out.palette()));
    return kExitOk;
}

int showWithoutAgent(const Context &context)
{
    const Result<Configuration> configuration = userConfiguration(context);
    const std::optional<LifecycleRecord> record = readRecord(context.paths);
    const QJsonObject cycle =
        cycleWithoutAgent(context.paths, configuration ? configuration.value().steps : std::vector<StepConfig>());
    const int shown = show(context, cycle, absentStatusJson(record), std::nullopt);
    if (shown != kExitOk || context.invocation.has("json"_L1))
        return absentCode(record);
    return reportAbsent(context);
}

int showStatus(const Context &context)
{
    const QJsonObject message{{control::key::kType, QString(control::type::kSleepCycle)}, {"action"_L1, u"status"_s}};
    const std::optional<Result<QJsonObject>> answer = observe(context, message);
    if (!answer)
        return showWithoutAgent(context);
    if (!*answer)
        return context.fail(answer->error());
    if (!isAccepted(answer->value()))
        return reportRefusal(context, answer->value());
    const Result<QJsonObject> status = askAgent(context, {{control::key::kType, QString(control::type::kStatus)}});
    if (!status)
        return context.fail(status.error());
    return show(context, payloadOf(answer->value()), withAgentRunning(status.value()), snapshotFromJson(status.value()));
}

int print(const Context &context, const Result<QJsonObject> &answer, const QString &text)
{
    if (!answer)
        return context.fail(answer.error());
    if (!isAccepted(answer.value()))
        return reportRefusal(context, answer.value());
    if (context.invocation.has("json"_L1))
        context.out.json(payloadOf(answer.value()));
    else
        context.out.line(text);
    return kExitOk;
}

int runNow(const Context &context)
{
    if (const int code = ensureAgent(context); code != kExitOk)
        return code;
    const Result<QJsonObject> answer = askAgent(context, {{control::key::kType, QString(control::type::kForceRem)}});
    return print(context, answer, u"a sleep cycle starts now, whatever the state; follow it: dormouse cycle"_s);
}

int resetQuarantine(const Context &context)
{
    if (!liveAgent(context.paths)) {
        const QJsonObject cycle = cycleWithoutAgent(context.paths, {});
        if (cycle.value("quarantine"_L1).isObject() || !cycle.value("strikes"_L1).toArray().isEmpty())
            return context.fail(kExitNoAgent, u"no agent is running that could end it; `dormouse wake` starts one"_s);
        context.out.line(u"there is no quarantine; no agent is running, either"_s);
        return kExitOk;
    }
    const QJsonObject message{{control::key::kType, QString(control::type::kSleepCycle)}, {"action"_L1, u"reset_quarantine"_s}};
    const Result<QJsonObject> answer = askAgent(context, message);
    const bool wasQuarantined = answer && answer.value().value("was_quarantined"_L1).toBool();
    return print(context, answer,
                 wasQuarantined ? u"the quarantine is ended: a cycle runs in the next SLEEP; now: dormouse cycle run"_s
                                : u"there was no quarantine; failures so far are forgotten"_s);
}

int cycle(const Context &context)
{
    const QString action = context.invocation.arguments.value(0, u"status"_s);
    if (action == "run"_L1)
        return runNow(context);
    return action == "status"_L1 ? showStatus(context) : resetQuarantine(context);
}

} // namespace

Command cycleCommand()
{
    CommandSpec spec{
        u"cycle"_s, group::kKeep, u"the sleep cycle: how far it is, run it now, end its quarantine"_s,
        u"[status | run | reset-quarantine] [--json]"_s,
        u"status (the default): how far the sleep cycle is, what failed, until when it is held back and why, and when it may "
        "start next; it never wakes anything. run: runs a cycle now, in whatever state and quarantined or not; starts the "
        "agent when it is not there. reset-quarantine: ends the quarantine, and forgets the failures that led to it."_s};
    spec.maximumArguments = 1;
    spec.choices = {u"status"_s, u"run"_s, u"reset-quarantine"_s};
    spec.options = {{u"json"_s, {}, u"the answer as JSON, with the keys of the control socket"_s}};
    spec.example = u"dormouse cycle\ndormouse cycle run && dormouse status --watch"_s;
    spec.exitCodes = u"0   fine; status: also when it hibernates\n69  no agent runs (run: none could be started)"_s;
    return {spec, &cycle};
}

} // namespace dormouse
