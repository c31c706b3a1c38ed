// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/childgroup.h"
#include "shared/base/clock.h"
#include "shared/config/configuration.h"
#include "shared/storage/descriptor.h"

#include <QMap>
#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <memory>

namespace dormouse {

/// Finds out when a service is ready: its port on this machine accepts, or its command exits 0; without either, at once. Tries until it is, or this object goes.
/// Main thread.
class ReadinessProbe : public QObject
{
    Q_OBJECT

public:
    /// `environment` is on top of the agent's own, for the command.
    ReadinessProbe(ReadyCheck check, QMap<QString, QString> environment, const Clock &clock, QObject *parent = nullptr);
    ~ReadinessProbe() override; ///< ends a running command

    void start();

Q_SIGNALS:
    /// Once, at a later turn of the event loop than start().
    void ready();

private:
    void attempt();
    void connectToPort();
    void connected();
    void closeSocket();
    void runCommand();
    void tryAgain();
    void finish();

    ReadyCheck m_check;
    QMap<QString, QString> m_environment;
    const Clock &m_clock;
    Descriptor m_socket; ///< connecting
    std::unique_ptr<QSocketNotifier> m_connecting;
    bool m_isOverIpv6 = false; ///< servers that say "localhost" may mean either
    std::unique_ptr<ChildGroup> m_command;
    QTimer m_retry;
    QTimer m_limit;
    Millis m_pause;
    bool m_isOver = false;
};

} // namespace dormouse
