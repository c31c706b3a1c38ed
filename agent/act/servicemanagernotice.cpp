// SPDX-License-Identifier: MIT
#include "agent/act/servicemanagernotice.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/storage/descriptor.h"

#include <QCoreApplication>

#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr const char *kSocketVariable = "NOTIFY_SOCKET";
constexpr const char *kWatchdogVariable = "WATCHDOG_USEC";
constexpr const char *kWatchedVariable = "WATCHDOG_PID";

QByteArray taken(const char *variable)
{
    const QByteArray value = qgetenv(variable);
    qunsetenv(variable);
    return value;
}

/// A path, or an abstract name; nothing else is spoken to.
bool isUsable(const QByteArray &name)
{
    return name.size() > 1 && name.size() < static_cast<qsizetype>(sizeof(sockaddr_un::sun_path))
           && (name.startsWith('/') || name.startsWith('@'));
}

/// One line: what follows a line break would be an assignment of its own.
QByteArray statusLine(const QString &status)
{
    return "STATUS=" + status.simplified().toUtf8();
}

} // namespace

ServiceManagerNotice::ServiceManagerNotice(QObject *parent)
    : QObject(parent), m_socket(taken(kSocketVariable)), m_watchdogUsec(taken(kWatchdogVariable))
{
    const QByteArray watched = taken(kWatchedVariable);
    const bool isForUs = watched.isEmpty() || watched.toLongLong() == QCoreApplication::applicationPid();
    if (!m_socket.isEmpty() && !isUsable(m_socket)) {
        qCWarning(lcAgent).noquote() << kSocketVariable << "is neither a path nor an abstract name:" << m_socket;
        m_socket.clear();
    }
    m_isWatched = !m_socket.isEmpty() && isForUs && m_watchdogUsec.toLongLong() > 0;
    m_stopTimer.setInterval(defaults::kTick);
    connect(&m_stopTimer, &QTimer::timeout, this, [this] { send("WATCHDOG=1"); });
}

void ServiceManagerNotice::ready(const QString &status)
{
    m_isReadyDue = !send("READY=1\n" + statusLine(status));
}

void ServiceManagerNotice::alive(const QString &status)
{
    const QByteArray ready = m_isReadyDue ? QByteArray("READY=1\n") : QByteArray();
    if (send(ready + "WATCHDOG=1\n" + statusLine(status)))
        m_isReadyDue = false;
}

void ServiceManagerNotice::stopping(const QString &status)
{
    send("STOPPING=1\n" + statusLine(status));
    if (m_isWatched)
        m_stopTimer.start();
}

void ServiceManagerNotice::restoreEnvironment() const
{
    if (m_socket.isEmpty())
        return;
    qputenv(kSocketVariable, m_socket);
    if (m_isWatched)
        qputenv(kWatchdogVariable, m_watchdogUsec); // exec keeps the pid
}

bool ServiceManagerNotice::send(const QByteArray &assignments)
{
    if (m_socket.isEmpty())
        return true;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, m_socket.constData(), static_cast<std::size_t>(m_socket.size()));
    if (m_socket.startsWith('@'))
        address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + static_cast<std::size_t>(m_socket.size())
                                             + (m_socket.startsWith('/') ? 1U : 0U));
    const Descriptor descriptor(::socket(AF_UNIX, SOCK_DGRAM, 0));
    const bool isSent =
        descriptor.isOpen() && ::fcntl(descriptor.get(), F_SETFD, FD_CLOEXEC) == 0
        && uninterrupted([&] {
               return ::sendto(descriptor.get(), assignments.constData(), static_cast<std::size_t>(assignments.size()),
                               MSG_DONTWAIT, reinterpret_cast<const sockaddr *>(&address), size);
           }) == assignments.size();
    if (!isSent && !m_isFailureTold)
        qCWarning(lcAgent).noquote() << "the service manager cannot be told how the agent is:"
                                     << ioError({}, QString::fromLocal8Bit(m_socket)).text();
    m_isFailureTold = !isSent;
    return isSent;
}

} // namespace dormouse
