// SPDX-License-Identifier: MIT
#include "shared/records/lifecyclerecord.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <array>
#include <limits>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kState{"current_state"};
constexpr QLatin1StringView kSince{"since_ts"};
constexpr QLatin1StringView kLastActivity{"last_activity_ts"};
constexpr QLatin1StringView kSequence{"wrapper_event_seq"};
constexpr QLatin1StringView kProgress{"sleep_cycle_progress"};
constexpr QLatin1StringView kQuarantine{"quarantine"};
constexpr QLatin1StringView kShadowRun{"shadow_run"};

bool isNothing(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull();
}

bool isQuarantine(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    return value.isObject() && object.value("until_ts"_L1).isString() && object.value("reason"_L1).isString()
           && object.value("since_ts"_L1).isString();
}

} // namespace

LifecycleRecord defaultRecord(WallTime now)
{
    const QString text = formatTimestamp(now);
    return LifecycleRecord{State::Wake, text, text, 0, QJsonValue(), QJsonValue(), false, {}};
}

std::optional<LifecycleRecord> parseRecord(const QByteArray &bytes)
{
    const Result<QJsonObject> parsed = parseJsonObject(bytes);
    // The object alone cannot tell 3.0 from 3; the reference refuses the former.
    if (!parsed || !jsonIntegerMember(bytes, kSequence))
        return std::nullopt;
    return recordFromJson(parsed.value());
}

std::optional<LifecycleRecord> recordFromJson(const QJsonObject &object)
{
    LifecycleRecord record;
    const std::optional<State> state = stateFromString(object.value(kState).toString());
    const std::optional<qint64> sequence = jsonInteger(object.value(kSequence));
    record.sinceTs = object.value(kSince).toString();
    record.lastActivityTs = object.value(kLastActivity).toString();
    record.progress = object.value(kProgress);
    record.quarantine = object.value(kQuarantine);
    if (!state || record.sinceTs.isEmpty() || record.lastActivityTs.isEmpty() || !sequence || *sequence < 0
        || !object.value(kShadowRun).isBool())
        return std::nullopt;
    if (!(isNothing(record.progress) || record.progress.isObject())
        || !(isNothing(record.quarantine) || isQuarantine(record.quarantine)))
        return std::nullopt;
    record.state = *state;
    record.sequence = *sequence;
    record.shadowRun = object.value(kShadowRun).toBool();
    record.unknown = object;
    for (const QLatin1StringView key : {kState, kSince, kLastActivity, kSequence, kProgress, kQuarantine, kShadowRun})
        record.unknown.remove(key);
    return record;
}

QJsonObject recordToJson(const LifecycleRecord &record)
{
    QJsonObject object = record.unknown;
    object.insert(kState, QString(toString(record.state)));
    object.insert(kSince, record.sinceTs);
    object.insert(kLastActivity, record.lastActivityTs);
    object.insert(kSequence, record.sequence);
    // Undefined (absent when it was read) stays absent: insert() removes the key then.
    object.insert(kProgress, record.progress);
    object.insert(kQuarantine, record.quarantine);
    object.insert(kShadowRun, record.shadowRun);
    return object;
}

Dispatched dispatched(LifecycleRecord record, Event event, Payload payload, WallTime now, bool shadowRun)
{
    if (isActivity(event)) {
        record.lastActivityTs = formatTimestamp(now);
        // A number read from a file may already be the largest there is.
        if (record.sequence < std::numeric_limits<qint64>::max())
            ++record.sequence;
    }
    record.shadowRun = shadowRun;
    const std::optional<State> target = transition(record.state, event, payload);
    if (target) {
        record.state = *target;
        record.sinceTs = formatTimestamp(now);
    }
    return {std::move(record), target};
}

} // namespace dormouse
