// SPDX-License-Identifier: MIT
#include "cli/statusjson.h"

#include "cli/agentlink.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

QJsonObject withAgentRunning(const QJsonObject &message)
{
    QJsonObject object = payloadOf(message);
    object.insert("agent"_L1, u"running"_s);
    return object;
}

QJsonObject absentStatusJson(const std::optional<LifecycleRecord> &record, const QString &trouble)
{
    QJsonObject object = record ? recordToJson(*record) : QJsonObject();
    object.remove("current_state"_L1); // the socket calls it `state`
    object.insert("state"_L1, record ? QJsonValue(QString(toString(record->state))) : QJsonValue());
    object.insert("agent"_L1, trouble.isEmpty() ? u"not running"_s : u"not answering"_s);
    if (!trouble.isEmpty())
        object.insert("error"_L1, trouble);
    return object;
}

} // namespace dormouse
