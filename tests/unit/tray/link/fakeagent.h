// SPDX-License-Identifier: MIT
#pragma once

#include "shared/control/snapshot.h"
#include "shared/storage/writerlock.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QLocalServer>
#include <QLocalSocket>
#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>

namespace dormouse {

inline QByteArray jsonLine(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

inline QJsonObject plainSnapshot(State state, qint64 pid = 4711)
{
    Snapshot snapshot;
    snapshot.state = state;
    snapshot.version = QStringLiteral("0.1.0");
    snapshot.pid = pid;
    snapshot.why = QStringLiteral("because");
    return snapshotToJson(snapshot);
}

/// An agent as a test wants it: holds the lock of a root and speaks on its socket, within the test's process.
class FakeAgent : public QObject
{
public:
    explicit FakeAgent(const RootPaths &paths) : m_paths(paths) {}

    QJsonObject snapshot = plainSnapshot(State::Wake);
    QList<QJsonObject> requests;
    int connectionCount = 0;
    /// Said to each connection at once.
    std::function<void(QLocalSocket *)> greet = [](QLocalSocket *) {};
    /// The answer to a request; by default what an agent would say.
    std::function<QByteArray(const QJsonObject &)> reply = [this](const QJsonObject &request) { return usualReply(request); };

    [[nodiscard]] bool lock()
    {
        m_lock = std::make_unique<WriterLock>(m_paths);
        return m_lock->tryAcquire().ok();
    }
    [[nodiscard]] bool listen()
    {
        m_server = std::make_unique<QLocalServer>();
        connect(m_server.get(), &QLocalServer::newConnection, this, [this] {
            while (QLocalSocket *socket = m_server->nextPendingConnection())
                welcome(socket);
        });
        return m_server->listen(m_paths.socket());
    }
    [[nodiscard]] bool start() { return lock() && listen(); }

    void say(const QByteArray &bytes)
    {
        for (const QPointer<QLocalSocket> &socket : std::as_const(m_sockets)) {
            if (socket && socket->state() == QLocalSocket::ConnectedState) {
                socket->write(bytes);
                socket->flush();
            }
        }
    }
    void tell(const QJsonObject &newer)
    {
        snapshot = newer;
        say(event());
    }
    [[nodiscard]] QByteArray event() const
    {
        QJsonObject object = snapshot;
        object.insert(QStringLiteral("event"), QStringLiteral("snapshot"));
        return jsonLine(object);
    }
    [[nodiscard]] QByteArray usualReply(const QJsonObject &request) const
    {
        const QString type = request.value(QStringLiteral("type")).toString();
        QJsonObject answer = type == QStringLiteral("status") ? snapshot : QJsonObject();
        answer.insert(QStringLiteral("ok"), true);
        if (request.contains(QStringLiteral("id")))
            answer.insert(QStringLiteral("id"), request.value(QStringLiteral("id")));
        return jsonLine(answer) + (type == QStringLiteral("subscribe") ? event() : QByteArray());
    }
    [[nodiscard]] int count(const QString &type) const
    {
        int found = 0;
        for (const QJsonObject &request : requests)
            found += request.value(QStringLiteral("type")).toString() == type ? 1 : 0;
        return found;
    }

    void hangUp()
    {
        for (const QPointer<QLocalSocket> &socket : std::as_const(m_sockets)) {
            if (socket)
                socket->abort();
        }
        m_sockets.clear();
    }
    /// As at the end of an agent: connections, socket, lock.
    void leave()
    {
        hangUp();
        m_server.reset();
        m_lock.reset();
    }

private:
    void welcome(QLocalSocket *socket)
    {
        ++connectionCount;
        m_sockets.append(socket);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            while (socket->canReadLine()) {
                const QJsonObject request = QJsonDocument::fromJson(socket->readLine()).object();
                requests.append(request);
                socket->write(reply(request));
            }
        });
        greet(socket);
    }

    RootPaths m_paths;
    std::unique_ptr<WriterLock> m_lock;
    std::unique_ptr<QLocalServer> m_server;
    QList<QPointer<QLocalSocket>> m_sockets;
};

} // namespace dormouse
