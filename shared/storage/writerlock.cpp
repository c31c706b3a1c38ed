// SPDX-License-Identifier: MIT
#include "shared/storage/writerlock.h"

#include "shared/base/logging.h"
#include "shared/base/privateumask.h"
#include "shared/base/text.h"
#include "shared/storage/descriptor.h"
#include "shared/storage/durable.h"
#include "shared/storage/osfacts.h"

#include <QFile>
#include <QSysInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr Millis kRetryPeriod{50};
constexpr int kReplacedMax = 10; // how often the file may be exchanged under us before it counts as taken
constexpr int kNameMax = 64;

Error openError(const QString &path, int systemError)
{
    switch (systemError) {
    case ELOOP: return {ErrorCode::Refused, u"the lock must be a regular file but is a symbolic link; remove it"_s, path};
    case EISDIR:
    case ENXIO:
        return {ErrorCode::Refused, u"the lock must be a regular file but something else has its name; move that away"_s, path};
    case EACCES:
    case EPERM:
    case EROFS:
        return {ErrorCode::Permission, u"the lock cannot be opened; it must belong to the user who runs this, and be writable"_s,
                path, systemError};
    default: return ioError(u"the lock cannot be opened"_s, path, systemError);
    }
}

std::optional<qint64> kernelHolder(const QString &path)
{
    struct stat status {
    };
    if (::lstat(QFile::encodeName(path).constData(), &status) != 0)
        return std::nullopt;
    return os::flockHolder(status.st_dev, status.st_ino);
}

// For people. The kernel knows best, where it tells; agent.lock knows what an agent is.
Error busyError(const RootPaths &paths, const QString &path)
{
    const std::optional<LockHolder> agent = readLockHolder(paths);
    const std::optional<qint64> pid = kernelHolder(path);
    const auto named = [](const QString &program, qint64 process) {
        return u"%1 (pid %2)"_s.arg(sanitized(program, kNameMax)).arg(process);
    };
    QString who;
    if (agent && agent->alive && (!pid || *pid == agent->pid)) {
        who = u"another agent runs on this root: "_s + named(agent->program, agent->pid);
    } else if (pid) {
        const QString program = os::processName(*pid);
        who = program.isEmpty() ? u"the lock is held by a child of process %1, which itself is gone"_s.arg(*pid)
                                : u"the lock is held by "_s + named(program, *pid);
    } else {
        who = u"the lock is held by a process that cannot be told (the iai-mcp daemon?)"_s;
    }
    return {ErrorCode::Busy, who, path};
}

Error busy(const QString &path)
{
    return {ErrorCode::Busy, {}, path};
}

// A descriptor that holds the flock of the very file that `path` names.
Result<Descriptor> lockFile(const QString &path)
{
    constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    const QByteArray name = QFile::encodeName(path);
    for (int attempt = 0; attempt < kReplacedMax; ++attempt) {
        Descriptor file(uninterrupted([&] { return ::open(name.constData(), kFlags, S_IRUSR | S_IWUSR); }));
        if (!file.isOpen())
            return openError(path, errno);
        struct stat opened {
        };
        if (::fstat(file.get(), &opened) != 0)
            return ioError(u"the lock cannot be looked at"_s, path);
        if (!S_ISREG(opened.st_mode))
            return openError(path, ENXIO);
        if (opened.st_uid != ::geteuid()) // its owner could hold it against us for ever
            return Error{ErrorCode::Permission, u"the lock belongs to another user (uid %1); remove it"_s.arg(opened.st_uid),
                         path};
        if (uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) != 0) {
            if (errno == EWOULDBLOCK)
                return busy(path);
            return ioError(u"the lock cannot be taken (does the file system know flock?)"_s, path);
        }
        struct stat named {
        };
        if (::lstat(name.constData(), &named) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev) {
            if ((opened.st_mode & (S_IRWXG | S_IRWXO)) != 0)
                ::fchmod(file.get(), S_IRUSR | S_IWUSR); // Python's is readable to all
            return file;
        }
        // Somebody put another file in its place: a lock on the old one keeps nobody out.
    }
    return busy(path);
}

// An agent whose .lifecycle.lock was deleted under it still holds the flock of its agent.lock.
bool isHeldByLiveAgent(const RootPaths &paths)
{
    const std::optional<LockHolder> holder = readLockHolder(paths);
    if (!holder || !holder->alive)
        return false;
    constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    const Descriptor file(uninterrupted([&] { return ::open(QFile::encodeName(paths.agentLock()).constData(), kFlags); }));
    return file.isOpen() && uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) != 0 && errno == EWOULDBLOCK;
}

