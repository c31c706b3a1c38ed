// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QLocalServer>
#include <QLocalSocket>
#include <QObject>

#include <functional>

namespace dormouse {

/// Serves a socket as a test says: every request is noted and answered by `reply`.
class ScriptedServer : public QObject
{
public:
    QList<QJsonObject> requests;
    std::function<QByteArray(const QJsonObject &)> reply = [](const QJsonObject &) {
        return QByteArrayLiteral("{\"ok\":true,\"state\":\"WAKE\"}\n");
    };
    QList<QLocalSocket *> connections;

    bool listen(const QString &path)
    {
        connect(&m_server, &QLocalServer::newConnection, this, [this] {
            QLocalSocket *socket = m_server.nextPendingConnection();
            connections.append(socket);
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] { answer(socket); });
        });
        return m_server.listen(path);
    }
    void close() { m_server.close(); }

private:
    void answer(QLocalSocket *socket)
    {
        while (socket->canReadLine()) {
            const QJsonObject request = QJsonDocument::fromJson(socket->readLine()).object();
            requests.append(request);
            socket->write(reply(request));
        }
    }

    QLocalServer m_server;
};

} // namespace dormouse
