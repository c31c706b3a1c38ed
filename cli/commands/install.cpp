// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/installrun.h"
#include "shared/control/agentclient.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

int install(const Context &context)
{
    const Invocation &invocation = context.invocation;
    const InstallWish wish{invocation.has("tray"_L1), invocation.has("socket-activation"_L1), invocation.has("dry-run"_L1),
                           invocation.has("force"_L1)};
    if (const Result<void> isOwn = checkOwnHome(); !isOwn)
        return context.fail(isOwn.error());
    const Result<InstallFacts> facts = gatherFacts(context, wish.isTray);
    if (!facts)
        return context.fail(facts.error());
    if (const Result<void> fits = checkSocketPath(context.socket); !fits)
        return context.fail(fits.error());
    const auto service = makeServiceInstaller(wish.isRehearsal, [&context](const QString &line) { context.out.line(line); });
    return InstallRun(context, *service, facts.value(), wish).install();
}

} // namespace

Command installCommand()
{
    CommandSpec spec{
        u"install"_s, group::kKeep, u"have the agent started for you, at login and when it is woken"_s,
        u"[--tray] [--socket-activation] [--dry-run] [--force]"_s,
        u"Writes the start-up files of the agent for this user (systemd user units, on macOS a LaunchAgent), with this root and the "
        "PATH of this terminal, starts it and verifies that it answers. Whatever fails, all is put back. May be repeated, which updates "
        "what is there."_s};
    spec.options = {
        {u"tray"_s, {}, u"the icon in the tray, too"_s},
        {u"socket-activation"_s, {}, u"a client that connects starts the agent, too"_s},
        {u"dry-run"_s, {}, u"only tell what would be written and run"_s},
        {u"force"_s, {}, u"replace files that were edited, are somebody else's, or serve another root; the old ones are kept"_s}};
    spec.example = u"dormouse install --tray\ndormouse install --dry-run"_s;
    spec.exitCodes =
        u"0   it is installed, and the agent answers or hibernates\n1   it could not be installed; all is as before\n"
        "69  the agent did not answer; all is as before\n78  a file that is not ours is in the way, or a program is missing"_s;
    return {spec, &install};
}

} // namespace dormouse
