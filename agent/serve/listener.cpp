// SPDX-License-Identifier: MIT
#include "agent/serve/listener.h"

#include "agent/serve/peersocket.h"
#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/base/privateumask.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

constexpr int kBacklog = 128;
constexpr int kAcceptedAtOnce = 8; // then the event loop has its turn

/// A descriptor that closes itself unless it is given away.
class Descriptor
{
public:
    explicit Descriptor(int descriptor) : m_descriptor(descriptor) {}
    ~Descriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int get() const { return m_descriptor; }
    [[nodiscard]] int release() { return std::exchange(m_descriptor, -1); }

private:
    int m_descriptor;
};

Error socketError(const QString &what, const QString &path, int systemError)
{
    return {ErrorCode::Io, what, path, systemError};
}

bool makePrivate(int descriptor)
{
    return ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
           && ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0;
}

int newSocket()
{
    Descriptor descriptor(::socket(AF_UNIX, SOCK_STREAM, 0));
    return descriptor.get() >= 0 && makePrivate(descriptor.get()) ? descriptor.release() : -1;
}

sockaddr_un addressOf(const QByteArray &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.constData(), static_cast<std::size_t>(path.size()));
    return address;
}

/// Removes a socket file that nobody listens on.
Result<void> removeStale(const QString &path, const QByteArray &name)
{
    struct stat status {
    };
    if (::lstat(name.constData(), &status) != 0)
        return errno == ENOENT ? Result<void>() : socketError(u"the control socket's path cannot be looked at"_s, path, errno);
    if (!S_ISSOCK(status.st_mode))
        return Error{ErrorCode::Refused, u"something that is not a socket stands where the control socket should be"_s, path, 0};
    const Descriptor probe(newSocket());
    if (probe.get() < 0)
        return socketError(u"no socket could be made"_s, path, errno);
    const sockaddr_un address = addressOf(name);
    if (::connect(probe.get(), reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0 || errno == EAGAIN
        || errno == EINPROGRESS) {
        if (status.st_uid != ::geteuid())
            return Error{
                ErrorCode::Permission,
                u"another user (uid %1) serves a socket where the control socket should be; move it away, or name another with --socket"_s
                    .arg(status.st_uid),
                path, 0};
        return Error{ErrorCode::Busy, u"somebody serves the control socket already"_s, path, 0};
    }
    if (errno != ECONNREFUSED && errno != ENOENT)
        return socketError(u"it is unknown whether somebody serves the control socket"_s, path, errno);
    if (::unlink(name.constData()) != 0 && errno != ENOENT)
        return socketError(u"a left-over control socket cannot be removed"_s, path, errno);
    return {};
}

bool isListeningLocalSocket(int descriptor)
{
    sockaddr_un address{};
    socklen_t size = sizeof(address);
    if (::getsockname(descriptor, reinterpret_cast<sockaddr *>(&address), &size) != 0 || address.sun_family != AF_UNIX)
        return false;
    int value = 0;
    size = sizeof(value);
    if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &value, &size) != 0 || value != SOCK_STREAM)
        return false;
    size = sizeof(value);
    return ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

bool isShortage(int systemError)
{
    return systemError == EMFILE || systemError == ENFILE || systemError == ENOBUFS || systemError == ENOMEM;
}

QByteArray foreignerLine()
{
    return formatJsonLine({{control::key::kOk, false},
                           {control::key::kReason, control::reason::kInvalidMessage},
                           {control::key::kError, u"this agent serves the user with uid %1 only"_s.arg(geteuid())}})
           + '\n';
}

} // namespace

Listener::Listener(QObject *parent) : QObject(parent)
{
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_notifier)
            m_notifier->setEnabled(true);
    });
}

Listener::~Listener()
{
    close();
}

