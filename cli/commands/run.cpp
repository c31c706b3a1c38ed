// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/runsession.h"
#include "cli/waking.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

#include <QFileInfo>
#include <QUuid>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kNameMax = 100;

/// Wakes what sleeps. Why that failed; nothing when an agent knows of us.
std::optional<QString> wakeFor(const Context &context, const QString &uuid)
{
    const QJsonObject request{{control::key::kType, QString(control::type::kRequestArrived)}, {"uuid"_L1, uuid}};
    if (const std::optional<Result<QJsonObject>> answer = observe(context, request)) {
        if (!*answer)
            return answer->error().text();
        if (!isAccepted(answer->value()))
            return answer->value().value(control::key::kError).toString();
        return std::nullopt;
    }
    const Result<WakeOutcome> outcome = wakeAbsentAgent(context);
    if (!outcome)
        return outcome.error().text();
    return outcome.value().awake ? std::nullopt : std::optional(failureText(outcome.value()));
}

int run(const Context &context)
{
    const InheritedSignals inherited; // before sockets and processes of ours change any
    char *const *argv = context.rawWords.data() + context.invocation.programIndex;
    const QString program = QFileInfo(QString::fromLocal8Bit(argv[0])).fileName();
    const QString name = sanitized(context.invocation.has("name"_L1) ? context.invocation.value("name"_L1) : program, kNameMax);
    const QString uuid = QUuid::createUuid().toString(QUuid::WithoutBraces);

    // Whatever is wrong with us must not keep the user's program from running.
    if (const std::optional<QString> problem = wakeFor(context, uuid))
        context.fail(kExitNoAgent, *problem + u"; running the command all the same"_s);
    return RunSession(context, argv, inherited, name, uuid).run();
}

} // namespace

Command runCommand()
{
    CommandSpec spec{
        u"run"_s, group::kAct, u"keep everything awake while a command runs"_s, u"[--name NAME] -- COMMAND [ARGUMENTS]"_s,
        u"Wakes everything and runs a command; while it runs, a lease and a heartbeat keep it awake. Signals sent to it are "
        "passed on. Where no agent can "
        "be reached, the command runs all the same, with a warning."_s};
    spec.options = {{u"name"_s, u"NAME"_s, u"shown in `dormouse wrappers`; default: the command's name"_s}};
    spec.takesProgram = true;
    spec.example = u"dormouse run -- claude\ndormouse run --name backup -- rsync -a ~/notes nas:"_s;
    spec.exitCodes =
        u"that of the command; 128 + N when signal N killed it\n126 it cannot be executed\n127 there is no such command"_s;
    return {spec, &run};
}

} // namespace dormouse
