// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/control/agentclient.h"
#include "shared/storage/rootpaths.h"

#include <QObject>
#include <QTimer>

namespace dormouse {

/// Holds a lease as long as it lives. After a lost connection it takes the lease again, but only from an agent that agent.lock
/// names as alive: it never starts one. Main thread.
class LeaseKeeper : public QObject
{
    Q_OBJECT

public:
    LeaseKeeper(RootPaths paths, QString socket, QString name, qint64 pid, QObject *parent = nullptr);

    /// Takes the lease as soon as an agent lives.
    void start();
    [[nodiscard]] bool isHeld() const { return m_held; }

Q_SIGNALS:
    void taken();
    /// The agent will not give one; the reason for a person. It is asked again only on a new connection.
    void refused(const QString &text);

private:
    void look();
    void ask();
    void receive(const QJsonObject &answer);
    void lose();

    RootPaths m_paths;
    QString m_name;
    qint64 m_pid;
    AgentClient m_client;
    QTimer m_look;
    int m_looks = 0; ///< since the connection was lost
    bool m_held = false;
};

} // namespace dormouse
