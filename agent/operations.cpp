// SPDX-License-Identifier: MIT
#include "agent/operations.h"

#include "agent/historyreply.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/presence/heartbeatscanner.h"
#include "shared/records/daemonstate.h"
#include "shared/records/timestamp.h"
#include "shared/storage/file.h"

#include <QJsonArray>

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kHistoriesMax = 4; // readings of the log that may wait for each other
constexpr int kLeasesMax = 32;   // of one connection

Reply writeFailed(const Error &error)
{
    return Reply::refused(control::reason::kStateWriteFailed, error.text());
}

} // namespace

Operations::Operations(const Parts &parts, QObject *parent) : QObject(parent), m_parts(parts) {}

Snapshot Operations::snapshot() const
{
    Snapshot snapshot = m_parts.view.snapshot();
    if (m_refusedCounts)
        snapshot.refused = m_refusedCounts();
    return snapshot;
}

/// Sixty clients that ask at once are told the same.
QByteArray Operations::statusMembers()
{
    const ElapsedTime now = m_parts.clock.now().elapsed;
    if (m_status.isEmpty() || now != m_statusAt)
        m_status = snapshotMembers(snapshot());
    m_statusAt = now;
    return m_status;
}

Reply Operations::why() const
{
    return Reply::accepted(m_parts.view.why());
}

Reply Operations::wrappers(int limit, int offset) const
{
    return Reply::written(m_parts.view.wrapperMembers(limit, offset));
}

void Operations::history(const HistoryQuery &query, Done done) const
{
    const WallTime now = m_parts.clock.now().wall;
    if (m_historiesUnderWay >= kHistoriesMax)
        return done(Reply::refused(control::reason::kBusy, u"the event log is being read for others; ask again"_s));
    ++m_historiesUnderWay;
    m_historyWorker.start([this, context = &m_replies, query, now, done = std::move(done),
                           folder = m_parts.dispatcher.paths().logs(), state = m_parts.dispatcher.state()] {
        const QJsonObject fields = historyFields(folder, query, now, state, &m_isOver);
        QMetaObject::invokeMethod(
            context,
            [this, done, fields] {
                --m_historiesUnderWay;
                done(Reply::accepted(fields));
            },
            Qt::QueuedConnection);
    });
}

QJsonObject Operations::stateFields() const
{
    return {{"state"_L1, toString(m_parts.dispatcher.state())}};
}

Reply Operations::request(const Peer &peer, const QString &uuid)
{
    m_parts.driver.request({uuid, peer.pid}, m_parts.clock.now());
    m_parts.evaluator.evaluate();
    Reply reply = Reply::accepted(stateFields());
    if (m_parts.dispatcher.isWritePending())
        reply.reason = control::reason::kWakeQueued;
    return reply;
}

Reply Operations::wish(State target, const QString &reason, bool force)
{
    Q_EMIT scanNeeded();
    const WishOutcome outcome = m_parts.driver.wish(target, reason, force, m_parts.clock.now());
    switch (outcome.kind) {
    case WishOutcome::Kind::Already:
        if (target == State::Sleep)
            return Reply::refused(control::reason::kAlreadySleeping, u"it sleeps already"_s, stateFields());
        return Reply::accepted(stateFields());
    case WishOutcome::Kind::Busy:
        return Reply::refused(
            control::reason::kBusy,
            QString(u"leases are held: "_s + outcome.leases.join(u", "_s) + u"; repeat with force to sleep all the same"_s),
            {{"leases"_L1, QJsonArray::fromStringList(outcome.leases)}});
    case WishOutcome::Kind::Accepted: break;
    }
    const QStringList stopping = m_parts.services.stoppedBy(State::Hibernation); // where either way leads
    m_parts.evaluator.evaluate();
    const State state = m_parts.dispatcher.state();
    if (state != State::Hibernation && state != target) {
        if (const auto error = m_parts.dispatcher.lastError())
            return writeFailed(*error);
    }
    QJsonObject fields = stateFields();
    fields.insert("stops"_L1, QJsonArray::fromStringList(stopping));
    return Reply::accepted(fields);
}

Reply Operations::sleepNow(const QString &reason, bool force)
{
    return wish(State::Sleep, reason, force);
}

Reply Operations::hibernateNow(bool force)
{
    return wish(State::Hibernation, {}, force);
}

Reply Operations::pause(std::optional<Millis> length, const QString &reason)
{
    const Instants now = m_parts.clock.now();
    m_parts.driver.hold(length, reason, now);
    m_parts.evaluator.evaluate();
    QJsonObject fields = stateFields();
    fields.insert("paused"_L1, true);
    fields.insert("until"_L1, length ? QJsonValue(formatTimestamp(now.wall + *length)) : QJsonValue());
    return Reply::accepted(fields);
}

