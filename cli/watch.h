// SPDX-License-Identifier: MIT
#pragma once

#include "cli/agentlink.h"
#include "shared/base/signalpipe.h"
#include "shared/control/agentclient.h"
#include "shared/control/snapshot.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace dormouse {

/// `status --watch`: shows each snapshot, comes back when the agent does, and ends at Ctrl-C or when nobody reads any more.
/// Never starts an agent. Main thread.
class StatusWatch : public QObject
{
    Q_OBJECT

public:
    StatusWatch(const Context &context, bool json);

    /// Runs until it is told to end; answers the exit code.
    [[nodiscard]] int run();

private:
    void lookForAgent();
    void receive(const QJsonObject &message);
    void lose(const Error &error);
    void show();
    void showChange(const QString &line, const QJsonObject &json);
    void redraw();
    [[nodiscard]] QString trouble() const;

    const Context &m_context;
    bool m_json;
    AgentClient m_client;
    SignalPipe m_signals;
    QTimer m_look;     ///< while there is no connection: is there an agent?
    QTimer m_patience; ///< a live agent that does not say anything
    QTimer m_second;   ///< on a terminal: the countdown
    std::optional<Snapshot> m_snapshot;
    QJsonObject m_lastJson;
    QString m_lastLine;
    QString m_trouble; ///< what keeps a live agent from being shown
};

} // namespace dormouse
