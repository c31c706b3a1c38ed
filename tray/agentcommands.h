// SPDX-License-Identifier: MIT
#pragma once

#include "tray/link/agentlink.h"
#include "tray/model/trayview.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <optional>

QT_BEGIN_NAMESPACE
class QMessageBox;
QT_END_NAMESPACE

namespace dormouse {

/// Carries out what the menu asks of the agent: sends it, asks back where it hurts (services in use that will stop, leases in the way), and tells what was
/// refused. GUI thread.
class AgentCommands : public QObject
{
    Q_OBJECT

public:
    AgentCommands(AgentLink &link, const Clock &clock, QObject *parent = nullptr);
    ~AgentCommands() override;

    /// False: not a command for the agent.
    bool carryOut(const TrayCommand &command);
    /// Until when a Sleep Now of ours can be taken back.
    [[nodiscard]] std::optional<WallTime> undoUntil() const { return m_undoUntil; }
    /// Sends `stop`; `stopped` follows.
    void stopAgent();
    /// Makes the agent read its configuration again; `reloaded` follows.
    void reload();

Q_SIGNALS:
    void undoChanged();
    /// Services sleep from now on, and this can be undone for a while.
    void sleepStarted();
    void failed(const QString &title, const QString &text);
    void stopped();
    /// Empty, or why the agent keeps the old configuration. Without an agent it is empty: the next one reads it.
    void reloaded(const QString &error);

private:
    void send(const QJsonObject &message, const QString &title);
    void sleepNow();
    void sendSleep(bool force);
    void askForce(const QString &whyNot);
    void setUndo(std::optional<WallTime> until);
    QMessageBox *ask(const QString &text, const QString &details, const QString &yes);

    AgentLink &m_link;
    const Clock &m_clock;
    QTimer m_undoEnd;
    std::optional<WallTime> m_undoUntil;
    QPointer<QMessageBox> m_question;
};

} // namespace dormouse
