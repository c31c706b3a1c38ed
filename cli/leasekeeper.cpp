// SPDX-License-Identifier: MIT
#include "cli/leasekeeper.h"

#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/storage/writerlock.h"

#include <utility>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

// A restart takes about a second; an agent that stays away for the night must not cost a wake-up a second.
constexpr Millis kSoon = 1s;
constexpr Millis kLater = 10s;
constexpr int kSoonLooks = 30;

} // namespace

LeaseKeeper::LeaseKeeper(RootPaths paths, QString socket, QString name, qint64 pid, QObject *parent)
    : QObject(parent), m_paths(std::move(paths)), m_name(std::move(name)), m_pid(pid), m_client(std::move(socket))
{
    m_look.setSingleShot(true);
    connect(&m_look, &QTimer::timeout, this, &LeaseKeeper::look);
    connect(&m_client, &AgentClient::connected, this, &LeaseKeeper::ask);
    connect(&m_client, &AgentClient::received, this, &LeaseKeeper::receive);
    connect(&m_client, &AgentClient::disconnected, this, &LeaseKeeper::lose);
}

void LeaseKeeper::start()
{
    m_looks = 0;
    look();
}

void LeaseKeeper::look()
{
    const std::optional<LockHolder> holder = readLockHolder(m_paths);
    if (holder && holder->alive) {
        m_client.connectToAgent();
        return;
    }
    ++m_looks;
    m_look.start(m_looks <= kSoonLooks ? kSoon : kLater);
}

void LeaseKeeper::ask()
{
    m_client.send({{control::key::kType, QString(control::type::kLease)}, {"name"_L1, m_name}, {"pid"_L1, m_pid}});
}

void LeaseKeeper::receive(const QJsonObject &answer)
{
    if (answer.value(control::key::kOk).toBool()) {
        m_held = true;
        m_looks = 0;
        Q_EMIT taken();
        return;
    }
    const QString error = answer.value(control::key::kError).toString();
    Q_EMIT refused(sanitized(error.isEmpty() ? answer.value(control::key::kReason).toString() : error));
}

void LeaseKeeper::lose()
{
    m_held = false;
    ++m_looks;
    m_look.start(m_looks <= kSoonLooks ? kSoon : kLater);
}

} // namespace dormouse
