// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "shared/base/defaults.h"
#include "shared/control/messages.h"
#include "shared/presence/heartbeatscanner.h"
#include "shared/storage/file.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString removedText(qint64 count)
{
    return count == 1 ? u"removed 1 file"_s : u"removed %1 files"_s.arg(count);
}

QString doneText(const QJsonObject &answer)
{
    return removedText(answer.value("removed"_L1).toInteger());
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

int clean(const Context &context)
{
    if (!liveAgent(context.paths))
        return cleanDirectly(context);
    return requestAndReport(context, {{control::key::kType, QString(control::type::kClean)}}, &doneText);
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
