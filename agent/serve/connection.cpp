// SPDX-License-Identifier: MIT
#include "agent/serve/connection.h"

#include "agent/serve/messagetable.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"

#include <QPointer>

#include <algorithm>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace dormouse {
namespace {

constexpr qint64 kReadBytes = 16 * 1024;
constexpr qint64 kReadBufferBytes = 16 * 1024; // beyond this the kernel makes the client wait
constexpr qint64 kSubscriberBehindBytes = 16 * 1024;

} // namespace

Connection::Connection(int descriptor, Peer peer, ConnectionLimits limits, ControlTarget &target, Refusals &refusals,
                       ServingLoad &load, QObject *parent)
    : QObject(parent), m_peer(peer), m_limits(limits), m_target(target), m_refusals(refusals), m_load(load)
{
    m_halfLineTimer.setSingleShot(true);
    m_rateTimer.setSingleShot(true);
    m_unreadTimer.setSingleShot(true);
    m_rateTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_halfLineTimer, &QTimer::timeout, this, [this] {
        if (!isPaused()) // else its end may be waiting for us; looked at again when reading goes on
            breach(Refusal::HalfLine);
    });
    connect(&m_unreadTimer, &QTimer::timeout, this, [this] { breach(Refusal::Unread); });
    connect(&m_rateTimer, &QTimer::timeout, this, &Connection::readMore);
    connect(&m_socket, &StreamSocket::readyRead, this, &Connection::readMore);
    connect(&m_socket, &StreamSocket::bytesWritten, this, &Connection::written);
    connect(&m_socket, &StreamSocket::disconnected, this, &Connection::shutDown);
    m_socket.setReadBound(kReadBufferBytes);
    m_socket.open(descriptor);
}

Connection::~Connection()
{
    m_load.changeUnread(-m_notedUnread);
    m_socket.disconnect(this); // a socket tells its end, when the members that would hear it are gone
}

void Connection::offer(const Snapshot &snapshot)
{
    if (!m_subscribed || m_closed || (m_lastTold && !isWorthTelling(*m_lastTold, snapshot)))
        return;
    m_behind = m_socket.bytesToWrite() > kSubscriberBehindBytes;
    if (m_behind)
        return;
    m_lastTold = snapshot;
    QJsonObject event = snapshotToJson(snapshot);
    event.insert(control::key::kEvent, u"snapshot"_s);
    write(formatJsonLine(event) + '\n');
    m_socket.flush();
}

bool Connection::hasUnanswered() const
{
    if (m_closed)
        return false;
    int unread = 0;
    const bool known = ::ioctl(m_socket.descriptor(), FIONREAD, &unread) == 0;
    return m_waiting || m_pending.contains('\n') || m_socket.bytesAvailable() > 0 || (known && unread > 0);
}

QByteArray Connection::unhandled()
{
    if (m_closed)
        return {};
    QByteArray unread(static_cast<qsizetype>(m_limits.lineBytes), Qt::Uninitialized);
    const auto size = static_cast<std::size_t>(unread.size());
    const ssize_t count = ::recv(m_socket.descriptor(), unread.data(), size, MSG_PEEK | MSG_DONTWAIT);
    unread.truncate(std::max<qsizetype>(count, 0));
    return m_pending + m_socket.peek() + unread;
}

void Connection::shutDown()
{
    if (std::exchange(m_closed, true))
        return;
    m_halfLineTimer.stop();
    m_rateTimer.stop();
    m_unreadTimer.stop();
    m_socket.flush();
    m_socket.close();
    noteUnread();
    m_pending.clear();
    Q_EMIT closed(m_peer.connection);
}

/// True while nothing is read: an answer is under way, too much is unread, or the second's requests are used up.
bool Connection::isPaused() const
{
    return m_closed || m_waiting || m_isTurnOver || m_rateTimer.isActive() || m_unreadTimer.isActive();
}

/// Whether a further request must wait; begins the pause when the second's requests are used up.
bool Connection::isHeldUp()
{
    if (isPaused())
        return true;
    const AwakeTime now = m_clock.now().awake;
    if (now - m_secondBegan >= 1s) {
        m_secondBegan = now;
        m_inSecond = 0;
    }
    if (m_inSecond < m_limits.requestsPerSecond)
        return false;
    m_refusals.add(Refusal::Rate, m_peer.pid);
    if (m_socket.isPeerGone()) { // a flood nobody waits for: at this pace its leases would outlive it by a minute
        shutDown();
        return true;
    }
    m_rateTimer.start(1s - (now - m_secondBegan) + 1ms); // never a moment too early, which would count twice
    return true;
}

void Connection::readMore()
{
    handleLines(); // what was held up
    while (!isPaused() && m_socket.bytesAvailable() > 0) {
        m_pending += m_socket.read(kReadBytes);
        handleLines();
    }
    if (!m_closed)
        m_socket.flush(); // now, because a client that has shut its side down is gone at the next look
}

