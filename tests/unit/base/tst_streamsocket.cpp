// SPDX-License-Identifier: MIT
#include "shared/base/streamsocket.h"

#include <QtTest>

#include <sys/socket.h>
#include <unistd.h>

using namespace dormouse;

/// What a client writes arrives whole, and what it does not read does not stop the agent.
class StreamSocketTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<StreamSocket> m_socket;
    int m_peer = -1;

    void closePeer() { ::close(std::exchange(m_peer, -1)); }
    [[nodiscard]] bool send(const QByteArray &bytes) const
    {
        return ::send(m_peer, bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_DONTWAIT) == bytes.size();
    }
    /// All that is there.
    [[nodiscard]] QByteArray received() const
    {
        QByteArray bytes(1 << 22, Qt::Uninitialized);
        const ssize_t got = ::recv(m_peer, bytes.data(), static_cast<std::size_t>(bytes.size()), MSG_DONTWAIT);
        bytes.truncate(std::max<ssize_t>(got, 0));
        return bytes;
    }

private Q_SLOTS:
    void init()
    {
        int ends[2] = {-1, -1};
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        m_socket = std::make_unique<StreamSocket>();
        m_socket->open(ends[0]);
        m_peer = ends[1];
    }
    void cleanup()
    {
        m_socket.reset();
        if (m_peer >= 0)
            closePeer();
    }

    void readsWhatComes()
    {
        QSignalSpy ready(m_socket.get(), &StreamSocket::readyRead);
        QVERIFY(send("one\ntwo\n"));
        QTRY_COMPARE(m_socket->bytesAvailable(), 8);
        QCOMPARE(ready.count(), 1);
        QCOMPARE(m_socket->peek(), QByteArray("one\ntwo\n"));
        QCOMPARE(m_socket->read(4), QByteArray("one\n"));
        QCOMPARE(m_socket->read(100), QByteArray("two\n"));
        QCOMPARE(m_socket->read(100), QByteArray());
    }

    void holdsNoMoreThanItsBound()
    {
        m_socket->setReadBound(1000);
        const QByteArray much(5000, 'x');
        QVERIFY(send(much));
        QTRY_COMPARE(m_socket->bytesAvailable(), 1000);
        QTest::qWait(20);
        QCOMPARE(m_socket->bytesAvailable(), 1000);
        QByteArray all;
        QTRY_VERIFY((all += m_socket->read(300)).size() == much.size());
        QCOMPARE(all, much);
    }

    void writesWhenFlushed()
    {
        m_socket->write("a");
        m_socket->write("b");
        QCOMPARE(received(), QByteArray());
        QCOMPARE(m_socket->bytesToWrite(), 2);
        m_socket->flush();
        QCOMPARE(m_socket->bytesToWrite(), 0);
        QCOMPARE(received(), QByteArray("ab"));
    }

    void holdsNoMoreThanItMust()
    {
        const QByteArray line(1000, 'x');
        QByteArray all;
        for (int i = 0; i < 100; ++i) {
            m_socket->write(line);
            QVERIFY(m_socket->bytesToWrite() < 17'000);
            all += received();
        }
        m_socket->flush();
        all += received();
        QCOMPARE(all.size(), 100'000);
    }

    void keepsWhatAPeerDoesNotReadYet()
    {
        QSignalSpy written(m_socket.get(), &StreamSocket::bytesWritten);
        QByteArray much;
        for (int i = 0; i < 300'000; ++i)
            much += QByteArray::number(i) + ' ';
        m_socket->write(much);
        m_socket->flush();
        QVERIFY(m_socket->bytesToWrite() > 0);
        QByteArray all;
        QTRY_VERIFY((all += received()).size() == much.size());
        QCOMPARE(all, much);
        QCOMPARE(m_socket->bytesToWrite(), 0);
        QVERIFY(written.count() > 0);
    }

    void tellsTheEndOnceAndAfterTheRest()
    {
        QSignalSpy gone(m_socket.get(), &StreamSocket::disconnected);
        QVERIFY(send("last"));
        closePeer();
        QTRY_COMPARE(gone.count(), 1);
        QCOMPARE(m_socket->read(100), QByteArray("last"));
        QVERIFY(!m_socket->isOpen());
        m_socket->write("too late");
        m_socket->flush();
        QTest::qWait(20);
        QCOMPARE(gone.count(), 1);
    }

    void survivesWritingToAPeerThatIsGone()
    {
        QSignalSpy gone(m_socket.get(), &StreamSocket::disconnected);
        closePeer();
        m_socket->write(QByteArray(100'000, 'x'));
        m_socket->flush(); // no SIGPIPE
        QTRY_COMPARE(gone.count(), 1);
        QCOMPARE(m_socket->bytesToWrite(), 0);
    }

    void mayBeClosedWhileItTells()
    {
        QSignalSpy gone(m_socket.get(), &StreamSocket::disconnected);
        connect(m_socket.get(), &StreamSocket::readyRead, m_socket.get(), [this] { m_socket->close(); });
        QVERIFY(send("x"));
        QTRY_VERIFY(!m_socket->isOpen());
        char byte = 0;
        QCOMPARE(::recv(m_peer, &byte, 1, 0), ssize_t(0)); // the peer sees it
        QCOMPARE(gone.count(), 0);
    }
};

QTEST_GUILESS_MAIN(StreamSocketTest)
#include "tst_streamsocket.moc"
