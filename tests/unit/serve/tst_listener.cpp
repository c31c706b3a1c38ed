// SPDX-License-Identifier: MIT
#include "agent/serve/listener.h"

#include "agent/serve/controlserver.h"
#include "tests/unit/serve/faketarget.h"
#include "tests/unit/serve/lineclient.h"

#include <QtTest>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

namespace {

int g_shortages = 0;
QtMessageHandler g_before = nullptr;

void countShortages(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    if (message.contains("no client can be accepted"_L1))
        ++g_shortages;
    else
        g_before(type, context, message);
}

int boundSocket(const QString &path, bool listening)
{
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(path);
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    if (::bind(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0
        || (listening && ::listen(descriptor, 5) != 0)) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

mode_t modeOf(const QString &path)
{
    struct stat status {
    };
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 ? status.st_mode : 0;
}

/// In a child process of another user: what the server at `path` says to it, up to the end of the connection.
QByteArray heardByStranger(const QString &path)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return {};
    const QByteArray name = QFile::encodeName(path);
    const pid_t child = ::fork();
    if (child == 0) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
        const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
        char buffer[1000];
        ssize_t got = -1;
        if (::setgid(65534) == 0 && ::setuid(65534) == 0
            && ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0)
            got = ::recv(descriptor, buffer, sizeof(buffer), MSG_WAITALL);
        const bool written = got > 0 && ::write(ends[1], buffer, static_cast<std::size_t>(got)) == got;
        ::_exit(written ? 0 : 1);
    }
    ::close(ends[1]);
    int status = 0;
    QDeadlineTimer deadline(5000);
    while (::waitpid(child, &status, WNOHANG) == 0 && !deadline.hasExpired())
        LineClient::turn();
    char buffer[1000];
    const ssize_t got = ::read(ends[0], buffer, sizeof(buffer));
    ::close(ends[0]);
    return QByteArray(buffer, std::max<ssize_t>(got, 0));
}

} // namespace

/// The socket file: private, never somebody else's, and always there while the agent lives.
class ListenerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesAPrivateSocket();
    void isPrivateWhateverTheUmask();
    void replacesAStaleSocket();
    void leavesALiveServerAlone();
    void leavesOtherFilesAlone();
    void leavesSymbolicLinksAlone();
    void tellsATooLongPath();
    void tellsAMissingFolder();
    void removesOnlyItsOwnSocket();
    void makesADeletedSocketAnew();
    void leavesAnAdoptedPath();
    void refusesToAdoptOtherDescriptors();
    void healsWhenDescriptorsRunOut();
    void sendsStrangersAway();
    void seesWhoWaits();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void ListenerTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_path = m_folder->filePath(u"agent.sock"_s);
}

void ListenerTest::makesAPrivateSocket()
{
    Listener listener;
    QVERIFY(listener.listen(m_path));
    QVERIFY(S_ISSOCK(modeOf(m_path)));
    QCOMPARE(modeOf(m_path) & 07777, mode_t{0600});
    QVERIFY(LineClient(m_path).isConnected());
    listener.close();
    QVERIFY(!QFile::exists(m_path));
}

void ListenerTest::isPrivateWhateverTheUmask()
{
    const mode_t before = ::umask(0);
    Listener listener;
    const Result<void> listening = listener.listen(m_path);
    const mode_t left = ::umask(before);
    QVERIFY(listening);
    QCOMPARE(modeOf(m_path) & 07777, mode_t{0600});
    QCOMPARE(left, mode_t{0}); // ours is put back
}

void ListenerTest::replacesAStaleSocket()
{
    ::close(boundSocket(m_path, true)); // as kill -9 leaves it
    QVERIFY(S_ISSOCK(modeOf(m_path)));
    Listener listener;
    QVERIFY(listener.listen(m_path));
    QVERIFY(LineClient(m_path).isConnected());
}

void ListenerTest::leavesALiveServerAlone()
{
    const int other = boundSocket(m_path, true);
    QVERIFY(other >= 0);
    {
        Listener listener;
        const Result<void> listening = listener.listen(m_path);
        QVERIFY(!listening);
        QCOMPARE(listening.error().code, ErrorCode::Busy);
        QCOMPARE(listening.error().path, m_path);
        QVERIFY(!listener.isListening());
    }
    QVERIFY(LineClient(m_path).isConnected());
    ::close(other);
}

