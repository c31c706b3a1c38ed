// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/control/snapshot.h"

#include <QJsonObject>
#include <QString>

#include <functional>
#include <optional>

namespace dormouse {

/// Who asks: the peer of one connection.
struct Peer {
    quint64 connection = 0; ///< unique for the life of the agent
    qint64 pid = 0;         ///< 0 where the system does not tell
};

/// An answer: either fields of a positive answer, or a refusal.
struct Reply {
    bool ok = true;
    QString reason;     ///< of a refusal; may also accompany ok (control::reason)
    QString error;      ///< of a refusal, for a person
    QJsonObject fields; ///< the other keys
    QByteArray members; ///< or these, as text without braces; then `fields` is empty

    [[nodiscard]] static Reply accepted(QJsonObject fields = {}) { return {true, {}, {}, std::move(fields), {}}; }
    [[nodiscard]] static Reply written(QByteArray members) { return {true, {}, {}, {}, std::move(members)}; }
    [[nodiscard]] static Reply refused(const QString &reason, const QString &error, QJsonObject fields = {})
    {
        return {false, reason, error, std::move(fields), {}};
    }
};

struct HistoryQuery {
    std::optional<WallTime> since; ///< nothing: 24 h before `until`
    std::optional<WallTime> until; ///< nothing: now
    int limit = 0;
    int offset = 0;
};

/// What the control server asks of the agent: one member a message. The arguments are already validated and clipped. Main thread.
class ControlTarget
{
public:
    using Done = std::function<void(const Reply &)>;

    virtual ~ControlTarget() = default;

    /// Never changes anything, nor does it count as a request.
    [[nodiscard]] virtual Snapshot snapshot() const = 0;
    /// The same as text without its braces. While nobody asks for anything but `status`, one of the same millisecond will do.
    [[nodiscard]] virtual QByteArray statusMembers() { return snapshotMembers(snapshot()); }
    /// Something else is asked, or was done: what statusMembers() told may no longer be true.
    virtual void forgetStatus() {}
    [[nodiscard]] virtual Reply why() const = 0;
    [[nodiscard]] virtual Reply wrappers(int limit, int offset) const = 0;
    virtual void history(const HistoryQuery &query, Done done) const = 0; ///< may answer later
    [[nodiscard]] virtual Reply digest(bool peek) = 0;

    [[nodiscard]] virtual Reply request(const Peer &peer, const QString &uuid) = 0; ///< request_arrived, force_wake
    [[nodiscard]] virtual Reply sleepNow(const QString &reason, bool force) = 0;
    [[nodiscard]] virtual Reply hibernateNow(bool force) = 0;
    [[nodiscard]] virtual Reply pause(std::optional<Millis> length, const QString &reason) = 0;
    [[nodiscard]] virtual Reply resume() = 0;
    [[nodiscard]] virtual Reply openSession(const Peer &peer, const QString &sessionId) = 0;
    [[nodiscard]] virtual Reply consumeFirstTurn(const QString &sessionId) = 0;
    [[nodiscard]] virtual Reply takeLease(const Peer &peer, const QString &name, std::optional<qint64> pid,
                                          std::optional<Millis> length) = 0;
    [[nodiscard]] virtual Reply release(const QString &name) = 0;
    [[nodiscard]] virtual Reply acknowledge(const QString &what) = 0;
    virtual void clean(Done done) = 0; ///< may answer later
    [[nodiscard]] virtual Reply stop() = 0;

    [[nodiscard]] virtual Reply forceCycle() = 0;                     ///< force_rem
    [[nodiscard]] virtual Reply sleepCycle(bool resetQuarantine) = 0; ///< action status or reset_quarantine
    [[nodiscard]] virtual Reply service(const QString &name, const QString &action, const Peer &peer) = 0;
    [[nodiscard]] virtual Reply reload() = 0;
    /// Nothing: the client does not know.
    [[nodiscard]] virtual Reply reportUserIdle(const Peer &peer, std::optional<Millis> idle) = 0;

    /// A connection is gone: its leases end.
    virtual void connectionClosed(quint64 connection) = 0;
};

} // namespace dormouse