Reply Operations::resume()
{
    const bool wasPaused = m_parts.driver.endHold(m_parts.clock.now());
    m_parts.evaluator.evaluate();
    QJsonObject fields = stateFields();
    fields.insert("paused"_L1, false);
    fields.insert("was_paused"_L1, wasPaused);
    return Reply::accepted(fields);
}

Reply Operations::openSession(const Peer &peer, const QString &sessionId)
{
    const Instants now = m_parts.clock.now();
    const auto updated = m_parts.daemonState.update([&sessionId, &now](QJsonObject &state) {
        state.insert("last_session_ts"_L1, formatTimestamp(now.wall));
        daemonstate::markSessionOpened(state, sessionId, now.wall);
        return true;
    });
    m_parts.driver.request({sessionId, peer.pid}, now);
    m_parts.evaluator.evaluate();
    if (!updated)
        return writeFailed(updated.error());
    Reply reply = Reply::accepted(stateFields());
    reply.reason = control::reason::kSessionOpenQueued;
    return reply;
}

Reply Operations::consumeFirstTurn(const QString &sessionId)
{
    bool isFirst = false;
    const auto updated = m_parts.daemonState.update([&isFirst, &sessionId](QJsonObject &state) {
        const daemonstate::FirstTurn turn = daemonstate::consumeFirstTurn(state, sessionId);
        isFirst = turn.first;
        return turn.save;
    });
    if (!updated && !isFirst)
        return writeFailed(updated.error());
    return Reply::accepted({{"first_turn"_L1, isFirst}}); // a failed write still answers true
}

Reply Operations::digest(bool peek)
{
    std::optional<QJsonObject> digest;
    const WallTime now = m_parts.clock.now().wall;
    const auto updated = m_parts.daemonState.update([&digest, peek, now](QJsonObject &state) {
        if (peek) {
            const QJsonObject pending = state.value("pending_digest"_L1).toObject();
            if (!pending.isEmpty())
                digest = pending;
            return false;
        }
        daemonstate::Digest taken = daemonstate::takePendingDigest(state, now);
        digest = std::move(taken.digest);
        return taken.save;
    });
    if (!updated)
        return writeFailed(updated.error());
    OwnMemory &own = m_parts.evaluator.ownMemory();
    if (peek && !digest)
        digest = own.lastDigest;
    if (!peek && digest) {
        own.lastDigest = digest;
        m_parts.evaluator.ownMemoryChanged();
        m_parts.evaluator.saveMemory();
    }
    return Reply::accepted({{"digest"_L1, digest ? QJsonValue(*digest) : QJsonValue()}});
}

Reply Operations::takeLease(const Peer &peer, const QString &name, std::optional<qint64> pid, std::optional<Millis> length)
{
    const Instants now = m_parts.clock.now();
    const qint64 holder = pid.value_or(peer.pid);
    if (holder > 0 && !m_parts.processes.isAlive(holder))
        return Reply::refused(control::reason::kInvalidMessage,
                              QString(u"pid "_s + QString::number(holder) + u" is not running"_s));
    const auto isOfPeer = [&peer, &name](const Lease &lease) {
        return lease.connection == peer.connection && lease.name != name;
    };
    if (std::ranges::count_if(m_parts.driver.leases(), isOfPeer) >= kLeasesMax)
        return Reply::refused(control::reason::kBusy,
                              QString(u"one connection holds at most "_s + QString::number(kLeasesMax) + u" leases"_s));
    const Millis limit = m_parts.driver.settings().leaseMax;
    const Millis granted = std::min(length.value_or(limit), limit);
    m_parts.driver.takeLease({name, holder, peer.connection, now.awake, now.awake + granted}, now);
    m_parts.evaluator.evaluate();
    QJsonObject fields = stateFields();
    fields.insert("lease"_L1, name);
    fields.insert("max_seconds"_L1, double(granted.count()) / 1000.0);
    Reply reply = Reply::accepted(fields);
    if (m_parts.dispatcher.isWritePending())
        reply.reason = control::reason::kWakeQueued;
    return reply;
}

Reply Operations::release(const QString &name)
{
    constexpr QLatin1StringView kHeartbeat("heartbeat ");
    const Instants now = m_parts.clock.now();
    const bool isHeartbeat = name.startsWith(kHeartbeat);
    const bool isReleased =
        isHeartbeat ? m_parts.driver.ignoreWrapper(name.mid(kHeartbeat.size()), now) : m_parts.driver.dropLease(name, now);
    if (!isReleased) {
        return Reply::refused(control::reason::kNotFound, isHeartbeat ? u"no such heartbeat; `dormouse wrappers` lists them"_s
                                                                      : u"no such lease; `dormouse wrappers` lists them"_s);
    }
    m_parts.evaluator.evaluate();
    return Reply::accepted({{"released"_L1, name}});
}