void Connection::handleLines()
{
    const QByteArray pending = std::exchange(m_pending, {});
    qsizetype from = 0;
    qsizetype end = pending.indexOf('\n');
    bool tooLong = false;
    while (end >= 0 && !tooLong && !isHeldUp()) {
        tooLong = end - from > m_limits.lineBytes;
        if (!tooLong)
            handleLine(pending.mid(from, end - from));
        from = end + 1;
        end = pending.indexOf('\n', from);
        if (isOthersTurn())
            break;
    }
    if (m_closed)
        return;
    m_pending = pending.mid(from);
    if (tooLong || (end < 0 && m_pending.size() > m_limits.lineBytes))
        return lineTooLong();
    watchHalfLine(from > 0);
}

/// While much is asked, a connection goes on only after all others have had a line answered.
bool Connection::isOthersTurn()
{
    if (m_closed || !m_load.isHigh(m_clock.now().awake))
        return false;
    if (!std::exchange(m_isTurnOver, true))
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_isTurnOver = false;
                readMore();
            },
            Qt::QueuedConnection);
    return true;
}

void Connection::handleLine(const QByteArray &line)
{
    ++m_inSecond;
    m_load.addLine(m_clock.now().awake);
    const Result<QJsonObject> message = parseJsonObject(line);
    if (!message) {
        m_target.forgetStatus(); // which counts what is refused
        m_refusals.add(Refusal::Invalid, m_peer.pid);
        return answer(Reply::refused(control::reason::kInvalidMessage, u"not a JSON object: "_s + message.error().message),
                      std::nullopt);
    }
    std::optional<QJsonValue> id;
    if (message.value().contains(control::key::kId))
        id = message.value().value(control::key::kId);

    Q_EMIT asked();
    m_waiting = true;
    m_inHandler = true;
    bool subscribes = false;
    answerMessage(message.value(), m_target, m_peer, m_refusals, subscribes,
                  [self = QPointer<Connection>(this), id, number = ++m_handled](const Reply &reply) {
                      if (self && self->m_handled == number)
                          self->answered(reply, id);
                  });
    m_inHandler = false;
    if (subscribes && !m_closed) {
        m_subscribed = true;
        m_lastTold.reset();
        offer(m_target.snapshot());
    }
}

void Connection::answered(const Reply &reply, const std::optional<QJsonValue> &id)
{
    if (!std::exchange(m_waiting, false))
        return;
    answer(reply, id);
    if (m_inHandler)
        return;
    m_target.forgetStatus(); // it came later, and what it tells of has happened since
    QMetaObject::invokeMethod(this, &Connection::readMore, Qt::QueuedConnection);
}

void Connection::answer(const Reply &reply, const std::optional<QJsonValue> &id)
{
    if (!reply.members.isEmpty()) {
        const QByteArray tail = formatJsonLine(id ? QJsonObject{{control::key::kId, *id}, {control::key::kOk, reply.ok}}
                                                  : QJsonObject{{control::key::kOk, reply.ok}});
        return write('{' + reply.members + ',' + tail.sliced(1) + '\n');
    }
    QJsonObject object = reply.fields;
    object.insert(control::key::kOk, reply.ok);
    if (!reply.reason.isEmpty())
        object.insert(control::key::kReason, reply.reason);
    if (!reply.error.isEmpty())
        object.insert(control::key::kError, reply.error);
    if (id)
        object.insert(control::key::kId, *id);
    write(formatJsonLine(object) + '\n');
}

void Connection::write(const QByteArray &line)
{
    if (m_closed)
        return;
    m_socket.write(line);
    noteUnread();
    if (!isUnreadTooMuch() || m_unreadTimer.isActive())
        return;
    m_socket.flush(); // what the system takes is no longer ours to hold
    noteUnread();
    if (!m_closed && isUnreadTooMuch())
        m_unreadTimer.start(m_limits.unreadGrace);
}

void Connection::noteUnread()
{
    const qint64 unread = m_closed ? 0 : m_socket.bytesToWrite();
    m_load.changeUnread(unread - std::exchange(m_notedUnread, unread));
}

bool Connection::isUnreadTooMuch() const
{
    return m_socket.bytesToWrite() > m_load.unreadAllowed(m_limits.unreadBytes);
}

void Connection::written()
{
    if (m_closed)
        return;
    noteUnread();
    if (m_unreadTimer.isActive() && !isUnreadTooMuch()) {
        m_unreadTimer.stop();
        QMetaObject::invokeMethod(this, &Connection::readMore, Qt::QueuedConnection);
    }
    if (m_behind && m_socket.bytesToWrite() <= kSubscriberBehindBytes) {
        m_behind = false;
        offer(m_target.snapshot());
    }
}

void Connection::lineTooLong()
{
    answer(Reply::refused(control::reason::kTooLarge, u"a line may have %1 bytes at most"_s.arg(m_limits.lineBytes)),
           std::nullopt);
    breach(Refusal::LineTooLong);
}

void Connection::breach(Refusal refusal)
{
    m_refusals.add(refusal, m_peer.pid);
    shutDown();
}

/// A line that has begun must end in time; one that waits for us has no such limit.
void Connection::watchHalfLine(bool lineEnded)
{
    if (m_pending.isEmpty() || m_pending.contains('\n'))
        m_halfLineTimer.stop();
    else if (lineEnded || !m_halfLineTimer.isActive())
        m_halfLineTimer.start(m_limits.halfLine);
}

} // namespace dormouse
