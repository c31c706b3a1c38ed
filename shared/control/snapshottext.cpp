// SPDX-License-Identifier: MIT
// The same members as snapshotToJson() writes, straight into text: `status` is what clients ask again and again.
#include "shared/control/snapshot.h"

#include "shared/records/json.h"
#include "shared/records/jsonwriter.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace dormouse {
namespace {

std::string text(const WrapperCounts &counts)
{
    return JsonWriter(96)
        .integer("fresh", counts.fresh)
        .integer("stale", counts.stale)
        .integer("orphan", counts.orphan)
        .integer("leaked", counts.leaked)
        .integer("leases", counts.leases)
        .integer("overflow", counts.overflow)
        .object();
}

std::string text(const std::optional<NextState> &next)
{
    return next ? JsonWriter(80).text("state", QString(toString(next->state))).text("at", next->at).object()
                : std::string("null");
}

std::string text(const std::vector<Attention> &marks)
{
    std::string array = "[";
    for (const Attention &mark : marks) {
        array += array.size() > 1 ? "," : "";
        array += JsonWriter(200).text("what", mark.what).text("text", mark.text).text("since", mark.since).object();
    }
    return array + ']';
}

std::string text(const std::vector<ServiceView> &services)
{
    std::string array = "[";
    for (const ServiceView &service : services) {
        array += array.size() > 1 ? "," : "";
        array += formatJsonLine(serviceToJson(service)).toStdString();
    }
    return array + ']';
}

std::string text(const QStringList &words)
{
    return words.isEmpty() ? std::string("[]")
                           : QJsonDocument(QJsonArray::fromStringList(words)).toJson(QJsonDocument::Compact).toStdString();
}

/// Of `refused`, whose values are whole numbers.
std::string counts(const QJsonObject &object)
{
    JsonWriter writer(160);
    for (auto member = object.begin(); member != object.end(); ++member) {
        const std::optional<qint64> count = jsonInteger(member.value());
        if (!count)
            return formatJsonLine(object).toStdString();
        writer.integer(member.key().toStdString(), *count);
    }
    return writer.object();
}

} // namespace

QByteArray snapshotMembers(const Snapshot &snapshot)
{
    return JsonWriter(1536)
        .text("state", QString(toString(snapshot.state)))
        .text("since_ts", snapshot.sinceTs)
        .text("state_since_ts", snapshot.stateSinceTs)
        .text("last_activity_ts", snapshot.lastActivityTs)
        .integer("wrapper_event_seq", snapshot.sequence)
        .boolean("shadow_run", snapshot.shadowRun)
        .text("version", snapshot.version)
        .integer("pid", snapshot.pid)
        .text("daemon_started_at", snapshot.daemonStartedAt)
        .number("uptime_sec", snapshot.uptimeSec)
        .text("fsm_state", snapshot.fsmState)
        .json("wrappers", text(snapshot.wrappers))
        .numberOrNull("idle_sec", snapshot.idleSec)
        .numberOrNull("user_idle_sec", snapshot.userIdleSec)
        .json("idle_sources", text(snapshot.idleSources))
        .json("next", text(snapshot.next))
        .text("why", snapshot.why)
        .json("attention", text(snapshot.attention))
        .boolean("scheduler_paused", snapshot.schedulerPaused)
        .textOrNull("paused_until", snapshot.pausedUntil)
        .objectOrNull("wish", snapshot.wish)
        .objectOrNull("sleep_cycle_progress", snapshot.progress)
        .textOrNull("running_step", snapshot.runningStep)
        .objectOrNull("quarantine", snapshot.quarantine)
        .json("services", text(snapshot.services))
        .json("freed_bytes", snapshot.freedBytes ? std::to_string(*snapshot.freedBytes) : std::string("null"))
        .objectOrNull("pending_digest", snapshot.pendingDigest)
        .json("refused", counts(snapshot.refused))
        .textOrNull("last_error", snapshot.lastError)
        .members();
}

} // namespace dormouse
