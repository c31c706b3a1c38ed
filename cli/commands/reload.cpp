// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

#include <QFile>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kLineMax = 1000; // a path may be long

int reload(const Context &context)
{
    const std::optional<Result<QJsonObject>> answer = observe(context, {{control::key::kType, QString(control::type::kReload)}});
    if (!answer) {
        context.err.line(u"dormouse: an agent reads dormouse.toml when it starts; to look at it now: dormouse config check"_s);
        return reportAbsent(context);
    }
    if (!*answer)
        return context.fail(answer->error());
    if (!isAccepted(answer->value())) {
        if (answer->value().value(control::key::kReason).toString() != control::reason::kInvalidMessage)
            return reportRefusal(context, answer->value());
        const int code = context.fail(kExitConfiguration, answer->value().value(control::key::kError).toString());
        context.err.line(u"dormouse: the agent goes on with what it had; all that is wrong: dormouse config check"_s);
        return code;
    }
    const QString path = context.paths.configuration();
    context.out.line(
        sanitized(QFile::exists(path) ? u"OK"_s : QString(u"OK (there is no "_s + path + u": the defaults hold)"_s), kLineMax));
    return kExitOk;
}

} // namespace

Command reloadCommand()
{
    CommandSpec spec{
        u"reload"_s,
        group::kKeep,
        u"have the agent read dormouse.toml again"_s,
        {},
        u"The agent notices changes by itself, within a tick; this is for scripts, and for who wants to know at once whether "
        "the file is taken. A file with an error is not: the agent goes on with what it had."_s};
    spec.example = u"dormouse config check && dormouse reload"_s;
    spec.exitCodes = u"0   the agent uses the file\n69  no agent runs\n78  the file has errors, or others may write it"_s;
    return {spec, &reload};
}

} // namespace dormouse
