// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "shared/control/messages.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString doneText(const QJsonObject &)
{
    return u"dismissed until its cause comes again"_s;
}

int acknowledge(const Context &context)
{
    const QJsonObject message{{control::key::kType, QString(control::type::kAcknowledge)},
                              {"what"_L1, context.invocation.arguments.first()}};
    return requestAndReport(context, message, &doneText);
}

} // namespace

Command acknowledgeCommand()
{
    CommandSpec spec{
        u"acknowledge"_s, group::kKeep, u"dismiss an attention mark"_s, u"WHAT"_s,
        u"Takes an attention mark away until its cause comes again. `dormouse status` shows the marks and their names."_s};
    spec.minimumArguments = 1;
    spec.maximumArguments = 1;
    spec.example = u"dormouse acknowledge starvation"_s;
    return {spec, &acknowledge};
}

} // namespace dormouse
