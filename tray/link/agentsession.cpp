// SPDX-License-Identifier: MIT
#include "tray/link/agentsession.h"

#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/records/timestamp.h"

#include <QMetaObject>

#include <algorithm>
#include <utility>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kCheckId{"check"}; // the book's ids are numbers

} // namespace

AgentSession::AgentSession(const QString &socketPath, const Clock &clock, const SessionPace &pace)
    : m_clock(clock), m_pace(pace), m_client(socketPath)
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(m_pace.silence);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_isSilent = true;
        Q_EMIT silent();
    });
    m_nextCheck.setSingleShot(true);
    m_nextCheck.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_nextCheck, &QTimer::timeout, this, [this] {
        if (m_isCheckForNext)
            m_checkedFor = m_nextAt;
        check();
    });
    connect(&m_book, &RequestBook::expired, this, &AgentSession::check);
    connect(&m_client, &AgentClient::connected, this, &AgentSession::subscribe);
    connect(&m_client, &AgentClient::received, this, &AgentSession::receive);
    connect(&m_client, &AgentClient::disconnected, this, &AgentSession::end);
}

AgentSession::~AgentSession()
{
    m_client.disconnect(this);
    m_book.disconnect(this);
}

void AgentSession::open()
{
    if (m_isOpen)
        return;
    m_isOpen = true;
    ++m_opening;
    m_client.connectToAgent();
}

void AgentSession::close()
{
    if (!m_isOpen)
        return;
    m_client.disconnectFromAgent();
    m_isOpen = m_isSubscribed = m_isCheckDue = m_isSilent = false;
    m_patience.stop();
    m_nextCheck.stop();
    m_book.failAll({ErrorCode::Unavailable, tr("the connection to the agent was lost"), {}, 0});
}

void AgentSession::request(QJsonObject message, QObject *context, RequestBook::Reply reply, Millis limit)
{
    if (!m_client.isConnected())
        return RequestBook::deliver(context, std::move(reply), Error{ErrorCode::Unavailable, tr("no agent is connected"), {}, 0});
    message.insert(control::key::kId, m_book.enter(context, std::move(reply), limit));
    m_client.send(message);
}

void AgentSession::check()
{
    if (!m_isOpen || !m_isSubscribed || m_isCheckDue)
        return;
    m_isCheckDue = true;
    m_patience.start();
    m_client.send({{control::key::kType, control::type::kStatus}, {control::key::kId, kCheckId}});
}

void AgentSession::subscribe()
{
    m_client.send({{control::key::kType, control::type::kSubscribe}});
}

void AgentSession::receive(const QJsonObject &message)
{
    if (message.value(control::key::kEvent) == "snapshot"_L1)
        return receiveSnapshot(message);
    if (message.contains(control::key::kEvent))
        return; // of a later version
    if (m_book.answer(message))
        return;
    const bool isCheck = message.value(control::key::kId) == kCheckId;
    const bool isOk = message.value(control::key::kOk).toBool();
    if (isCheck && isOk && m_isCheckDue)
        return receiveSnapshot(message);
    // Without an id: the answer to `subscribe`, or what a full agent says before it closes.
    if (!isOk && message.value(control::key::kOk).isBool() && (isCheck || !message.contains(control::key::kId)))
        endRefused(message);
}

void AgentSession::receiveSnapshot(const QJsonObject &message)
{
    m_isCheckDue = m_isSilent = false;
    m_patience.stop();
    m_isSubscribed = true;
    const std::optional<Snapshot> snapshot = snapshotFromJson(message);
    planCheck(snapshot ? snapshot->next : std::nullopt);
    if (snapshot)
        Q_EMIT snapshotArrived(*snapshot);
    else
        Q_EMIT notUnderstood(sanitized(message.value("version"_L1).toString(), 40));
}

void AgentSession::endRefused(const QJsonObject &message)
{
    const QString said = sanitized(message.value(control::key::kError).toString());
    const Error error{ErrorCode::Busy, said.isEmpty() ? tr("no reason given") : said, {}, 0};
    m_client.disconnectFromAgent();
    // Queued: whoever hears it may connect anew, which the client does not allow amid what it has received.
    QMetaObject::invokeMethod(
        this,
        [this, error, opening = m_opening] {
            if (opening == m_opening && m_isOpen)
                end(error);
        },
        Qt::QueuedConnection);
}

void AgentSession::end(const Error &error)
{
    close();
    Q_EMIT ended(error);
}

/// The next look at an agent that says nothing: soon after it should have done something, else seldom.
void AgentSession::planCheck(const std::optional<NextState> &next)
{
    Millis wait = m_pace.checkPeriod;
    m_nextAt = next ? next->at : QString();
    const std::optional<WallTime> at = next ? parseTimestamp(next->at) : std::nullopt;
    m_isCheckForNext = at && m_nextAt != m_checkedFor && *at - m_clock.now().wall < m_pace.checkPeriod - m_pace.transitionSlack;
    if (m_isCheckForNext) {
        const auto until = std::chrono::duration_cast<Millis>(*at - m_clock.now().wall);
        wait = std::max(until + m_pace.transitionSlack, m_pace.checkPause);
    }
    m_nextCheck.start(wait);
}

} // namespace dormouse
