// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"
#include "shared/storage/writerlock.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QLocalServer>
#include <QLocalSocket>
#include <QObject>

#include <functional>

namespace dormouse {

/// Stands in for the agent: holds its locks, listens on its socket, answers what it is told to answer, and remembers what it
/// was asked.
class FakeAgent : public QObject
{
    Q_OBJECT

public:
    using Answer = std::function<QJsonObject(const QJsonObject &)>;

    explicit FakeAgent(const RootPaths &paths);

    /// False when lock or socket could not be had.
    [[nodiscard]] bool start();
    /// Without agent.lock: a socket that a service manager holds, whose use would start an agent.
    [[nodiscard]] bool listenOnly();
    /// Goes as a killed agent does: connections break, lock and socket vanish.
    void vanish();

    void answer(const QString &type, const QJsonObject &object);
    void answerBy(const QString &type, Answer make);
    void setSilent(bool silent) { m_silent = silent; }
    void sendRaw(const QByteArray &bytes) { m_raw = bytes; } ///< in place of every answer
    void tell(const QJsonObject &event);                     ///< to all connections

    [[nodiscard]] QList<QJsonObject> requests(const QString &type) const;
    [[nodiscard]] int connectionsSeen() const { return m_seen; }
    [[nodiscard]] int connectionsOpen() const { return static_cast<int>(m_peers.size()); }

private:
    void accept();
    void read(QLocalSocket *peer);

    RootPaths m_paths;
    WriterLock m_lock;
    QLocalServer m_server;
    QHash<QString, Answer> m_answers;
    QList<QLocalSocket *> m_peers;
    QList<QJsonObject> m_requests;
    QByteArray m_raw;
    int m_seen = 0;
    bool m_silent = false;
};

} // namespace dormouse
