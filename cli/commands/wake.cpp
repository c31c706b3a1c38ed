// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/waking.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/control/snapshot.h"

#include <QFileInfo>
#include <QThread>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kReadyLimit = 60s;
constexpr Millis kAskPeriod = 200ms;

/// Wakes an agent that lives. Nothing when it went meanwhile, or is about to go: then it is to be started.
std::optional<int> wakeLiveAgent(const Context &context)
{
    const std::optional<Result<QJsonObject>> answer =
        observe(context, {{control::key::kType, QString(control::type::kForceWake)}});
    if (!answer)
        return std::nullopt;
    if (!*answer && answer->error().code == ErrorCode::Unavailable && !QFileInfo::exists(context.socket))
        return std::nullopt;
    if (!*answer)
        return context.fail(answer->error());
    if (!isAccepted(answer->value()))
        return reportRefusal(context, answer->value());
    const bool queued = answer->value().value(control::key::kReason).toString() == control::reason::kWakeQueued;
    context.out.line(queued ? u"awake (the running agent was asked); its record could not be written yet: see dormouse status"_s
                            : u"awake (the running agent was asked)"_s);
    return kExitOk;
}

int startAgent(const Context &context)
{
    const Result<WakeOutcome> outcome = wakeAbsentAgent(context);
    if (!outcome)
        return context.fail(outcome.error());
    for (const QString &failure : outcome.value().awake ? outcome.value().failures : QStringList())
        context.err.line(u"dormouse: note: "_s + sanitized(failure, 500));
    if (!outcome.value().awake)
        return context.fail(kExitNoAgent, failureText(outcome.value()));
    context.out.line(u"the agent runs ("_s + sanitized(outcome.value().way) + u')');
    return kExitOk;
}

QStringList waitingFor(const Snapshot &snapshot)
{
    QStringList names;
    for (const ServiceView &service : snapshot.services) {
        if (service.state != "ready"_L1 && service.state != "left_alone"_L1)
            names.append(sanitized(service.name, 64) + u" ("_s + sanitized(service.state, 30) + u')');
    }
    return names;
}

int waitUntilReady(const Context &context)
{
    const AwakeTime end = context.clock.now().awake + kReadyLimit;
    QString missing = u"no answer"_s;
    while (context.clock.now().awake < end) {
        const Millis left = std::max(kAskPeriod, end - context.clock.now().awake);
        const Result<QJsonObject> answer =
            askAgent(context, {{control::key::kType, QString(control::type::kStatus)}}, std::min(left, kAnswerLimit));
        const std::optional<Snapshot> snapshot = answer ? snapshotFromJson(answer.value()) : std::nullopt;
        if (snapshot) {
            const QStringList services = waitingFor(*snapshot);
            if (snapshot->state == State::Wake && services.isEmpty()) {
                context.out.line(snapshot->services.empty() ? u"state WAKE"_s : u"state WAKE, all services ready"_s);
                return kExitOk;
            }
            missing =
                snapshot->state == State::Wake ? services.join(u", "_s) : QString(u"the state is "_s + toString(snapshot->state));
        } else if (!answer && answer.error().code != ErrorCode::Unavailable) {
            return context.fail(answer.error());
        }
        QThread::msleep(static_cast<unsigned long>(kAskPeriod.count()));
    }
    return context.fail(kExitTryAgain, u"not ready after 60 s: "_s + missing + u"; see: dormouse services"_s);
}

int wake(const Context &context)
{
    const std::optional<int> asked = wakeLiveAgent(context);
    const int code = asked ? *asked : startAgent(context);
    if (code != kExitOk || !context.invocation.has("wait"_L1))
        return code;
    return waitUntilReady(context);
}

} // namespace

Command wakeCommand()
{
    CommandSpec spec{
        u"wake"_s, group::kAct, u"wake everything; starts the agent when it is not there"_s, u"[--wait]"_s,
        u"Wakes the services. An agent that is not running is started: by launchd or systemd where it is installed, else "
        "directly; the answer says which."_s};
    spec.options = {{u"wait"_s, {}, u"return when the state is WAKE and all services are ready (60 s at most)"_s}};
    spec.example = u"dormouse wake --wait && curl localhost:8089/health"_s;
    spec.exitCodes =
        u"0   an agent runs and was asked to wake\n69  no agent could be started\n75  --wait: not ready after 60 s"_s;
    return {spec, &wake};
}

} // namespace dormouse
