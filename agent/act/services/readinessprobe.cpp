// SPDX-License-Identifier: MIT
#include "agent/act/services/readinessprobe.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace dormouse {

using namespace std::chrono_literals;

namespace {

constexpr Millis kPortPause = 100ms; // between two tries, growing
constexpr Millis kPortPauseMax = 1000ms;
constexpr Millis kCommandPause = 500ms;
constexpr Millis kCommandPauseMax = 5000ms;
constexpr Millis kConnectLimit = 2s; // a full queue of waiting connections answers nothing
constexpr Millis kCommandLimit = 10s;

struct LocalAddress {
    sockaddr_storage any{};
    socklen_t size = 0;
};

LocalAddress localAddress(bool isIpv6, std::uint16_t port)
{
    LocalAddress address;
    if (isIpv6) {
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        six.sin6_addr = in6addr_loopback;
        address.size = sizeof(six);
        std::memcpy(&address.any, &six, sizeof(six));
    } else {
        sockaddr_in four{};
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.size = sizeof(four);
        std::memcpy(&address.any, &four, sizeof(four));
    }
    return address;
}

bool isConnectedToItself(int descriptor)
{
    LocalAddress here, there;
    here.size = there.size = sizeof(sockaddr_storage);
    return ::getsockname(descriptor, reinterpret_cast<sockaddr *>(&here.any), &here.size) == 0
           && ::getpeername(descriptor, reinterpret_cast<sockaddr *>(&there.any), &there.size) == 0 && here.size == there.size
           && std::memcmp(&here.any, &there.any, here.size) == 0;
}

} // namespace

ReadinessProbe::ReadinessProbe(ReadyCheck check, QMap<QString, QString> environment, const Clock &clock, QObject *parent)
    : QObject(parent), m_check(std::move(check)), m_environment(std::move(environment)), m_clock(clock),
      m_pause(m_check.tcpPort ? kPortPause : kCommandPause)
{
    m_retry.setSingleShot(true);
    m_limit.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &ReadinessProbe::attempt);
    connect(&m_limit, &QTimer::timeout, this, &ReadinessProbe::tryAgain);
}

ReadinessProbe::~ReadinessProbe() = default;

void ReadinessProbe::start()
{
    m_retry.start(0ms);
}

void ReadinessProbe::attempt()
{
    if (m_check.tcpPort)
        connectToPort();
    else if (!m_check.command.isEmpty())
        runCommand();
    else
        finish();
}

void ReadinessProbe::connectToPort()
{
    m_limit.start(kConnectLimit);
    const LocalAddress address = localAddress(m_isOverIpv6, static_cast<std::uint16_t>(*m_check.tcpPort));
    m_socket = Descriptor(::socket(address.any.ss_family, SOCK_STREAM, 0));
    if (!m_socket.isOpen())
        return tryAgain();
    ::fcntl(m_socket.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(m_socket.get(), F_SETFL, ::fcntl(m_socket.get(), F_GETFL) | O_NONBLOCK);
    if (::connect(m_socket.get(), reinterpret_cast<const sockaddr *>(&address.any), address.size) != 0 && errno != EINPROGRESS)
        return tryAgain();
    m_connecting = std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Write);
    connect(m_connecting.get(), &QSocketNotifier::activated, this, &ReadinessProbe::connected);
}

void ReadinessProbe::connected()
{
    int failure = 0;
    socklen_t size = sizeof(failure);
    // Where nobody listens, a connection to a port of the ephemeral range can meet itself.
    if (::getsockopt(m_socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size) != 0 || failure != 0
        || isConnectedToItself(m_socket.get()))
        tryAgain();
    else
        finish();
}

void ReadinessProbe::closeSocket()
{
    if (m_connecting) { // perhaps amid its own signal
        m_connecting->setEnabled(false);
        m_connecting.release()->deleteLater();
    }
    m_socket.close();
}

void ReadinessProbe::runCommand()
{
    m_command = std::make_unique<ChildGroup>(ChildCommand{m_check.command, m_environment, kCommandLimit, 0}, m_clock);
    connect(m_command.get(), &ChildGroup::finished, this, [this](const ChildEnd &end) {
        m_command.release()->deleteLater();
        if (end.kind == ChildEnd::Kind::Exited && end.code == 0)
            finish();
        else
            tryAgain();
    });
    m_command->start();
}

void ReadinessProbe::tryAgain()
{
    if (m_isOver || m_retry.isActive())
        return;
    m_limit.stop();
    m_retry.start(m_pause);
    closeSocket();
    const bool wasFirstHalf = m_check.tcpPort && !m_isOverIpv6;
    m_isOverIpv6 = m_check.tcpPort && !m_isOverIpv6;
    if (wasFirstHalf)
        m_retry.start(0ms);
    else
        m_pause = std::min(m_pause * 3 / 2, m_check.tcpPort ? kPortPauseMax : kCommandPauseMax);
}

void ReadinessProbe::finish()
{
    m_isOver = true;
    m_limit.stop();
    closeSocket();
    Q_EMIT ready();
}

} // namespace dormouse