Result<void> removeLeftover(const RootPaths &paths)
{
    const std::optional<LockHolder> holder = readLockHolder(paths);
    if (::unlink(QFile::encodeName(paths.agentLock()).constData()) != 0) {
        if (errno == ENOENT)
            return {};
        const int failure = errno;
        if (failure == EISDIR || failure == EPERM)
            return Error{ErrorCode::Refused, u"cannot be removed to make place for the agent's lock; move it away"_s,
                         paths.agentLock(), failure};
        return ioError(u"the lock of an earlier agent cannot be removed"_s, paths.agentLock(), failure);
    }
    if (holder && holder->host != QSysInfo::machineHostName())
        qCWarning(lcStorage).noquote() << u"took over the lock that an agent on host %1 left (pid %2): %3"_s
                                              .arg(sanitized(holder->host, kNameMax))
                                              .arg(holder->pid)
                                              .arg(paths.agentLock());
    return {};
}

} // namespace

WriterLock::WriterLock(RootPaths paths) : m_paths(std::move(paths)) {}

WriterLock::~WriterLock()
{
    release();
}

Result<void> WriterLock::tryAcquire()
{
    return acquire(Millis::zero());
}

Result<void> WriterLock::acquire(Millis limit)
{
    const SystemClock clock;
    const AwakeTime start = clock.now().awake;
    for (;;) {
        const auto taken = attempt();
        if (taken || taken.error().code != ErrorCode::Busy)
            return taken;
        const Millis left = limit - (clock.now().awake - start);
        if (left <= Millis::zero())
            return busyError(m_paths, taken.error().path);
        pauseFor(std::min(left, kRetryPeriod));
    }
}

Result<void> WriterLock::attempt()
{
    if (isHeld())
        return {};
    auto locked = lockFile(m_paths.lifecycleLock());
    if (!locked)
        return locked.error();
    if (isHeldByLiveAgent(m_paths))
        return busy(m_paths.agentLock());
    if (const auto removed = removeLeftover(m_paths); !removed)
        return removed;
    if (const auto taken = takeAgentLock(); !taken)
        return taken;
    m_descriptor = locked.value().release();
    return {};
}

Result<void> WriterLock::takeAgentLock()
{
    auto lock = std::make_unique<QLockFile>(m_paths.agentLock());
    lock->setStaleLockTime(0); // ours never grows stale, however long it is held
    const PrivateUmask narrowed;
    errno = 0;
    const bool isTaken = lock->tryLock();
    const int failure = errno;
    if (isTaken) {
        m_agentLock = std::move(lock);
        return {};
    }
    const Error error = ioError(u"the agent's lock cannot be made"_s, m_paths.agentLock(), failure);
    if (failure != ENOSPC && failure != EDQUOT)
        return error;
    // The first lock is the one that decides. A full disk must keep nobody from waking.
    qCWarning(lcStorage).noquote() << error.text() << u"; others cannot see that this agent runs"_s;
    return {};
}

void WriterLock::refresh()
{
    if (!isHeld() || !retakeFirstLock() || (m_agentLock && QFile::exists(m_paths.agentLock())))
        return;
    dropAgentLock();
    if (const auto taken = takeAgentLock(); !taken)
        qCWarning(lcStorage).noquote() << taken.error().text();
}

/// The path leads to the file whose lock is held.
bool WriterLock::isNamed() const
{
    struct stat held {
    };
    struct stat named {
    };
    return ::fstat(m_descriptor, &held) != 0
           || (::lstat(QFile::encodeName(m_paths.lifecycleLock()).constData(), &named) == 0 && named.st_ino == held.st_ino
               && named.st_dev == held.st_dev);
}

std::optional<LockHolder> WriterLock::successor() const
{
    if (!isHeld() || isNamed())
        return std::nullopt;
    const std::optional<LockHolder> holder = readLockHolder(m_paths);
    return holder && holder->alive && holder->pid != ::getpid() ? holder : std::nullopt;
}

/// A lock on a file that has lost its name keeps nobody out. False while it cannot be had.
bool WriterLock::retakeFirstLock()
{
    if (isNamed())
        return true;
    const QString path = m_paths.lifecycleLock();
    auto locked = lockFile(path);
    if (!locked)
        return false; // somebody holds it for a moment, or the root is gone: tried again
    qCWarning(lcStorage).noquote() << "the lock was deleted or replaced; it is taken again:" << path;
    Descriptor(std::exchange(m_descriptor, locked.value().release())).close();
    return true;
}

/// QLockFile complains when its file is gone.
void WriterLock::dropAgentLock()
{
    if (!m_agentLock)
        return;
    constexpr int kFlags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    Descriptor(::open(QFile::encodeName(m_paths.agentLock()).constData(), kFlags, S_IRUSR | S_IWUSR)).close();
    m_agentLock->unlock();
    m_agentLock.reset();
}

void WriterLock::release()
{
    dropAgentLock();
    Descriptor(std::exchange(m_descriptor, -1)).close();
}

} // namespace dormouse
