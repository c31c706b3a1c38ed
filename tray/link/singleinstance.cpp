// SPDX-License-Identifier: MIT
#include "tray/link/singleinstance.h"

#include "shared/base/clock.h"
#include "shared/base/logging.h"
#include "shared/control/agentclient.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"
#include "shared/storage/descriptor.h"
#include "shared/storage/durable.h"
#include "tray/link/instancefolder.h"

#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTimer>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kClaimLimit = 2s;
constexpr Millis kRetryPeriod = 50ms;
constexpr Millis kGuestLimit = 5s; // a later start asks at once
constexpr qint64 kLineBytesMax = 256;
constexpr QLatin1StringView kShow{"show"};

/// The flock on the file `path`; it decides who is first, and is never unlinked, so that all contend for the same one. Busy when another has it.
Result<Descriptor> lockFile(const QString &path)
{
    constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    Descriptor file(uninterrupted([&] { return ::open(QFile::encodeName(path).constData(), kFlags, S_IRUSR | S_IWUSR); }));
    if (!file.isOpen())
        return ioError(SingleInstance::tr("the tray's lock cannot be opened"), path);
    if (uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) == 0)
        return file;
    if (errno == EWOULDBLOCK)
        return Error{ErrorCode::Busy, SingleInstance::tr("another tray holds the lock"), path, 0};
    return ioError(SingleInstance::tr("the tray's lock cannot be taken"), path);
}

} // namespace

class SingleInstance::Impl
{
public:
    Impl(SingleInstance &owner, RootPaths paths) : m_owner(owner), m_paths(std::move(paths)) {}
    ~Impl() { release(); }

    Result<bool> claim(const QString &page);
    void release();

private:
    Result<void> listen(const QString &socketPath);
    void welcome(QLocalSocket *guest);
    void serve(QLocalSocket *guest);

    SingleInstance &m_owner;
    RootPaths m_paths;
    Descriptor m_lock;
    std::unique_ptr<QLocalServer> m_server;
};

Result<bool> SingleInstance::Impl::claim(const QString &page)
{
    if (m_lock.isOpen())
        return true;
    const Result<InstancePaths> places = instancePaths(m_paths.root);
    if (!places)
        return places.error();
    const SystemClock clock;
    const AwakeTime end = clock.now().awake + kClaimLimit;
    for (;;) {
        Result<Descriptor> lock = lockFile(places.value().lock);
        if (lock) {
            m_lock = std::move(lock).value();
            const Result<void> listening = listen(places.value().socket);
            if (listening)
                return true;
            release();
            return listening.error();
        }
        if (lock.error().code != ErrorCode::Busy)
            return lock.error();
        const Millis left = std::max(end - clock.now().awake, Millis(1));
        const Result<QJsonObject> answer = requestOnce(places.value().socket, {{kShow, page}}, left);
        if (answer && answer.value().value(control::key::kOk).toBool())
            return false;
        // It starts just now and does not listen yet, or it is leaving.
        if (clock.now().awake + kRetryPeriod >= end)
            return Error{ErrorCode::Busy, tr("another tray runs but does not answer"), places.value().lock, 0};
        pauseFor(kRetryPeriod);
    }
}

/// With the lock held: nobody else listens, so a socket that is there is a dead one's.
Result<void> SingleInstance::Impl::listen(const QString &socketPath)
{
    m_server = std::make_unique<QLocalServer>();
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    QObject::connect(m_server.get(), &QLocalServer::newConnection, &m_owner, [this] {
        while (QLocalSocket *guest = m_server->nextPendingConnection())
            welcome(guest);
    });
    if (m_server->listen(socketPath))
        return {};
    return Error{ErrorCode::Io, tr("the tray's socket cannot be made (%1)").arg(m_server->errorString()), socketPath, 0};
}

void SingleInstance::Impl::welcome(QLocalSocket *guest)
{
    QObject::connect(guest, &QLocalSocket::disconnected, guest, &QObject::deleteLater);
    const std::optional<PeerCredentials> peer = peerCredentials(guest->socketDescriptor());
    if (!peer || peer->uid != static_cast<qint64>(::geteuid())) {
        qCWarning(lcControl, "the tray's socket: refused a connection of another user");
        guest->abort();
        guest->deleteLater();
        return;
    }
    guest->setReadBufferSize(kLineBytesMax);
    QObject::connect(guest, &QLocalSocket::readyRead, &m_owner, [this, guest] { serve(guest); });
    QTimer::singleShot(kGuestLimit, guest, [guest] { guest->abort(); });
    if (guest->bytesAvailable() > 0)
        serve(guest);
}

void SingleInstance::Impl::serve(QLocalSocket *guest)
{
    if (!guest->canReadLine()) {
        if (guest->bytesAvailable() >= kLineBytesMax)
            guest->abort();
        return;
    }
    const Result<QJsonObject> wish = parseJsonObject(guest->readLine(kLineBytesMax));
    const bool isUnderstood = wish && wish.value().value(kShow).isString();
    guest->write(formatJsonLine({{control::key::kOk, isUnderstood}}) + '\n');
    guest->disconnectFromServer(); // once that is written
    if (isUnderstood)
        Q_EMIT m_owner.pageAsked(wish.value().value(kShow).toString());
}

void SingleInstance::Impl::release()
{
    m_server.reset(); // first: it unlinks its socket, which must still be ours then
    m_lock.close();
}

SingleInstance::SingleInstance(RootPaths paths, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(*this, std::move(paths)))
{
}

SingleInstance::~SingleInstance() = default;

Result<bool> SingleInstance::claim(const QString &page)
{
    return m_impl->claim(page);
}

void SingleInstance::release()
{
    m_impl->release();
}

} // namespace dormouse
