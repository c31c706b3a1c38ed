// SPDX-License-Identifier: MIT
#pragma once

#include "agent/serve/controltarget.h"
#include "agent/serve/refusals.h"
#include "agent/serve/servingload.h"
#include "shared/base/defaults.h"
#include "shared/base/streamsocket.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <optional>

namespace dormouse {

/// What one connection may do.
struct ConnectionLimits {
    qsizetype lineBytes = defaults::kLineBytesMax;
    int requestsPerSecond = defaults::kRequestsPerSecond;
    qint64 unreadBytes = defaults::kUnreadAnswerBytesMax;
    Millis unreadGrace{2000}; ///< a client that reads at all takes a megabyte in less
    Millis halfLine = defaults::kHalfLineLimit;
};

/// One client: frames its lines, bounds what it may send and leave unread, answers in the order asked, tells it of changes once it has
/// subscribed. Owned by the server, which deletes it after `closed`; main thread.
class Connection : public QObject
{
    Q_OBJECT

public:
    Connection(int descriptor, Peer peer, ConnectionLimits limits, ControlTarget &target, Refusals &refusals, ServingLoad &load,
               QObject *parent = nullptr);
    ~Connection() override;

    [[nodiscard]] bool isSubscribed() const { return m_subscribed; }
    /// Tells a subscriber when it is worth telling; one that is behind gets the newest once it has read what is there.
    void offer(const Snapshot &snapshot);
    /// A request is there, or under way, that has not been answered.
    [[nodiscard]] bool hasUnanswered() const;
    /// What it sent and nobody has handled, without taking it: complete lines and perhaps a begun one.
    [[nodiscard]] QByteArray unhandled();
    /// Writes what goes without blocking, then closes. `closed` follows at once.
    void shutDown();

Q_SIGNALS:
    /// A line has come that is a message, whatever it asks.
    void asked();
    /// Exactly once.
    void closed(quint64 connection);

private:
    void readMore();
    [[nodiscard]] bool isPaused() const;
    [[nodiscard]] bool isHeldUp();
    void handleLines();
    void handleLine(const QByteArray &line);
    [[nodiscard]] bool isOthersTurn();
    void noteUnread();
    [[nodiscard]] bool isUnreadTooMuch() const;
    void answered(const Reply &reply, const std::optional<QJsonValue> &id);
    void answer(const Reply &reply, const std::optional<QJsonValue> &id);
    void write(const QByteArray &line);
    void written();
    void lineTooLong();
    void breach(Refusal refusal);
    void watchHalfLine(bool lineEnded);

    Peer m_peer;
    ConnectionLimits m_limits;
    ControlTarget &m_target;
    Refusals &m_refusals;
    ServingLoad &m_load;
    SystemClock m_clock;
    StreamSocket m_socket;
    QByteArray m_pending;   ///< read, not handled
    QTimer m_halfLineTimer; ///< runs while a line has begun and not ended
    QTimer m_rateTimer;     ///< runs while reading pauses
    QTimer m_unreadTimer;   ///< runs while too much is unread
    AwakeTime m_secondBegan;
    int m_inSecond = 0;
    quint64 m_handled = 0;  ///< number of the request handled last
    bool m_waiting = false; ///< its answer is under way
    bool m_inHandler = false;
    bool m_isTurnOver = false; ///< the rest is handled once the others have been looked at
    qint64 m_notedUnread = 0;
    bool m_closed = false;
    bool m_subscribed = false;
    bool m_behind = false; ///< the newest snapshot is still to be offered
    std::optional<Snapshot> m_lastTold;
};

} // namespace dormouse
