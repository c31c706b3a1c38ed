// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/installrun.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

int uninstall(const Context &context)
{
    const Invocation &invocation = context.invocation;
    const InstallWish wish{invocation.has("tray"_L1), invocation.has("socket-activation"_L1), invocation.has("dry-run"_L1),
                           invocation.has("force"_L1)};
    if (const Result<void> isOwn = checkOwnHome(); !isOwn)
        return context.fail(isOwn.error());
    const auto service = makeServiceInstaller(wish.isRehearsal, [&context](const QString &line) { context.out.line(line); });
    InstallFacts facts;
    if (wish.isSocketActivated) { // the rest is installed anew
        const Result<InstallFacts> gathered = gatherFacts(context, false);
        if (!gathered)
            return context.fail(gathered.error());
        facts = gathered.value();
    }
    return InstallRun(context, *service, facts, wish).uninstall();
}

} // namespace

Command uninstallCommand()
{
    CommandSpec spec{
        u"uninstall"_s, group::kKeep, u"undo install; your data stays"_s,
        u"[--tray] [--socket-activation] [--dry-run] [--force]"_s,
        u"Stops the agent and its services, and takes away everything that `dormouse install` has written. Records, logs and "
        "dormouse.toml stay. With --tray or --socket-activation only that goes."_s};
    spec.options = {{u"tray"_s, {}, u"only the icon in the tray"_s},
                    {u"socket-activation"_s, {}, u"only the start by a client that connects"_s},
                    {u"dry-run"_s, {}, u"only tell what would be removed and run"_s},
                    {u"force"_s, {}, u"remove files that were edited, are somebody else's, or serve another root, too"_s}};
    spec.example = u"dormouse uninstall"_s;
    return {spec, &uninstall};
}

} // namespace dormouse
