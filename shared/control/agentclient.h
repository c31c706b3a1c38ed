// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>

#include <optional>

namespace dormouse {

/// A connection to the agent: sends requests, hands on each answer and event as one object. Never blocks. The server's uid is
/// checked before anything is sent; what it sends and leaves unread is bounded. Used by the tray and by the command line's live views. It may be
/// connected anew after `disconnected`; do not delete it in a slot of `received` (deleteLater). Main thread.
class AgentClient : public QObject
{
    Q_OBJECT

public:
    explicit AgentClient(QString socketPath, QObject *parent = nullptr);
    ~AgentClient() override;

    /// Answered by `connected` or `disconnected`, never amid the call.
    void connectToAgent();
    /// Says nothing more: no `disconnected` follows.
    void disconnectFromAgent();
    [[nodiscard]] bool isConnected() const;
    /// Of no effect while not connected.
    void send(const QJsonObject &message);

Q_SIGNALS:
    void connected();
    /// Also when the connection could not be made, or the other side sent something that is not the protocol (it is closed then).
    void disconnected(const dormouse::Error &error);
    void received(const QJsonObject &message);

private:
    void readLines();
    void fail(ErrorCode code, const QString &message);

    QString m_socketPath;
    QLocalSocket m_socket;
    QByteArray m_pending;
    quint64 m_attempt = 0; ///< signals that are still queued for an earlier one are dropped
    bool m_failed = false;
};

/// One request and its answer, blocking up to `limit` (command line only). Errors: Unavailable (nobody listens, or no answer in time), Refused
/// (another user's socket), Malformed (not the protocol).
[[nodiscard]] Result<QJsonObject> requestOnce(const QString &socketPath, const QJsonObject &message, Millis limit);

/// The uid at the other end of a connected local socket (SO_PEERCRED, getpeereid); nothing when the system does not tell.
struct PeerCredentials {
    qint64 uid = -1;
    qint64 pid = 0; ///< 0 where the system does not tell
};
[[nodiscard]] std::optional<PeerCredentials> peerCredentials(qintptr descriptor);

/// Longest path a local socket may have here: 106 bytes, on macOS 102.
[[nodiscard]] int socketPathBytesMax();
/// Configuration error with the remedy when `path` is longer than that.
[[nodiscard]] Result<void> checkSocketPath(const QString &path);

} // namespace dormouse
