// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace dormouse {

/// A connected local stream socket on the event loop, with bounded reading. QLocalSocket does the same, but brings along QtNetwork with a dozen libraries of
/// its own, and asks the kernel thrice as often. Main thread.
class StreamSocket : public QObject
{
    Q_OBJECT

public:
    explicit StreamSocket(QObject *parent = nullptr);
    ~StreamSocket() override; ///< closes at once; tells nobody

    /// Takes a connected descriptor, which becomes non-blocking.
    void open(int descriptor);
    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }
    /// What is read ahead at most; beyond it the kernel makes the peer wait. 0: no bound.
    void setReadBound(qsizetype bytes) { m_readBound = bytes; }

    [[nodiscard]] qsizetype bytesAvailable() const { return m_received.size(); }
    [[nodiscard]] QByteArray peek() const { return m_received; }
    [[nodiscard]] QByteArray read(qsizetype most);

    /// Keeps the bytes until flush(), or until there are many of them.
    void write(const QByteArray &bytes);
    /// Sends what goes without blocking; the rest goes when the peer reads.
    void flush();
    [[nodiscard]] qsizetype bytesToWrite() const { return m_unsent.size(); }

    /// It reads no answer any more. What it sent before is still received, and `disconnected` follows that.
    [[nodiscard]] bool isPeerGone() const { return m_isPeerGone; }

    /// What is not sent is lost.
    void close();

Q_SIGNALS:
    void readyRead();
    /// Something that had to wait is sent.
    void bytesWritten();
    /// The peer has closed, or the connection is broken. Once; what was received can still be read.
    void disconnected();

private:
    void receive();
    void listen();
    void lose();

    int m_descriptor = -1;
    bool m_isPeerGone = false;
    std::unique_ptr<QSocketNotifier> m_reading;
    std::unique_ptr<QSocketNotifier> m_writing; ///< enabled while something waits
    qsizetype m_readBound = 0;
    QByteArray m_received;
    QByteArray m_unsent;
};

} // namespace dormouse
