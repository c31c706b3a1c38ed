// SPDX-License-Identifier: MIT
#include "shared/control/snapshot.h"

#include "shared/records/json.h"

#include <QJsonArray>
#include <QJsonValue>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

template<typename T>
QJsonValue orNull(const std::optional<T> &value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QJsonObject toJson(const WrapperCounts &counts)
{
    return {{u"fresh"_s, counts.fresh},   {u"stale"_s, counts.stale},   {u"orphan"_s, counts.orphan},
            {u"leaked"_s, counts.leaked}, {u"leases"_s, counts.leases}, {u"overflow"_s, counts.overflow}};
}

QJsonValue toJson(const std::optional<NextState> &next)
{
    if (!next)
        return QJsonValue::Null;
    return QJsonObject{{u"state"_s, toString(next->state)}, {u"at"_s, next->at}};
}

QJsonArray toJson(const std::vector<Attention> &marks)
{
    QJsonArray array;
    for (const Attention &mark : marks)
        array.append(QJsonObject{{u"what"_s, mark.what}, {u"text"_s, mark.text}, {u"since"_s, mark.since}});
    return array;
}

QJsonArray toJson(const std::vector<ServiceView> &services)
{
    QJsonArray array;
    for (const ServiceView &service : services)
        array.append(serviceToJson(service));
    return array;
}

std::optional<QString> optionalText(const QJsonValue &value)
{
    return value.isString() ? std::optional(value.toString()) : std::nullopt;
}

std::optional<double> optionalNumber(const QJsonValue &value)
{
    return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
}

std::optional<QJsonObject> optionalObject(const QJsonValue &value)
{
    return value.isObject() ? std::optional(value.toObject()) : std::nullopt;
}

WrapperCounts countsFromJson(const QJsonObject &object)
{
    return {object["fresh"_L1].toInt(),  object["stale"_L1].toInt(),  object["orphan"_L1].toInt(),
            object["leaked"_L1].toInt(), object["leases"_L1].toInt(), object["overflow"_L1].toInt()};
}

std::optional<NextState> nextFromJson(const QJsonObject &object)
{
    const std::optional<State> state = stateFromString(object["state"_L1].toString());
    if (!state)
        return std::nullopt;
    return NextState{*state, object["at"_L1].toString()};
}

std::vector<Attention> attentionFromJson(const QJsonArray &array)
{
    std::vector<Attention> marks;
    for (const QJsonValue &value : array) {
        const QJsonObject mark = value.toObject();
        if (mark["what"_L1].isString())
            marks.push_back({mark["what"_L1].toString(), mark["text"_L1].toString(), mark["since"_L1].toString()});
    }
    return marks;
}

std::vector<ServiceView> servicesFromJson(const QJsonArray &array)
{
    std::vector<ServiceView> services;
    for (const QJsonValue &value : array) {
        const QJsonObject service = value.toObject();
        if (service["name"_L1].isString())
            services.push_back({service["name"_L1].toString(), service["state"_L1].toString(), jsonInteger(service["pid"_L1]),
                                jsonInteger(service["rss_bytes"_L1]), service["restarts"_L1].toInt(),
                                optionalNumber(service["ready_in_sec"_L1])});
    }
    return services;
}

QStringList textsFromJson(const QJsonArray &array)
{
    QStringList texts;
    for (const QJsonValue &value : array) {
        if (value.isString())
            texts.append(value.toString());
    }
    return texts;
}

} // namespace

QJsonObject serviceToJson(const ServiceView &service)
{
    return {{u"name"_s, service.name},         {u"state"_s, service.state},
            {u"pid"_s, orNull(service.pid)},   {u"rss_bytes"_s, orNull(service.rssBytes)},
            {u"restarts"_s, service.restarts}, {u"ready_in_sec"_s, orNull(service.readyInSec)}};
}

