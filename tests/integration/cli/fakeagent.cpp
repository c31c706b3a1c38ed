// SPDX-License-Identifier: MIT
#include "tests/integration/cli/fakeagent.h"

#include <QJsonDocument>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

FakeAgent::FakeAgent(const RootPaths &paths) : m_paths(paths), m_lock(paths)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &FakeAgent::accept);
}

bool FakeAgent::start()
{
    return m_lock.tryAcquire().ok() && listenOnly();
}

bool FakeAgent::listenOnly()
{
    return m_server.listen(m_paths.socket());
}

void FakeAgent::vanish()
{
    m_server.close();
    const QList<QLocalSocket *> peers = std::exchange(m_peers, {});
    for (QLocalSocket *peer : peers) {
        peer->disconnect(this);
        peer->abort();
        peer->deleteLater();
    }
    m_lock.release();
}

void FakeAgent::answer(const QString &type, const QJsonObject &object)
{
    answerBy(type, [object](const QJsonObject &) { return object; });
}

void FakeAgent::answerBy(const QString &type, Answer make)
{
    m_answers.insert(type, std::move(make));
}

void FakeAgent::tell(const QJsonObject &event)
{
    for (QLocalSocket *peer : std::as_const(m_peers))
        peer->write(QJsonDocument(event).toJson(QJsonDocument::Compact) + '\n');
}

QList<QJsonObject> FakeAgent::requests(const QString &type) const
{
    QList<QJsonObject> found;
    for (const QJsonObject &request : m_requests) {
        if (request.value("type"_L1).toString() == type)
            found.append(request);
    }
    return found;
}

void FakeAgent::accept()
{
    while (QLocalSocket *peer = m_server.nextPendingConnection()) {
        ++m_seen;
        m_peers.append(peer);
        connect(peer, &QLocalSocket::readyRead, this, [this, peer] { read(peer); });
        connect(peer, &QLocalSocket::disconnected, this, [this, peer] { m_peers.removeAll(peer); });
        read(peer);
    }
}

void FakeAgent::read(QLocalSocket *peer)
{
    while (peer->canReadLine()) {
        const QJsonObject request = QJsonDocument::fromJson(peer->readLine()).object();
        m_requests.append(request);
        if (m_silent)
            continue;
        const Answer make = m_answers.value(request.value("type"_L1).toString());
        QJsonObject answer = make ? make(request) : QJsonObject();
        if (!answer.contains("ok"_L1))
            answer.insert("ok"_L1, true);
        peer->write(m_raw.isEmpty() ? QJsonDocument(answer).toJson(QJsonDocument::Compact) + '\n' : m_raw);
    }
}

} // namespace dormouse
