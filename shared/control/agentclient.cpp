// SPDX-License-Identifier: MIT
#include "shared/control/agentclient.h"

#include "shared/records/json.h"

#include <QMetaObject>

#include <algorithm>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

constexpr qsizetype kAnswerBytesMax = 16 * 1024 * 1024; // a full page of `wrappers` is about 4 MB
constexpr qint64 kUnsentBytesMax = 1024 * 1024;         // beyond this the agent does not read any more
constexpr qint64 kReadBufferBytes = 256 * 1024;

Error notAnswering(const QString &path, const QString &why)
{
    return {ErrorCode::Unavailable, u"no agent answers ("_s + why + u')', path, 0};
}

/// Whether the socket's other end runs as this user.
Result<void> checkServer(const QLocalSocket &socket, const QString &path)
{
    const std::optional<PeerCredentials> server = peerCredentials(socket.socketDescriptor());
    if (!server)
        return Error{ErrorCode::Refused, u"the system does not tell who serves the control socket"_s, path, 0};
    if (server->uid != static_cast<qint64>(geteuid()))
        return Error{ErrorCode::Refused, u"the control socket is served by another user (uid %1)"_s.arg(server->uid), path, 0};
    return {};
}

Result<QJsonObject> parseAnswer(const QByteArray &line, const QString &path)
{
    Result<QJsonObject> object = parseJsonObject(line);
    if (!object)
        return Error{ErrorCode::Malformed,
                     u"what serves the control socket does not speak our protocol ("_s + object.error().message + u')', path, 0};
    return object;
}

} // namespace

AgentClient::AgentClient(QString socketPath, QObject *parent) : QObject(parent), m_socketPath(std::move(socketPath))
{
    m_socket.setReadBufferSize(kReadBufferBytes);
    connect(&m_socket, &QLocalSocket::connected, this, [this] {
        if (const Result<void> server = checkServer(m_socket, m_socketPath); !server)
            return fail(server.error().code, server.error().message);
        // Queued, for the socket may connect amid connectToAgent().
        QMetaObject::invokeMethod(
            this,
            [this, attempt = m_attempt] {
                if (attempt == m_attempt && isConnected())
                    Q_EMIT connected();
            },
            Qt::QueuedConnection);
    });
    connect(&m_socket, &QLocalSocket::readyRead, this, &AgentClient::readLines);
    connect(&m_socket, &QLocalSocket::errorOccurred, this,
            [this] { fail(ErrorCode::Unavailable, u"no agent answers ("_s + m_socket.errorString() + u')'); });
    connect(&m_socket, &QLocalSocket::disconnected, this,
            [this] { fail(ErrorCode::Unavailable, u"the agent closed the connection"_s); });
}

AgentClient::~AgentClient()
{
    m_socket.disconnect(this); // a socket tells its end, when the members that would hear it are gone
}

void AgentClient::connectToAgent()
{
    if (!m_failed && m_socket.state() != QLocalSocket::UnconnectedState)
        return;
    ++m_attempt;
    m_failed = true; // what is left of an earlier connection says nothing more
    m_socket.abort();
    m_pending.clear();
    m_failed = false;
    if (const Result<void> path = checkSocketPath(m_socketPath); !path)
        return fail(path.error().code, path.error().message);
    m_socket.connectToServer(m_socketPath);
}

void AgentClient::disconnectFromAgent()
{
    ++m_attempt;
    m_failed = true;
    m_socket.flush();
    m_socket.abort();
    m_pending.clear();
}

bool AgentClient::isConnected() const
{
    return !m_failed && m_socket.state() == QLocalSocket::ConnectedState;
}

void AgentClient::send(const QJsonObject &message)
{
    if (!isConnected())
        return;
    m_socket.write(formatJsonLine(message) + '\n');
    if (m_socket.bytesToWrite() > kUnsentBytesMax)
        fail(ErrorCode::Unavailable, u"the agent does not read what it is sent"_s);
}

void AgentClient::readLines()
{
    while (!m_failed && m_socket.bytesAvailable() > 0) {
        const QByteArray chunk = m_socket.read(kReadBufferBytes);
        qsizetype from = 0;
        for (qsizetype end = chunk.indexOf('\n'); end >= 0 && !m_failed; end = chunk.indexOf('\n', from)) {
            m_pending.append(chunk.constData() + from, end - from);
            from = end + 1;
            const QByteArray line = std::exchange(m_pending, {});
            const Result<QJsonObject> object = parseAnswer(line, m_socketPath);
            if (!object)
                return fail(object.error().code, object.error().message);
            Q_EMIT received(object.value());
        }
        if (m_failed)
            return;
        m_pending.append(chunk.constData() + from, chunk.size() - from);
        if (m_pending.size() > kAnswerBytesMax)
            return fail(ErrorCode::Malformed, u"what serves the control socket sends a line without an end"_s);
    }
}

void AgentClient::fail(ErrorCode code, const QString &message)
{
    if (m_failed)
        return;
    m_failed = true;
    m_socket.abort();
    m_pending.clear();
    // Queued, so that connecting anew from a slot neither recurses nor reuses the socket amid its own signal.
    QMetaObject::invokeMethod(
        this,
        [this, attempt = m_attempt, error = Error{code, message, m_socketPath, 0}] {
            if (attempt == m_attempt)
                Q_EMIT disconnected(error);
        },
        Qt::QueuedConnection);
}

Result<QJsonObject> requestOnce(const QString &socketPath, const QJsonObject &message, Millis limit)
{
    const SystemClock clock;
    const AwakeTime end = clock.now().awake + limit;
    const auto remaining = [&clock, end] {
        return static_cast<int>(std::clamp<qint64>((end - clock.now().awake).count(), 0, 1'000'000'000));
    };

    if (const Result<void> path = checkSocketPath(socketPath); !path)
        return path.error();
    QLocalSocket socket;
    socket.setReadBufferSize(kReadBufferBytes);
    socket.connectToServer(socketPath);
    if (!socket.waitForConnected(remaining()))
        return notAnswering(socketPath, socket.errorString());
    if (const Result<void> server = checkServer(socket, socketPath); !server)
        return server.error();
    socket.write(formatJsonLine(message) + '\n');

    QByteArray pending;
    for (;;) {
        if (socket.bytesAvailable() == 0 && !socket.waitForReadyRead(remaining()) && socket.bytesAvailable() == 0)
            return notAnswering(socketPath, socket.state() == QLocalSocket::ConnectedState
                                                ? u"no answer within %1 ms"_s.arg(limit.count())
                                                : u"it closed the connection"_s);
        const QByteArray chunk = socket.read(kReadBufferBytes);
        if (const qsizetype newline = chunk.indexOf('\n'); newline >= 0)
            return parseAnswer(pending + chunk.first(newline), socketPath);
        pending += chunk;
        if (pending.size() > kAnswerBytesMax)
            return Error{ErrorCode::Malformed, u"what serves the control socket sends a line without an end"_s, socketPath, 0};
        if (remaining() == 0)
            return notAnswering(socketPath, u"no whole answer within %1 ms"_s.arg(limit.count()));
    }
}

} // namespace dormouse
