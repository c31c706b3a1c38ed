// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString doneText(const QJsonObject &)
{
    return u"released: it no longer keeps anything awake until it is used again"_s;
}

int release(const Context &context)
{
    const QJsonObject message{{control::key::kType, QString(control::type::kRelease)},
                              {"name"_L1, context.invocation.arguments.join(u' ')}};
    return requestAndReport(context, message, &doneText);
}

} // namespace

Command releaseCommand()
{
    CommandSpec spec{
        u"release"_s, group::kAct, u"let a lease or a wrapper no longer count"_s, u"NAME | heartbeat UUID"_s,
        u"Drops the lease NAME, or ignores the wrapper with that UUID until it is used again. `dormouse wrappers` names them."_s};
    spec.minimumArguments = 1;
    spec.maximumArguments = 2;
    spec.example = u"dormouse release backup\ndormouse release heartbeat 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"_s;
    return {spec, &release};
}

} // namespace dormouse
