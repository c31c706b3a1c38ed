// SPDX-License-Identifier: MIT
#pragma once

#include "agent/serve/controltarget.h"
#include "shared/base/result.h"
#include "shared/base/settings.h"

#include <QJsonObject>
#include <QObject>

#include <memory>

namespace dormouse {

/// The control socket (control specification): accepts connections of the agent's own user, frames and limits their lines, validates each message and answers in
/// the order asked, and tells subscribers. Owned by the agent; main thread.
class ControlServer : public QObject
{
    Q_OBJECT

public:
    ControlServer(ControlTarget &target, const Settings &settings, QObject *parent = nullptr);
    ~ControlServer() override;
    /// connections_max and requests_per_second, for connections to come.
    void setLimits(const Settings &settings);

    /// Makes the socket (mode 0600 from the instant it exists) and accepts. A socket file that refuses connect() is replaced. Errors: Configuration (path too
    /// long), Busy (somebody accepts on it), Io.
    [[nodiscard]] Result<void> listen(const QString &path);
    /// Accepts on a socket handed over by systemd or launchd; its path is left alone at exit.
    [[nodiscard]] Result<void> adopt(int descriptor);
    /// Makes the socket anew where somebody has deleted its file; nothing otherwise.
    void keepName();
    /// Stops accepting and closes every connection after what is answered already has been written as far as it goes without blocking; removes the socket made by listen().
    void close();

    /// The snapshot may have changed: subscribers are told when it is worth telling, a slow one gets only the newest.
    void snapshotChanged();
    /// True while connections wait that have not been answered or accepted (looked at last, before the agent exits).
    [[nodiscard]] bool hasWaitingPeers() const;
    /// The same, for those alone that have sent a request, as opposed to a question: accepts and looks, but handles nothing.
    [[nodiscard]] bool hasWaitingRequests();
    [[nodiscard]] int connectionCount() const;
    /// How often each limit was breached: connections, line_too_long, rate, unread, half_line, foreign_uid, invalid, unknown_type.
    [[nodiscard]] QJsonObject refusedCounts() const;

Q_SIGNALS:
    /// Somebody has sent a message, whatever it asks.
    void asked();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