void ListenerTest::leavesOtherFilesAlone()
{
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("precious");
    file.close();
    {
        Listener listener;
        const Result<void> listening = listener.listen(m_path);
        QVERIFY(!listening);
        QCOMPARE(listening.error().code, ErrorCode::Refused);
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("precious"));
}

void ListenerTest::leavesSymbolicLinksAlone()
{
    const QString target = m_folder->filePath(u"target.sock"_s);
    ::close(boundSocket(target, true));
    QVERIFY(QFile::link(target, m_path));
    Listener listener;
    const Result<void> listening = listener.listen(m_path);
    QVERIFY(!listening);
    QCOMPARE(listening.error().code, ErrorCode::Refused);
    QVERIFY(S_ISSOCK(modeOf(target)));
}

void ListenerTest::tellsATooLongPath()
{
    const int room = socketPathBytesMax() - static_cast<int>(QFile::encodeName(m_folder->path()).size()) - 1;
    Listener longest;
    QVERIFY(longest.listen(m_folder->filePath(QString(room, u's'))));
    QVERIFY(LineClient(m_folder->filePath(QString(room, u's'))).isConnected());
    Listener tooLong;
    const Result<void> listening = tooLong.listen(m_folder->filePath(QString(room + 1, u's')));
    QVERIFY(!listening);
    QCOMPARE(listening.error().code, ErrorCode::Configuration);
    QVERIFY2(listening.error().message.contains(QString::number(socketPathBytesMax())), qPrintable(listening.error().message));
}

void ListenerTest::tellsAMissingFolder()
{
    Listener listener;
    const QString path = m_folder->filePath(u"missing/agent.sock"_s);
    const Result<void> listening = listener.listen(path);
    QVERIFY(!listening);
    QCOMPARE(listening.error().code, ErrorCode::Io);
    QCOMPARE(listening.error().systemError, ENOENT);
    QCOMPARE(listening.error().path, path);
}

/// Somebody tidies up: those who are connected stay so, and others find the agent again.
void ListenerTest::makesADeletedSocketAnew()
{
    Listener listener;
    int accepted = 0;
    connect(&listener, &Listener::accepted, this, [&accepted](int descriptor) {
        ++accepted;
        ::close(descriptor);
    });
    QVERIFY(listener.listen(m_path));
    listener.keepName(); // it has it
    QVERIFY(QFile::remove(m_path));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"it is there again"_s));
    listener.keepName();
    QCOMPARE(modeOf(m_path) & 07777, mode_t{0600});
    QVERIFY(LineClient(m_path).isConnected());
    QTRY_COMPARE(accepted, 1);
    QVERIFY(QFile::remove(m_path));
    QVERIFY(QDir().mkdir(m_path));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"tried again at each tick"_s));
    listener.keepName();
    listener.keepName(); // told once
    QVERIFY(QDir().rmdir(m_path));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"it is there again"_s));
    listener.keepName();
    QVERIFY(LineClient(m_path).isConnected());
    QTRY_COMPARE(accepted, 2);
    listener.close();
    QVERIFY(!QFile::exists(m_path));
}

void ListenerTest::removesOnlyItsOwnSocket()
{
    Listener listener;
    QVERIFY(listener.listen(m_path));
    QVERIFY(QFile::rename(m_path, m_folder->filePath(u"aside"_s)));
    const int other = boundSocket(m_path, true);
    QVERIFY(other >= 0);
    listener.close();
    QVERIFY(LineClient(m_path).isConnected());
    ::close(other);
}

void ListenerTest::leavesAnAdoptedPath()
{
    const int handed = boundSocket(m_path, true);
    QVERIFY(handed >= 0);
    {
        FakeTarget target;
        ControlServer server(target, Settings{});
        QVERIFY(server.adopt(handed));
        QVERIFY((::fcntl(handed, F_GETFD) & FD_CLOEXEC) != 0); // services must not inherit it
        LineClient client(m_path);
        QVERIFY(client.ask(R"({"type":"why"})")["ok"_L1].toBool());
    }
    QVERIFY(S_ISSOCK(modeOf(m_path)));
}