Result<void> Listener::listen(const QString &path)
{
    if (const Result<void> usable = checkSocketPath(path); !usable)
        return usable;
    if (isNamed())
        close();
    const QByteArray name = QFile::encodeName(path);
    if (const Result<void> removed = removeStale(path, name); !removed)
        return removed;
    Descriptor descriptor(newSocket());
    if (descriptor.get() < 0)
        return socketError(u"no socket could be made"_s, path, errno);
    {
        const PrivateUmask narrow(0177);
        const sockaddr_un address = addressOf(name);
        if (::bind(descriptor.get(), reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0)
            return socketError(u"the control socket cannot be made"_s, path, errno);
    }
    struct stat status {
    };
    if (::lstat(name.constData(), &status) != 0 || ::listen(descriptor.get(), kBacklog) != 0) {
        const int cause = errno;
        ::unlink(name.constData());
        return socketError(u"the control socket cannot be listened on"_s, path, cause);
    }
    close(); // of an earlier one, whose name is somebody else's now; only from here on its inode can be given to another file
    m_path = path;
    m_device = status.st_dev;
    m_inode = status.st_ino;
    start(descriptor.release());
    return {};
}

Result<void> Listener::adopt(int descriptor)
{
    if (!isListeningLocalSocket(descriptor))
        return Error{
            ErrorCode::Refused, u"descriptor %1 that was handed over is no listening local socket"_s.arg(descriptor), {}, 0};
    if (!makePrivate(descriptor))
        return socketError(u"descriptor %1 that was handed over cannot be used"_s.arg(descriptor), {}, errno);
    close();
    start(descriptor);
    return {};
}

void Listener::keepName()
{
    if (m_descriptor < 0 || m_path.isEmpty() || isNamed())
        return;
    if (const Result<void> listening = listen(QString(m_path)); listening) {
        m_lossTold = false;
        qCWarning(lcControl).noquote() << "the control socket was deleted; it is there again:" << m_path;
    } else if (!std::exchange(m_lossTold, true)) {
        qCWarning(lcControl).noquote() << "the control socket was deleted, tried again at each tick:" << listening.error().text();
    }
}

/// The path leads to this socket.
bool Listener::isNamed() const
{
    struct stat status {
    };
    return !m_path.isEmpty() && ::lstat(QFile::encodeName(m_path).constData(), &status) == 0 && status.st_dev == m_device
           && status.st_ino == m_inode;
}

void Listener::close()
{
    m_pause.stop();
    m_notifier.reset();
    if (m_descriptor < 0)
        return;
    // The name goes first: nobody is to find a socket that nobody will accept on.
    if (isNamed() && ::unlink(QFile::encodeName(m_path).constData()) != 0)
        qCWarning(lcControl).noquote() << socketError(u"the control socket cannot be removed"_s, m_path, errno).text();
    m_path.clear();
    ::close(std::exchange(m_descriptor, -1));
}

bool Listener::hasBacklog() const
{
    pollfd waiting{m_descriptor, POLLIN, 0};
    return m_descriptor >= 0 && ::poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0;
}

void Listener::start(int descriptor)
{
    m_descriptor = descriptor;
    m_notifier = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Listener::acceptAll);
}

void Listener::acceptAll()
{
    for (int i = 0; i < kAcceptedAtOnce && m_descriptor >= 0; ++i) {
        const int descriptor = acceptPeer(m_descriptor);
        if (descriptor >= 0) {
            m_pauseTold = false;
            acceptedPeer(descriptor);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return pause(errno);
        }
    }
}

void Listener::acceptedPeer(int descriptor)
{
    const std::optional<PeerCredentials> peer = peerCredentials(descriptor);
    if (peer && peer->uid == static_cast<qint64>(geteuid())) {
        Q_EMIT accepted(descriptor, *peer);
        return;
    }
    dismissPeer(descriptor, foreignerLine());
    Q_EMIT refusedForeigner(peer ? peer->pid : 0);
}

/// Whatever it is, going on at once would spin: the connection that cannot be accepted keeps the socket readable.
void Listener::pause(int systemError)
{
    if (!std::exchange(m_pauseTold, true))
        qCWarning(lcControl).noquote() << socketError(isShortage(systemError)
                                                          ? u"no client can be accepted for now, tried again every second"_s
                                                          : u"accepting a client failed, tried again every second"_s,
                                                      m_path, systemError)
                                              .text();
    m_notifier->setEnabled(false);
    m_pause.start(defaults::kAcceptPause);
}

} // namespace dormouse
