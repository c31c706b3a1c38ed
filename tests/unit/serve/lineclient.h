// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace dormouse {

/// A client of the control socket that reads only when told to, on a plain descriptor: it shares the process, and so the event loop,
/// with the server under test.
class LineClient
{
public:
    explicit LineClient(const QString &path)
    {
        m_descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const QByteArray name = QFile::encodeName(path);
        std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
        m_connected = ::connect(m_descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0;
    }
    /// Takes one end of a socket pair.
    explicit LineClient(int descriptor) : m_descriptor(descriptor), m_connected(true) {}
    ~LineClient() { drop(); }
    LineClient(const LineClient &) = delete;
    LineClient &operator=(const LineClient &) = delete;

    void drop()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = -1;
    }
    void shutDownWriting() { ::shutdown(m_descriptor, SHUT_WR); }
    [[nodiscard]] bool isConnected() const { return m_connected; }

    /// Sends what goes without blocking; how many bytes went.
    qsizetype sendSome(const QByteArray &bytes)
    {
        const ssize_t sent = ::send(m_descriptor, bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL);
        m_sendingOver = m_sendingOver || (sent < 0 && (errno == EPIPE || errno == ECONNRESET));
        return sent < 0 ? 0 : sent;
    }
    /// Sends all while the server has its turns; false when the server closed or does not read on.
    bool send(const QByteArray &bytes)
    {
        QDeadlineTimer deadline(5000);
        for (qsizetype sent = 0; sent < bytes.size();) {
            sent += sendSome(bytes.mid(sent, 65536));
            turn();
            if (m_sendingOver || deadline.hasExpired())
                return false;
        }
        return true;
    }
    /// Reads what is there. True once the server has closed the connection.
    bool readSome()
    {
        char buffer[16384];
        for (;;) {
            const ssize_t got = ::recv(m_descriptor, buffer, sizeof(buffer), 0);
            if (got > 0) {
                m_read.append(buffer, got);
                continue;
            }
            m_closed = m_closed || got == 0 || (errno != EAGAIN && errno != EINTR);
            return m_closed;
        }
    }
    /// The next line, waited for; empty when none comes or the server closed.
    QByteArray line(int milliseconds = 5000)
    {
        QDeadlineTimer deadline(milliseconds);
        for (;;) {
            const qsizetype end = m_read.indexOf('\n');
            if (end >= 0) {
                const QByteArray found = m_read.left(end);
                m_read.remove(0, end + 1);
                return found;
            }
            if (m_closed || deadline.hasExpired())
                return {};
            turn();
            readSome();
        }
    }
    QJsonObject answer() { return QJsonDocument::fromJson(line()).object(); }
    QJsonObject ask(const QByteArray &request) { return send(request + '\n') ? answer() : QJsonObject(); }
    QJsonObject ask(const QJsonObject &request) { return ask(QJsonDocument(request).toJson(QJsonDocument::Compact)); }

    static void turn() { QCoreApplication::processEvents(QEventLoop::AllEvents, 5); }

private:
    int m_descriptor = -1;
    bool m_connected = false;
    bool m_closed = false;      ///< nothing more can be read
    bool m_sendingOver = false; ///< nothing more can be sent; the last words may still be there
    QByteArray m_read;
};

} // namespace dormouse