void ListenerTest::refusesToAdoptOtherDescriptors()
{
    Listener listener;
    const int silent = boundSocket(m_path, false);
    for (const int descriptor : {-1, 0, silent}) {
        const Result<void> adopted = listener.adopt(descriptor);
        QVERIFY(!adopted);
        QCOMPARE(adopted.error().code, ErrorCode::Refused);
    }
    QVERIFY(::fcntl(silent, F_GETFD) >= 0); // still the caller's
    ::close(silent);
}

void ListenerTest::healsWhenDescriptorsRunOut()
{
    FakeTarget target;
    ControlServer server(target, Settings{});
    QVERIFY(server.listen(m_path));
    LineClient early(m_path);
    QVERIFY(early.ask(R"({"type":"why"})")["ok"_L1].toBool());

    // The undefined-behaviour sanitizer needs a pipe for its first look at a type: let it look at this one while there are descriptors.
    QString ignored;
    QDebug(&ignored).noquote() << u"a line"_s;

    LineClient late(m_path); // its descriptor is made, the server's end is not
    QVERIFY(late.isConnected());
    const int free = ::fcntl(0, F_DUPFD_CLOEXEC, 0);
    ::close(free);
    rlimit limit{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const rlimit before = limit;
    limit.rlim_cur = static_cast<rlim_t>(free);
    g_shortages = 0;
    g_before = qInstallMessageHandler(countShortages);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    const bool ranOut = QTest::qWaitFor([] { return g_shortages > 0; });
    const bool servesOn = early.ask(R"({"type":"why"})")["ok"_L1].toBool();
    ::setrlimit(RLIMIT_NOFILE, &before);
    qInstallMessageHandler(g_before);

    QVERIFY(ranOut);
    QVERIFY(servesOn);
    QVERIFY(late.ask(R"({"type":"why"})")["ok"_L1].toBool()); // the one that waited is served
    QVERIFY(QFile::exists(m_path));
    QCOMPARE(g_shortages, 1); // told once
}

void ListenerTest::sendsStrangersAway()
{
    if (::geteuid() != 0)
        QSKIP("only root can become another user to try this");
    FakeTarget target;
    ControlServer server(target, Settings{});
    QVERIFY(server.listen(m_path));
    QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), 0755), 0);
    QCOMPARE(::chmod(QFile::encodeName(m_path).constData(), 0666), 0); // as if the rights had failed us
    const QByteArray heard = heardByStranger(m_path);
    QVERIFY(heard.endsWith('\n'));
    QCOMPARE(heard.count('\n'), 1);
    const QJsonObject line = QJsonDocument::fromJson(heard).object();
    QCOMPARE(line["ok"_L1], QJsonValue(false));
    QVERIFY(!line["error"_L1].toString().isEmpty());
    QCOMPARE(server.refusedCounts()["foreign_uid"_L1].toInt(), 1);
    QCOMPARE(server.connectionCount(), 0);
}

void ListenerTest::seesWhoWaits()
{
    FakeTarget target;
    ControlServer server(target, Settings{});
    QVERIFY(server.listen(m_path));
    QVERIFY(!server.hasWaitingPeers());
    LineClient client(m_path);
    QVERIFY(server.hasWaitingPeers()); // not accepted yet
    QVERIFY(client.ask(R"({"type":"why"})")["ok"_L1].toBool());
    QVERIFY(!server.hasWaitingPeers()); // served, only connected
    client.sendSome("{\"type\":\"why\"}\n");
    QVERIFY(server.hasWaitingPeers()); // not read yet
    QVERIFY(client.answer()["ok"_L1].toBool());
    QVERIFY(!server.hasWaitingPeers());
    target.historyLater = true;
    client.sendSome("{\"type\":\"history\"}\n");
    QTRY_COMPARE(target.laterAnswers.size(), std::size_t{1});
    QVERIFY(server.hasWaitingPeers()); // not answered yet
    target.laterAnswers.front()(Reply::accepted());
    QVERIFY(!server.hasWaitingPeers());
}

QTEST_GUILESS_MAIN(ListenerTest)
#include "tst_listener.moc"
