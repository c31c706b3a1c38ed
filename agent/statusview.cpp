// SPDX-License-Identifier: MIT
#include "agent/statusview.h"

#include "agent/decide/why.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/base/version.h"
#include "shared/records/jsonwriter.h"
#include "shared/records/timestamp.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

double seconds(Millis duration)
{
    return double(duration.count()) / 1000.0;
}

QJsonObject reasonToJson(const Reason &reason)
{
    QJsonObject object{{"kind"_L1, reason.kind}, {"text"_L1, reason.text}};
    if (!reason.name.isEmpty())
        object.insert("name"_L1, reason.name);
    if (reason.pid > 0)
        object.insert("pid"_L1, reason.pid);
    return object;
}

QJsonArray reasonsToJson(const std::vector<Reason> &reasons)
{
    QJsonArray array;
    for (const Reason &reason : reasons)
        array.append(reasonToJson(reason));
    return array;
}

std::string text(const JudgedWrapper &wrapper, const QString &folder, const Instants &now)
{
    const Heartbeat &heartbeat = wrapper.entry.heartbeat;
    JsonWriter writer(400);
    writer.text("kind", u"heartbeat")
        .text("name", heartbeat.name)
        .text("path", heartbeatPath(folder, wrapper.entry.name))
        .integer("pid", heartbeat.pid)
        .text("uuid", heartbeat.uuid)
        .text("status", QString(toString(wrapper.entry.status)))
        .number("age_sec", seconds(std::chrono::duration_cast<Millis>(now.wall - heartbeat.lastRefresh)))
        .numberOrNull("active_ago_sec",
                      wrapper.lastActivity ? std::optional(seconds(now.awake - *wrapper.lastActivity)) : std::nullopt)
        .boolean("leaked", wrapper.leaked)
        .boolean("counts", wrapper.counts());
    if (!wrapper.counts())
        writer.text("why_not", wrapper.reused ? u"its PID belongs to another process now"_s : countingText(wrapper.counting));
    return writer.object();
}

std::string text(const Lease &lease, bool isIgnored, const Instants &now)
{
    JsonWriter writer(300);
    writer.text("kind", u"lease")
        .text("name", lease.name)
        .null("path")
        .integer("pid", lease.pid)
        .text("uuid", u"")
        .text("status", u"lease")
        .number("age_sec", seconds(now.awake - lease.since))
        .number("active_ago_sec", 0)
        .boolean("leaked", false)
        .boolean("counts", !isIgnored);
    if (isIgnored)
        writer.text("why_not", countingText(Counting::UnderWish));
    return writer.object();
}

} // namespace

WrapperCounts countWrappers(const Driver &driver)
{
    WrapperCounts counts;
    for (const JudgedWrapper &wrapper : driver.presence().wrappers()) {
        switch (wrapper.entry.status) {
        case HeartbeatStatus::Fresh: ++counts.fresh; break;
        case HeartbeatStatus::Stale: ++counts.stale; break;
        case HeartbeatStatus::Orphan: ++counts.orphan; break;
        }
        counts.leaked += wrapper.leaked ? 1 : 0;
    }
    counts.leases = static_cast<int>(driver.leases().size());
    counts.overflow = driver.presence().overflow();
    return counts;
}

StatusView::StatusView(const Parts &parts, bool shadowRun)
    : m_parts(parts), m_shadowRun(shadowRun), m_startedAt(parts.clock.now()), m_startedText(formatTimestamp(m_startedAt.wall)),
      m_pid(QCoreApplication::applicationPid())
{
}

Snapshot StatusView::snapshot() const
{
    const Instants now = m_parts.clock.now();
    Snapshot snapshot;
    addLifecycle(snapshot, now);
    addHoldAndWish(snapshot, now);
    addCycle(snapshot);
    snapshot.shadowRun = m_shadowRun;
    snapshot.version = QString::fromLatin1(kVersion);
    snapshot.pid = m_pid;
    snapshot.daemonStartedAt = m_startedText;
    snapshot.uptimeSec = seconds(now.elapsed - m_startedAt.elapsed);
    snapshot.fsmState = m_parts.daemonState.lastSeen().value("fsm_state"_L1).toString();
    snapshot.wrappers = countWrappers(m_parts.driver);
    snapshot.why = explainBriefly(m_parts.driver, now);
    snapshot.attention = m_parts.attention.shown();
    snapshot.services = m_parts.services.views();
    if (const qint64 freed = m_parts.services.freedBytes(); freed > 0)
        snapshot.freedBytes = freed;
    if (const auto error = m_parts.evaluator.lastError())
        snapshot.lastError = error->text();
    else if (const auto &wrong = m_parts.configuration.error())
        snapshot.lastError = wrong->text();
    return snapshot;
}

