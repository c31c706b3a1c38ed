// SPDX-License-Identifier: MIT
#include "agent/act/services/readinessprobe.h"

#include <QNetworkProxy>

#include <algorithm>

namespace dormouse {

using namespace std::chrono_literals;

namespace {

constexpr Millis kPortPause = 100ms; // between two tries, growing
constexpr Millis kPortPauseMax = 1000ms;
constexpr Millis kCommandPause = 500ms;
constexpr Millis kCommandPauseMax = 5000ms;
constexpr Millis kConnectLimit = 2s; // a full queue of waiting connections answers nothing
constexpr Millis kCommandLimit = 10s;

} // namespace

ReadinessProbe::ReadinessProbe(ReadyCheck check, QMap<QString, QString> environment, const Clock &clock, QObject *parent)
    : QObject(parent), m_check(std::move(check)), m_environment(std::move(environment)), m_clock(clock),
      m_pause(m_check.tcpPort ? kPortPause : kCommandPause)
{
    m_retry.setSingleShot(true);
    m_limit.setSingleShot(true);
    m_socket.setProxy(QNetworkProxy::NoProxy);
    connect(&m_retry, &QTimer::timeout, this, &ReadinessProbe::attempt);
    connect(&m_limit, &QTimer::timeout, this, &ReadinessProbe::tryAgain);
    connect(&m_socket, &QTcpSocket::connected, this, &ReadinessProbe::connected);
    connect(&m_socket, &QTcpSocket::errorOccurred, this, &ReadinessProbe::tryAgain);
}

ReadinessProbe::~ReadinessProbe()
{
    m_socket.disconnect(this);
}

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
    m_socket.connectToHost(QHostAddress(m_isOverIpv6 ? QHostAddress::LocalHostIPv6 : QHostAddress::LocalHost),
                           static_cast<quint16>(*m_check.tcpPort));
}

void ReadinessProbe::connected()
{
    // Where nobody listens, a connection to a port of the ephemeral range can meet itself.
    if (m_socket.localPort() == m_socket.peerPort() && m_socket.localAddress() == m_socket.peerAddress())
        tryAgain();
    else
        finish();
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
    m_retry.start(m_pause); // before abort(), which may tell of an error again
    m_socket.abort();
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
    m_socket.disconnect(this);
    m_socket.abort();
    Q_EMIT ready();
}

} // namespace dormouse
