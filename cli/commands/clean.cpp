// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "shared/base/defaults.h"
#include "shared/control/messages.h"
#include "shared/presence/heartbeatscanner.h"
#include "shared/storage/file.h"

#include <QJsonArray>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString removedText(qint64 count)
{
    return count == 1 ? u"removed 1 file"_s : u"removed %1 files"_s.arg(count);
}

int cleanDirectly(const Context &context)
{
    const WallTime now = context.now();
    const std::unique_ptr<ProcessTable> processes = systemProcessTable();
    const CleanResult result =
        cleanHeartbeats(context.paths.wrappers(), *processes, CleanScope::StaleAndOrphan, now, defaults::kStaleAfter);
    int removed = result.removed;
    for (const QString &folder : {context.paths.root, context.paths.wrappers()})
        removed += sweepForeignTemporaries(folder, now - defaults::kTemporaryAge);
    context.out.line(removedText(removed));
    int code = kExitOk;
    for (const Error &failure : result.failures)
        code = context.fail(failure);
    return code;
}

int cleanByAgent(const Context &context)
{
    const Result<QJsonObject> answer = askAgent(context, {{control::key::kType, QString(control::type::kClean)}});
    if (!answer)
        return context.fail(answer.error());
    if (!isAccepted(answer.value()))
        return reportRefusal(context, answer.value());
    context.out.line(removedText(answer.value().value("removed"_L1).toInteger()));
    int code = kExitOk;
    for (const QJsonValue &failure : answer.value().value("failures"_L1).toArray())
        code = context.fail(kExitFailure, failure.toString());
    return code;
}

int clean(const Context &context)
{
    return liveAgent(context.paths) ? cleanByAgent(context) : cleanDirectly(context);
}

} // namespace

Command cleanCommand()
{
    CommandSpec spec{
        u"clean"_s,
        group::kKeep,
        u"remove heartbeat files that nobody refreshes"_s,
        {},
        u"Removes stale and orphaned heartbeat files, and temporary files that are over a day old. Works without an agent; "
        "wakes nothing."_s};
    spec.example = u"dormouse clean"_s;
    return {spec, &clean};
}

} // namespace dormouse