void StatusView::addLifecycle(Snapshot &snapshot, const Instants &now) const
{
    const LifecycleRecord &record = m_parts.dispatcher.record();
    snapshot.state = record.state;
    snapshot.sinceTs = record.sinceTs;
    snapshot.stateSinceTs = m_parts.dispatcher.stateSinceTs();
    snapshot.lastActivityTs = record.lastActivityTs;
    snapshot.sequence = record.sequence;
    if (!m_parts.driver.isAnyonePresent())
        snapshot.idleSec = seconds(m_parts.driver.idleFor(now));
    // The sources are asked only when it matters: an old answer says nothing of the input since.
    const Millis recent = std::max(2 * m_parts.driver.settings().tick, defaults::kTickMax);
    const bool isRecent = m_parts.driver.idlenessAge(now).value_or(Millis::max()) <= recent;
    if (const auto user = m_parts.driver.userIdle(now); user && isRecent)
        snapshot.userIdleSec = seconds(*user);
    snapshot.idleSources = m_parts.driver.idleness().sources;
    if (const auto upcoming = m_parts.driver.upcoming(now))
        snapshot.next = NextState{upcoming->first, formatTimestamp(now.wall + upcoming->second)};
}

void StatusView::addHoldAndWish(Snapshot &snapshot, const Instants &now) const
{
    if (const auto &hold = m_parts.driver.currentHold()) {
        snapshot.schedulerPaused = true;
        if (hold->untilElapsed)
            snapshot.pausedUntil = formatTimestamp(now.wall + (*hold->untilElapsed - now.elapsed));
    }
    const auto &wish = m_parts.driver.currentWish();
    if (!wish)
        return;
    QJsonArray ignored;
    for (const IgnoredWrapper &wrapper : wish->ignored)
        ignored.append(QJsonObject{{"pid"_L1, wrapper.pid}, {"uuid"_L1, wrapper.uuid}});
    snapshot.wish = QJsonObject{{"kind"_L1, wish->kind ? QJsonValue(*wish->kind) : QJsonValue()},
                                {"since"_L1, formatTimestamp(wish->since)},
                                {"reason"_L1, wish->reason},
                                {"ignored"_L1, ignored},
                                {"ignored_leases"_L1, QJsonArray::fromStringList(wish->ignoredLeases)}};
}

void StatusView::addCycle(Snapshot &snapshot) const
{
    const LifecycleRecord &record = m_parts.dispatcher.record();
    if (record.progress.isObject())
        snapshot.progress = record.progress.toObject();
    if (record.quarantine.isObject())
        snapshot.quarantine = record.quarantine.toObject();
    snapshot.runningStep = m_parts.cycle.runningStep();
    const QJsonValue digest = m_parts.daemonState.lastSeen().value("pending_digest"_L1);
    if (digest.isObject() && !digest.toObject().isEmpty())
        snapshot.pendingDigest = digest.toObject();
}

QJsonObject StatusView::why() const
{
    const Why why = explain(m_parts.driver, m_parts.clock.now());
    return {{"text"_L1, why.text}, {"keeps"_L1, reasonsToJson(why.keeps)}, {"blockers"_L1, reasonsToJson(why.blocks)}};
}

QByteArray StatusView::wrapperMembers(int limit, int offset) const
{
    const Instants now = m_parts.clock.now();
    const auto &leases = m_parts.driver.leases();
    const auto &wrappers = m_parts.driver.presence().wrappers();
    const std::size_t total = leases.size() + wrappers.size();
    std::string list = "[";
    const auto first = static_cast<std::size_t>(offset);
    for (std::size_t i = first; i < std::min(total, first + static_cast<std::size_t>(limit)); ++i) {
        list += list.size() > 1 ? "," : "";
        list += i < leases.size() ? text(leases[i], m_parts.driver.isLeaseIgnored(leases[i]), now)
                                  : text(wrappers[i - leases.size()], m_parts.wrappersFolder, now);
    }
    list += ']';
    return JsonWriter(list.size() + 40).integer("total", static_cast<qint64>(total)).json("wrappers", list).members();
}

} // namespace dormouse
