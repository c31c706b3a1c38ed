// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/servicestext.h"
#include "cli/userconfiguration.h"
#include "cli/waking.h"
#include "cli/withoutagent.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/control/snapshot.h"

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

const QStringList &actions()
{
    static const QStringList words{u"start"_s, u"stop"_s, u"restart"_s, u"leave-alone"_s};
    return words;
}

int failAction(const Context &context, const QString &name, const QString &word)
{
    if (actions().contains(name)) // `service start NAME`, as systemctl has it
        return context.failUsage(u"the name comes first; did you mean: dormouse service "_s + sanitized(word) + u' ' + name
                                 + u'?');
    const std::optional<QString> nearest = nearestWord(word, actions());
    const QString hint =
        nearest ? QString(u"; did you mean '"_s + *nearest + u"'?"_s) : QString(u"; there are: "_s + actions().join(u", "_s));
    return context.failUsage(u"unknown action '"_s + sanitized(word) + u'\'' + hint);
}

QStringList namesOf(const std::vector<ServiceView> &services)
{
    QStringList names;
    for (const ServiceView &service : services)
        names.append(service.name);
    return names;
}

/// The agent does not know the service: which ones does it know?
int failUnknown(const Context &context, const QString &name)
{
    const Result<QJsonObject> status = askAgent(context, {{control::key::kType, QString(control::type::kStatus)}});
    const std::optional<Snapshot> snapshot = status ? snapshotFromJson(status.value()) : std::nullopt;
    return context.fail(kExitFailure, unknownServiceText(name, snapshot ? namesOf(snapshot->services) : QStringList()));
}

int ask(const Context &context, const QString &name, const QString &action)
{
    const QJsonObject message{{control::key::kType, QString(control::type::kService)}, {"name"_L1, name}, {"action"_L1, action}};
    const Result<QJsonObject> answer = askAgent(context, message);
    if (!answer)
        return context.fail(answer.error());
    const QJsonObject &object = answer.value();
    if (!isAccepted(object) && object.value(control::key::kReason).toString() == control::reason::kNotFound)
        return failUnknown(context, name);
    if (!isAccepted(object))
        return reportRefusal(context, object);
    std::optional<ServiceView> view;
    if (const std::optional<Snapshot> parsed =
            snapshotFromJson({{"state"_L1, object.value("state"_L1)}, {"services"_L1, QJsonArray{object.value("service"_L1)}}});
        parsed && !parsed->services.empty())
        view = parsed->services.front();
    context.out.line(serviceDoneText(action, view.value_or(ServiceView{name, {}, std::nullopt, std::nullopt, 0, std::nullopt})));
    return kExitOk;
}

/// Nobody is there to be asked. What is stopped already needs nobody; for the rest the person is told.
int reportNobody(const Context &context, const ServiceView &service, const QString &action)
{
    const QString name = sanitized(service.name);
    if (action == "stop"_L1 && service.state == "stopped"_L1) {
        context.out.line(name + u" does not run; no agent is running, either"_s);
        return kExitOk;
    }
    const QString survives =
        service.pid ? QString(u", though "_s + name + u" still does (pid "_s + QString::number(*service.pid) + u')') : QString();
    const QString remedy = action == "stop"_L1 ? u"`dormouse wake` starts one, which takes it up again"_s
                                               : QString(u"wake it first: dormouse service "_s + name + u" start"_s);
    return context.fail(kExitNoAgent, u"no agent is running"_s + survives + u"; "_s + remedy);
}

int actWithoutAgent(const Context &context, const QString &name, const QString &action)
{
    const Result<Configuration> configuration = userConfiguration(context);
    if (!configuration)
        return context.fail(kExitConfiguration, configuration.error().text());
    const std::vector<ServiceView> services = servicesWithoutAgent(context.paths, configuration.value().services);
    const auto found = std::ranges::find(services, name, &ServiceView::name);
    if (found == services.end())
        return context.fail(kExitFailure,
                            unknownServiceText(name, namesOf(services))); // nobody is woken for a slip of the finger
    if (action != "start"_L1)
        return reportNobody(context, *found, action);
    const int code = ensureAgent(context);
    return code == kExitOk ? ask(context, name, action) : code;
}

int service(const Context &context)
{
    const QString name = context.invocation.arguments.at(0);
    const QString word = context.invocation.arguments.at(1);
    if (!actions().contains(word))
        return failAction(context, name, word);
    const QString action = QString(word).replace(u'-', u'_');
    return liveAgent(context.paths) ? ask(context, name, action) : actWithoutAgent(context, name, action);
}

} // namespace

Command serviceCommand()
{
    CommandSpec spec{
        u"service"_s, group::kAct, u"start, stop or restart one service, or leave it alone"_s,
        u"NAME start|stop|restart|leave-alone"_s,
        u"Acts on one service of dormouse.toml. start and restart count as use, so they wake; start also starts the agent "
        "when it is not there. A service that was stopped by hand stays down until WAKE is entered the next time. One that is "
        "left alone is neither started nor stopped, not even after a restart of the agent, until it is started or stopped by "
        "hand."_s};
    spec.minimumArguments = 2;
    spec.maximumArguments = 2;
    spec.example = u"dormouse service embedder restart\ndormouse service embedder leave-alone"_s;
    spec.exitCodes = u"0   done, or under way\n1   there is no such service\n69  no agent runs (start: none could be started)"_s;
    return {spec, &service};
}

} // namespace dormouse
