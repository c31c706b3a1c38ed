// SPDX-License-Identifier: MIT
#include "agent/serve/controlserver.h"

#include "agent/serve/connection.h"
#include "agent/serve/listener.h"
#include "agent/serve/messagetable.h"
#include "agent/serve/peersocket.h"
#include "agent/serve/refusals.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"

#include <algorithm>
#include <map>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {

class ControlServer::Impl
{
public:
    Impl(ControlTarget &controlTarget, const Settings &settings) : target(controlTarget) { setLimits(settings); }

    void setLimits(const Settings &settings)
    {
        connectionsMax = settings.connectionsMax;
        limits.requestsPerSecond = settings.requestsPerSecond;
    }

    void welcome(ControlServer &server, int descriptor, const PeerCredentials &peer);
    void forget(quint64 id);

    ControlTarget &target;
    int connectionsMax = 0;
    ConnectionLimits limits;
    Refusals refusals;
    ServingLoad load;
    Listener listener;
    quint64 lastId = 0;
    std::map<quint64, Connection *> connections; ///< children of the server
};

void ControlServer::Impl::welcome(ControlServer &server, int descriptor, const PeerCredentials &peer)
{
    if (connections.size() >= static_cast<std::size_t>(connectionsMax)) {
        refusals.add(Refusal::Connections, peer.pid);
        const QJsonObject busy{{control::key::kOk, false},
                               {control::key::kReason, control::reason::kBusy},
                               {control::key::kError, u"all %1 connections of the agent are in use"_s.arg(connectionsMax)}};
        return dismissPeer(descriptor, formatJsonLine(busy) + '\n');
    }
    const quint64 id = ++lastId;
    auto *connection = new Connection(descriptor, Peer{id, peer.pid}, limits, target, refusals, load, &server);
    connections.emplace(id, connection);
    QObject::connect(connection, &Connection::asked, &server, &ControlServer::asked);
    QObject::connect(connection, &Connection::closed, &server, [this](quint64 closed) { forget(closed); });
}

void ControlServer::Impl::forget(quint64 id)
{
    const auto found = connections.find(id);
    if (found == connections.end())
        return;
    found->second->deleteLater(); // it is amid its own signal
    connections.erase(found);
    target.connectionClosed(id);
}

ControlServer::ControlServer(ControlTarget &target, const Settings &settings, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(target, settings))
{
    connect(&m_impl->listener, &Listener::accepted, this,
            [this](int descriptor, const PeerCredentials &peer) { m_impl->welcome(*this, descriptor, peer); });
    connect(&m_impl->listener, &Listener::refusedForeigner, this,
            [this](qint64 pid) { m_impl->refusals.add(Refusal::ForeignUid, pid); });
}

void ControlServer::setLimits(const Settings &settings)
{
    m_impl->setLimits(settings);
}

ControlServer::~ControlServer()
{
    close();
    qDeleteAll(findChildren<Connection *>(Qt::FindDirectChildrenOnly)); // they use the load, which goes with m_impl, before QObject's children
}

Result<void> ControlServer::listen(const QString &path)
{
    return m_impl->listener.listen(path);
}

Result<void> ControlServer::adopt(int descriptor)
{
    return m_impl->listener.adopt(descriptor);
}

void ControlServer::keepName()
{
    m_impl->listener.keepName();
}

void ControlServer::close()
{
    m_impl->listener.close();
    while (!m_impl->connections.empty())
        m_impl->connections.begin()->second->shutDown();
}

void ControlServer::snapshotChanged()
{
    m_impl->target.forgetStatus();
    // A connection that is offered something may close and leave the map; it is deleted later.
    std::vector<Connection *> subscribers;
    for (const auto &[id, connection] : m_impl->connections) {
        if (connection->isSubscribed())
            subscribers.push_back(connection);
    }
    if (subscribers.empty())
        return;
    const Snapshot snapshot = m_impl->target.snapshot();
    for (Connection *connection : subscribers)
        connection->offer(snapshot);
}

bool ControlServer::hasWaitingPeers() const
{
    if (m_impl->listener.hasBacklog())
        return true;
    for (const auto &[id, connection] : m_impl->connections) {
        if (connection->hasUnanswered())
            return true;
    }
    return false;
}

bool ControlServer::hasWaitingRequests()
{
    m_impl->listener.acceptAll();
    for (const auto &[id, connection] : m_impl->connections) {
        const QByteArray unhandled = connection->unhandled();
        const QList<QByteArray> lines = unhandled.left(unhandled.lastIndexOf('\n') + 1).split('\n');
        if (std::any_of(lines.begin(), lines.end(), isRequestLine))
            return true;
    }
    return false;
}

int ControlServer::connectionCount() const
{
    return static_cast<int>(m_impl->connections.size());
}

QJsonObject ControlServer::refusedCounts() const
{
    return m_impl->refusals.counts();
}

} // namespace dormouse
