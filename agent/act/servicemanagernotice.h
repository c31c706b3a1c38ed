// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QTimer>

namespace dormouse {

/// Tells the service manager that started this process how it is: systemd's notification protocol (sd_notify(3)), one datagram to NOTIFY_SOCKET. Silent where there
/// is no such manager. Never blocks; one that cannot be reached is told of once in the log. Main thread.
class ServiceManagerNotice : public QObject
{
    Q_OBJECT

public:
    /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment: no child is to speak for the agent.
    explicit ServiceManagerNotice(QObject *parent = nullptr);

    /// Somebody wants to be told.
    [[nodiscard]] bool hasListener() const { return !m_socket.isEmpty(); }
    /// The manager takes this process for hung unless alive() comes again and again.
    [[nodiscard]] bool isWatched() const { return m_isWatched; }
    /// The start has succeeded (READY=1); `status` is a sentence for people.
    void ready(const QString &status);
    /// Feeds the watchdog and tells the present status. Tells READY=1 again where it did not arrive.
    void alive(const QString &status);
    /// The end has begun (STOPPING=1). From now on the watchdog is fed from a timer: services may take minutes to stop.
    void stopping(const QString &status);
    /// Puts the variables back, for a program that takes this one's place by exec.
    void restoreEnvironment() const;

private:
    bool send(const QByteArray &assignments);

    QByteArray m_socket; ///< a path, or, with an '@' in front, an abstract name
    QByteArray m_watchdogUsec;
    bool m_isWatched = false;
    bool m_isReadyDue = false;
    bool m_isFailureTold = false;
    QTimer m_stopTimer;
};

} // namespace dormouse
