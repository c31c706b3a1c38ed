// SPDX-License-Identifier: MIT
#include "cli/acting.h"
#include "cli/commands.h"
#include "shared/control/messages.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString doneText(const QJsonObject &answer)
{
    if (!answer.value("was_paused"_L1).toBool(true))
        return u"it was not paused"_s;
    return u"no longer kept awake: it sleeps when nobody uses it; undo: dormouse pause"_s;
}

int resume(const Context &context)
{
    return requestAndReport(context, {{control::key::kType, QString(control::type::kResume)}}, &doneText);
}

} // namespace

Command resumeCommand()
{
    CommandSpec spec{u"resume"_s,
                     group::kAct,
                     u"end a pause: let it sleep again"_s,
                     {},
                     u"Ends what `dormouse pause` began. Idleness counts from now on."_s};
    spec.example = u"dormouse resume"_s;
    return {spec, &resume};
}

} // namespace dormouse
