// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/defaults.h"
#include "shared/control/agentclient.h"
#include "shared/control/snapshot.h"
#include "tray/link/requestbook.h"

#include <QObject>
#include <QTimer>

namespace dormouse {

/// How patient a session is.
struct SessionPace {
    Millis silence = std::chrono::seconds(2);      ///< an answer may take so long
    Millis checkPeriod = std::chrono::minutes(10); ///< an icon must not lie for ever
    Millis checkPause = std::chrono::minutes(2);   ///< an agent whose `next` is always past is not asked all the time
    /// What is due at an instant happens at the tick after it.
    Millis transitionSlack = defaults::kTickMax + std::chrono::seconds(5);
};

/// One connection to the agent at a time: subscribes, matches answers to requests, and asks for a sign of life where the agent is silent for longer than it should
/// be. Decides nothing about what the tray shows. Main thread.
class AgentSession : public QObject
{
    Q_OBJECT

public:
    AgentSession(const QString &socketPath, const Clock &clock, const SessionPace &pace = {});
    ~AgentSession() override;

    /// Of no effect while open. Answered by snapshotArrived, notUnderstood or ended, never amid the call; by nothing where the other end is silent.
    void open();
    /// Says nothing more. Requests in flight are answered Unavailable.
    void close();
    [[nodiscard]] bool isOpen() const { return m_isOpen; } ///< or about to be
    /// The agent has told a snapshot, and it has answered the last check in time.
    [[nodiscard]] bool isAnswering() const { return m_isOpen && m_isSubscribed && !m_isSilent; }

    /// As AgentLink::request().
    void request(QJsonObject message, QObject *context, RequestBook::Reply reply, Millis limit);
    /// Asks for `status`; a snapshot follows, or silent once the pace's time is over. One that is still due is not repeated: a frozen agent answers it when it goes on.
    void check();

Q_SIGNALS:
    /// A subscription's, or a check's.
    void snapshotArrived(const dormouse::Snapshot &snapshot);
    /// The agent told a state that we do not know; it stays connected.
    void notUnderstood(const QString &version);
    void silent();
    /// The connection could not be made or is over: Unavailable, Refused (another user's), Malformed (not our protocol), Configuration (the path), Busy (the agent refused, in its
    /// own words).
    void ended(const dormouse::Error &error);

private:
    void subscribe();
    void receive(const QJsonObject &message);
    void receiveSnapshot(const QJsonObject &message);
    void endRefused(const QJsonObject &message);
    void end(const Error &error);
    void planCheck(const std::optional<NextState> &next);

    const Clock &m_clock;
    const SessionPace m_pace;
    AgentClient m_client;
    RequestBook m_book;
    QTimer m_patience;    ///< a check is due
    QTimer m_nextCheck;   ///< slow; each snapshot puts it off
    QString m_checkedFor; ///< the `next.at` that passed in silence and was asked about
    QString m_nextAt;
    bool m_isCheckForNext = false;
    bool m_isOpen = false;
    bool m_isSubscribed = false;
    bool m_isCheckDue = false;
    bool m_isSilent = false;
    quint64 m_opening = 0; ///< what is queued for an earlier one is dropped
};

} // namespace dormouse
