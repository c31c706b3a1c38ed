// SPDX-License-Identifier: MIT
#include "shared/base/streamsocket.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dormouse {
namespace {

constexpr qsizetype kReadBytes = 16 * 1024;
constexpr qsizetype kUnsentBytes = 16 * 1024;

// A peer that has gone must not end us. macOS has an option of the socket for it, others a flag of the call.
#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;
#endif

} // namespace

StreamSocket::StreamSocket(QObject *parent) : QObject(parent) {}

StreamSocket::~StreamSocket()
{
    close();
}

void StreamSocket::open(int descriptor)
{
    close();
    m_received.clear();
    m_isPeerGone = false;
    m_descriptor = descriptor;
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
#ifdef SO_NOSIGPIPE
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
#endif
    m_reading = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
    connect(m_reading.get(), &QSocketNotifier::activated, this, &StreamSocket::receive);
}

void StreamSocket::receive()
{
    const qsizetype room = m_readBound > 0 ? std::min(kReadBytes, m_readBound - m_received.size()) : kReadBytes;
    if (room <= 0)
        return m_reading->setEnabled(false);
    const qsizetype before = m_received.size();
    m_received.resize(before + room);
    ssize_t got = 0;
    do {
        got = ::recv(m_descriptor, m_received.data() + before, static_cast<std::size_t>(room), MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    const int failure = got < 0 ? errno : 0;
    m_received.resize(before + std::max<qsizetype>(got, 0));
    if (got > 0)
        Q_EMIT readyRead();
    else if (failure != EAGAIN && failure != EWOULDBLOCK)
        lose();
}

/// Goes on reading once there is room again.
void StreamSocket::listen()
{
    if (m_reading && !m_reading->isEnabled())
        m_reading->setEnabled(true);
}

QByteArray StreamSocket::read(qsizetype most)
{
    listen();
    if (most >= m_received.size())
        return std::exchange(m_received, {});
    const QByteArray first = m_received.first(most);
    m_received.remove(0, most);
    return first;
}

void StreamSocket::write(const QByteArray &bytes)
{
    if (!isOpen())
        return;
    m_unsent += bytes;
    if (m_unsent.size() >= kUnsentBytes && !(m_writing && m_writing->isEnabled()))
        flush();
}

void StreamSocket::flush()
{
    qsizetype sent = 0;
    while (isOpen() && sent < m_unsent.size()) {
        const ssize_t went = ::send(m_descriptor, m_unsent.constData() + sent, static_cast<std::size_t>(m_unsent.size() - sent),
                                    kSendFlags | MSG_DONTWAIT);
        if (went < 0 && errno == EINTR)
            continue;
        if (went < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            if (errno != EPIPE && errno != ECONNRESET) // then the peer does not know, and would wait for what is lost here
                ::shutdown(m_descriptor, SHUT_RDWR);
            m_isPeerGone = true;
            m_unsent.clear(); // the reading side finds the end, after what the peer still has sent
            return;
        }
        if (went <= 0)
            break;
        sent += went;
    }
    m_unsent.remove(0, sent);
    const bool waits = !m_unsent.isEmpty();
    if (waits && !m_writing) {
        m_writing = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Write);
        connect(m_writing.get(), &QSocketNotifier::activated, this, &StreamSocket::flush);
    } else if (m_writing && m_writing->isEnabled() != waits) {
        m_writing->setEnabled(waits);
    }
    if (m_writing && sent > 0)
        Q_EMIT bytesWritten();
}

void StreamSocket::lose()
{
    close();
    Q_EMIT disconnected();
}

void StreamSocket::close()
{
    if (!isOpen())
        return;
    // They may be amid their own signal.
    for (std::unique_ptr<QSocketNotifier> *notifier : {&m_reading, &m_writing}) {
        if (*notifier) {
            (*notifier)->setEnabled(false);
            notifier->release()->deleteLater();
        }
    }
    m_unsent.clear();
    ::close(std::exchange(m_descriptor, -1));
}

} // namespace dormouse
