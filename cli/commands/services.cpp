// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/servicestext.h"
#include "cli/statusjson.h"
#include "cli/userconfiguration.h"
#include "cli/withoutagent.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/control/snapshot.h"

#include <QFile>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kLineMax = 1000; // a path may be long

void print(const Context &context, const std::vector<ServiceView> &services)
{
    if (services.empty()) {
        const QString hint = u"no services are configured; a [[service]] in "_s + context.paths.configuration() + u" makes one"_s;
        context.out.line(sanitized(hint, kLineMax));
        return;
    }
    context.out.write(servicesTable(services, context.out.palette()));
    for (const ServiceView &service : services) {
        const QString log = context.paths.logs() + u"/service-"_s + sanitized(service.name) + u".log"_s;
        if (service.state == "failed"_L1 && QFile::exists(log))
            context.out.line(sanitized(service.name) + u" failed; what it printed: "_s + sanitized(log, kLineMax));
    }
}

int showWithoutAgent(const Context &context)
{
    const std::optional<LifecycleRecord> record = readRecord(context.paths);
    const Result<Configuration> configuration = userConfiguration(context);
    const std::vector<ServiceView> services =
        servicesWithoutAgent(context.paths, configuration ? configuration.value().services : std::vector<ServiceConfig>());
    if (context.invocation.has("json"_L1)) {
        const QJsonObject status = absentStatusJson(record);
        context.out.json({{"agent"_L1, status.value("agent"_L1)},
                          {"state"_L1, status.value("state"_L1)},
                          {"services"_L1, servicesJson(services)}});
    } else if (configuration || !services.empty()) {
        print(context, services);
    }
    if (!configuration)
        return context.fail(kExitConfiguration, configuration.error().text());
    return context.invocation.has("json"_L1) ? absentCode(record) : reportAbsent(context);
}

int services(const Context &context)
{
    const std::optional<Result<QJsonObject>> answer = observe(context, {{control::key::kType, QString(control::type::kStatus)}});
    if (!answer)
        return showWithoutAgent(context);
    if (!*answer)
        return context.fail(answer->error());
    if (!isAccepted(answer->value()))
        return reportRefusal(context, answer->value());
    if (context.invocation.has("json"_L1)) {
        const QJsonObject whole = withAgentRunning(answer->value());
        context.out.json({{"agent"_L1, whole.value("agent"_L1)},
                          {"state"_L1, whole.value("state"_L1)},
                          {"services"_L1, whole.value("services"_L1).toArray()}});
        return kExitOk;
    }
    const std::optional<Snapshot> snapshot = snapshotFromJson(answer->value());
    if (!snapshot)
        return context.fail(kExitFailure,
                            u"the agent's answer names no state that is known here; are both of the same version?"_s);
    print(context, snapshot->services);
    return kExitOk;
}

} // namespace

Command servicesCommand()
{
    CommandSpec spec{
        u"services"_s, group::kLook, u"the managed services: state, process, memory"_s, u"[--json]"_s,
        u"Lists the services of dormouse.toml: state, process, memory, how long the last start took until it was ready, and "
        "how often it was started again after it had died. It never wakes anything; with no agent it tells what the files "
        "say."_s};
    spec.options = {{u"json"_s, {}, u"as JSON: agent, state, services, with the keys of the control socket"_s}};
    spec.example = u"dormouse services"_s;
    spec.exitCodes =
        u"0   an agent answered, or it hibernates\n69  no agent runs (or answers), and the record does not say HIBERNATION"_s;
    return {spec, &services};
}

} // namespace dormouse
