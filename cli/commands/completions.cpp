// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/servicestext.h"
#include "cli/userconfiguration.h"
#include "cli/withoutagent.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/control/snapshot.h"

#include <QJsonArray>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kWords{"words"};
constexpr Millis kPatience{1000}; ///< somebody has pressed Tab and waits

/// What a live agent answers in time; an empty object otherwise. A mistake has no place to be told here.
QJsonObject ask(const Context &context, QLatin1StringView type)
{
    if (!liveAgent(context.paths))
        return {};
    const Result<QJsonObject> answer = askAgent(context, {{control::key::kType, QString(type)}}, kPatience);
    return answer && isAccepted(answer.value()) ? answer.value() : QJsonObject();
}

/// "WORD<Tab>what it is". A word that could not be typed back is left out.
void offer(const Context &context, const QString &word, const QString &what)
{
    if (!word.isEmpty() && word == sanitized(word, static_cast<int>(word.size())))
        context.out.line(word + u'\t' + sanitized(what, 80));
}

void offerServices(const Context &context)
{
    const Result<Configuration> configuration = userConfiguration(context);
    std::vector<ServiceView> services =
        servicesWithoutAgent(context.paths, configuration ? configuration.value().services : std::vector<ServiceConfig>());
    if (const std::optional<Snapshot> snapshot = snapshotFromJson(ask(context, control::type::kStatus)))
        services = snapshot->services;
    for (const ServiceView &service : services)
        offer(context, service.name, serviceStateText(service.state));
}

void offerWrappers(const Context &context, bool isLease)
{
    for (const QJsonValue &value : ask(context, control::type::kWrappers).value("wrappers"_L1).toArray()) {
        const QJsonObject entry = value.toObject();
        if ((entry.value("kind"_L1).toString() == "lease"_L1) != isLease)
            continue;
        const QString name = entry.value("name"_L1).toString();
        const QString pid = u"pid "_s + QString::number(entry.value("pid"_L1).toInteger());
        if (isLease)
            offer(context, name, u"lease, "_s + pid);
        else
            offer(context, entry.value("uuid"_L1).toString(), (name.isEmpty() ? u"wrapper"_s : name) + u", "_s + pid);
    }
}

void offerMarks(const Context &context)
{
    const std::optional<Snapshot> snapshot = snapshotFromJson(ask(context, control::type::kStatus));
    if (!snapshot)
        return;
    for (const Attention &mark : snapshot->attention)
        offer(context, mark.what, mark.text);
}

int printWords(const Context &context, const QString &kind)
{
    if (!wordKinds().contains(kind))
        return context.failUsage(u"--words '%1': expected one of %2"_s.arg(sanitized(kind), wordKinds().join(u", "_s)));
    if (kind == "services"_L1)
        offerServices(context);
    else if (kind == "marks"_L1)
        offerMarks(context);
    else
        offerWrappers(context, kind == "leases"_L1);
    return kExitOk;
}

int completions(const Context &context)
{
    const QStringList arguments = context.invocation.arguments;
    if (context.invocation.has(kWords)) {
        if (!arguments.isEmpty())
            return context.failUsage(u"--words goes without a shell"_s);
        return printWords(context, context.invocation.value(kWords));
    }
    if (arguments.isEmpty())
        return context.failUsage(u"for which shell? bash, zsh or fish"_s);
    const QString shell = arguments.constFirst();
    const std::vector<CommandSpec> specs = allSpecs();
    if (shell == "bash"_L1)
        context.out.write(bashCompletion(specs));
    else
        context.out.write(shell == "zsh"_L1 ? zshCompletion(specs) : fishCompletion(specs));
    return kExitOk;
}

} // namespace

Command completionsCommand()
{
    CommandSpec spec{
        u"completions"_s, group::kAbout, u"teach your shell this command line"_s, u"bash|zsh|fish [--words KIND]"_s,
        u"Prints a script by which the shell completes commands, options, and the names of services, leases and wrappers. It is "
        "made from the very table that this command parses by, so it fits this version."_s};
    spec.maximumArguments = 1;
    spec.choices = {u"bash"_s, u"zsh"_s, u"fish"_s};
    spec.options = {{u"words"_s, u"KIND"_s, u"what those scripts ask for: services, leases, wrappers or marks, one a line"_s}};
    spec.example = u"dormouse completions bash > ~/.local/share/bash-completion/completions/dormouse\n"
                   "dormouse completions zsh > ~/.zfunc/_dormouse\n"
                   "dormouse completions fish > ~/.config/fish/completions/dormouse.fish"_s;
    return {spec, &completions};
}

} // namespace dormouse
