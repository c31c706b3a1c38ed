// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/control/agentclient.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <sys/types.h>

#include <memory>

namespace dormouse {

/// The listening end of the control socket. Not QLocalServer, which stops without a signal when descriptors run out, takes the name of a live
/// server, and removes a path it did not make. Owned by the server; main thread.
class Listener : public QObject
{
    Q_OBJECT

public:
    explicit Listener(QObject *parent = nullptr);
    ~Listener() override;

    /// Makes the socket at `path`, 0600 from the instant it exists (by the umask: call it while the process has one thread). Errors: Configuration
    /// (path too long), Busy (somebody accepts on it), Refused (not a socket), Io.
    [[nodiscard]] Result<void> listen(const QString &path);
    /// Takes over a listening local socket; its path is never removed. Refused when it is none; the descriptor then stays the caller's.
    [[nodiscard]] Result<void> adopt(int descriptor);
    /// Makes the socket anew where somebody has deleted its file, or put something else in its place: nobody would find the agent any more.
    /// Nothing otherwise. What is connected stays so.
    void keepName();
    /// Stops; removes the socket file when listen() made it and it is still the same one.
    void close();

    [[nodiscard]] bool isListening() const { return m_descriptor >= 0; }
    /// Somebody has connected and was not accepted yet.
    [[nodiscard]] bool hasBacklog() const;
    /// Accepts those who wait, 64 at most; also called when the socket says so.
    void acceptAll();

Q_SIGNALS:
    /// A peer of our own user. The descriptor is the receiver's.
    void accepted(int descriptor, const dormouse::PeerCredentials &peer);
    /// A peer of somebody else was told so and closed.
    void refusedForeigner(qint64 pid);

private:
    void start(int descriptor);
    [[nodiscard]] bool isNamed() const;
    void acceptedPeer(int descriptor);
    void pause(int systemError);

    int m_descriptor = -1;
    QString m_path; ///< empty when adopted
    dev_t m_device = 0;
    ino_t m_inode = 0;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_pause;
    bool m_pauseTold = false;
    bool m_lossTold = false;
};

} // namespace dormouse