QJsonObject snapshotToJson(const Snapshot &snapshot)
{
    return {
        {u"state"_s, toString(snapshot.state)},
        {u"since_ts"_s, snapshot.sinceTs},
        {u"state_since_ts"_s, snapshot.stateSinceTs},
        {u"last_activity_ts"_s, snapshot.lastActivityTs},
        {u"wrapper_event_seq"_s, snapshot.sequence},
        {u"shadow_run"_s, snapshot.shadowRun},
        {u"version"_s, snapshot.version},
        {u"pid"_s, snapshot.pid},
        {u"daemon_started_at"_s, snapshot.daemonStartedAt},
        {u"uptime_sec"_s, snapshot.uptimeSec},
        {u"fsm_state"_s, snapshot.fsmState},
        {u"wrappers"_s, toJson(snapshot.wrappers)},
        {u"idle_sec"_s, orNull(snapshot.idleSec)},
        {u"user_idle_sec"_s, orNull(snapshot.userIdleSec)},
        {u"idle_sources"_s, QJsonArray::fromStringList(snapshot.idleSources)},
        {u"next"_s, toJson(snapshot.next)},
        {u"why"_s, snapshot.why},
        {u"attention"_s, toJson(snapshot.attention)},
        {u"scheduler_paused"_s, snapshot.schedulerPaused},
        {u"paused_until"_s, orNull(snapshot.pausedUntil)},
        {u"wish"_s, orNull(snapshot.wish)},
        {u"sleep_cycle_progress"_s, orNull(snapshot.progress)},
        {u"running_step"_s, orNull(snapshot.runningStep)},
        {u"quarantine"_s, orNull(snapshot.quarantine)},
        {u"services"_s, toJson(snapshot.services)},
        {u"freed_bytes"_s, orNull(snapshot.freedBytes)},
        {u"pending_digest"_s, orNull(snapshot.pendingDigest)},
        {u"refused"_s, snapshot.refused},
        {u"last_error"_s, orNull(snapshot.lastError)},
    };
}

std::optional<Snapshot> snapshotFromJson(const QJsonObject &object)
{
    const std::optional<State> state = stateFromString(object["state"_L1].toString());
    if (!state)
        return std::nullopt;
    Snapshot snapshot;
    snapshot.state = *state;
    snapshot.sinceTs = object["since_ts"_L1].toString();
    snapshot.stateSinceTs = object["state_since_ts"_L1].toString();
    snapshot.lastActivityTs = object["last_activity_ts"_L1].toString();
    snapshot.sequence = jsonInteger(object["wrapper_event_seq"_L1]).value_or(0);
    snapshot.shadowRun = object["shadow_run"_L1].toBool();
    snapshot.version = object["version"_L1].toString();
    snapshot.pid = jsonInteger(object["pid"_L1]).value_or(0);
    snapshot.daemonStartedAt = object["daemon_started_at"_L1].toString();
    snapshot.uptimeSec = object["uptime_sec"_L1].toDouble();
    snapshot.fsmState = object["fsm_state"_L1].toString();
    snapshot.wrappers = countsFromJson(object["wrappers"_L1].toObject());
    snapshot.idleSec = optionalNumber(object["idle_sec"_L1]);
    snapshot.userIdleSec = optionalNumber(object["user_idle_sec"_L1]);
    snapshot.idleSources = textsFromJson(object["idle_sources"_L1].toArray());
    snapshot.next = nextFromJson(object["next"_L1].toObject());
    snapshot.why = object["why"_L1].toString();
    snapshot.attention = attentionFromJson(object["attention"_L1].toArray());
    snapshot.schedulerPaused = object["scheduler_paused"_L1].toBool();
    snapshot.pausedUntil = optionalText(object["paused_until"_L1]);
    snapshot.wish = optionalObject(object["wish"_L1]);
    snapshot.progress = optionalObject(object["sleep_cycle_progress"_L1]);
    snapshot.runningStep = optionalText(object["running_step"_L1]);
    snapshot.quarantine = optionalObject(object["quarantine"_L1]);
    snapshot.services = servicesFromJson(object["services"_L1].toArray());
    snapshot.freedBytes = jsonInteger(object["freed_bytes"_L1]);
    snapshot.pendingDigest = optionalObject(object["pending_digest"_L1]);
    snapshot.refused = object["refused"_L1].toObject();
    snapshot.lastError = optionalText(object["last_error"_L1]);
    return snapshot;
}

} // namespace dormouse