Reply Operations::acknowledge(const QString &what)
{
    if (!m_parts.attention.acknowledge(what))
        return Reply::refused(control::reason::kNotFound, QString(u"no attention mark is called \""_s + sanitized(what) + u'"'));
    m_parts.evaluator.ownMemory().acknowledged = m_parts.attention.acknowledged();
    m_parts.evaluator.ownMemoryChanged();
    m_parts.evaluator.evaluate();
    return Reply::accepted({{"acknowledged"_L1, what}});
}

void Operations::clean(Done done)
{
    if (m_parts.chores.isFull())
        return done(Reply::refused(control::reason::kBusy, u"it is being cleaned for others; ask again"_s));
    m_parts.chores.clean(m_parts.clock.now().wall, m_parts.driver.settings().staleAfter, [done](const Chores::Cleaned &cleaned) {
        QJsonArray failures;
        for (const Error &error : cleaned.heartbeats.failures)
            failures.append(error.text());
        done(Reply::accepted({{"removed"_L1, cleaned.heartbeats.removed + cleaned.temporaries},
                              {"heartbeats"_L1, cleaned.heartbeats.removed},
                              {"temporaries"_L1, cleaned.temporaries},
                              {"failures"_L1, failures}}));
    });
}

Reply Operations::stop()
{
    QMetaObject::invokeMethod(this, &Operations::stopRequested, Qt::QueuedConnection); // the answer goes out first
    return Reply::accepted(stateFields());
}

Reply Operations::forceCycle()
{
    m_parts.cycle.start(true);
    m_parts.evaluator.evaluate();
    Reply reply = Reply::accepted(stateFields());
    reply.reason = control::reason::kRemQueued;
    return reply;
}

Reply Operations::sleepCycle(bool resetQuarantine)
{
    const bool wasQuarantined = resetQuarantine && m_parts.cycle.resetQuarantine();
    if (resetQuarantine)
        m_parts.evaluator.evaluate();
    QJsonObject fields = m_parts.cycle.status();
    if (resetQuarantine)
        fields.insert("was_quarantined"_L1, wasQuarantined);
    return Reply::accepted(fields);
}

Reply Operations::service(const QString &name, const QString &action, const Peer &peer)
{
    static const QMap<QString, ServiceKeeper::Action> kActions{{u"start"_s, ServiceKeeper::Action::Start},
                                                               {u"stop"_s, ServiceKeeper::Action::Stop},
                                                               {u"restart"_s, ServiceKeeper::Action::Restart},
                                                               {u"leave_alone"_s, ServiceKeeper::Action::LeaveAlone}};
    const ServiceKeeper::Action wanted = kActions.value(action);
    const auto view = m_parts.services.act(name, wanted);
    if (!view)
        return Reply::refused(control::reason::kNotFound, view.error().text());
    const QSet<QString> leftAlone = m_parts.services.leftAlone();
    m_parts.evaluator.ownMemory().leftAlone = QStringList(leftAlone.begin(), leftAlone.end());
    m_parts.evaluator.ownMemory().leftAlone.sort();
    m_parts.evaluator.ownMemoryChanged();
    if (wanted == ServiceKeeper::Action::Start || wanted == ServiceKeeper::Action::Restart)
        m_parts.driver.request({{}, peer.pid}, m_parts.clock.now());
    m_parts.evaluator.evaluate();
    QJsonObject fields = stateFields();
    fields.insert("service"_L1, serviceToJson(view.value()));
    return Reply::accepted(fields);
}

Reply Operations::reload()
{
    if (const auto reloaded = m_parts.configuration.reload(); !reloaded)
        return Reply::refused(control::reason::kInvalidMessage, reloaded.error().text());
    return Reply::accepted();
}

/// Neither a request nor a use: it is looked at when the user's idleness matters. Only when it begins or ends, all sources are looked at at once: a tray that
/// reports in vain has to learn that the agent sees by itself, and `doctor` whether anybody does.
Reply Operations::reportUserIdle(const Peer &peer, std::optional<Millis> idle)
{
    const bool wasReported = isIdleReported();
    m_parts.reportedIdleness.report(peer.connection, idle, m_parts.clock.now());
    if (isIdleReported() != wasReported)
        Q_EMIT idleSourcesChanged();
    return Reply::accepted();
}

bool Operations::isIdleReported() const
{
    return m_parts.reportedIdleness.idle(m_parts.clock.now()).has_value();
}

void Operations::connectionClosed(quint64 connection)
{
    const bool wasReported = isIdleReported();
    m_parts.reportedIdleness.drop(connection);
    if (isIdleReported() != wasReported)
        Q_EMIT idleSourcesChanged();
    const std::size_t before = m_parts.driver.leases().size();
    m_parts.driver.dropLeasesOf(connection, m_parts.clock.now());
    if (m_parts.driver.leases().size() != before)
        m_parts.evaluator.evaluate();
}

} // namespace dormouse
