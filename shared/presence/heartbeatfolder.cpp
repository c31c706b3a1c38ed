// SPDX-License-Identifier: MIT
#include "shared/presence/heartbeatfolder.h"

#include "shared/base/defaults.h"
#include "shared/presence/plainheartbeat.h"

#include <QFile>

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

constexpr std::string_view kPrefix = "heartbeat-";
constexpr std::string_view kSuffix = ".json";

#ifdef __APPLE__
const timespec &modifiedOf(const struct stat &data)
{
    return data.st_mtimespec;
}
const timespec &changedOf(const struct stat &data)
{
    return data.st_ctimespec;
}
#else
const timespec &modifiedOf(const struct stat &data)
{
    return data.st_mtim;
}
const timespec &changedOf(const struct stat &data)
{
    return data.st_ctim;
}
#endif

/// Some file systems keep any 64-bit second: far ends are drawn in, so that differences of instants cannot overflow.
qint64 nanoseconds(const timespec &time)
{
    constexpr qint64 kFarEnd = 9'000'000'000; // seconds: the year 2255
    return std::clamp<qint64>(time.tv_sec, -kFarEnd, kFarEnd) * 1'000'000'000 + time.tv_nsec;
}

WallTime wallTime(qint64 nanoseconds)
{
    return WallTime(std::chrono::floor<std::chrono::microseconds>(std::chrono::nanoseconds(nanoseconds)));
}

FileStamp stampOf(const struct stat &data)
{
    return {data.st_ino, data.st_size, nanoseconds(modifiedOf(data)), nanoseconds(changedOf(data))};
}

bool isCandidate(std::string_view name)
{
    return name.size() >= kPrefix.size() + kSuffix.size() && name.starts_with(kPrefix) && name.ends_with(kSuffix);
}

bool isForeign(const struct stat &data)
{
    static const uid_t self = ::geteuid();
    return data.st_uid != self && data.st_uid != 0;
}

/// Reads until the end or the bound; -1 and errno on failure. A file that is exactly as long as its stat said needs no second call.
ssize_t readAll(int descriptor, char *buffer, qint64 expected)
{
    constexpr ssize_t kLimit = defaults::kHeartbeatBytesMax + 1;
    ssize_t total = 0;
    while (total < kLimit) {
        const ssize_t got = ::read(descriptor, buffer + total, static_cast<std::size_t>(kLimit - total));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        total += got;
        if (got == 0 || total == expected)
            break;
    }
    return total;
}

FileLook readOpen(int descriptor, char *buffer)
{
    FileLook look;
    struct stat data {
    };
    if (::fstat(descriptor, &data) != 0) {
        look.systemError = errno;
        return look;
    }
    if (!S_ISREG(data.st_mode)) {
        look.state = FileState::NotRegular;
        return look;
    }
    if (isForeign(data)) {
        look.state = FileState::Foreign;
        look.owner = data.st_uid;
        return look;
    }
    look.stamp = stampOf(data);
    // Stat'ed before it is read: what is written meanwhile shows as a change next time.
    const ssize_t size = data.st_size > defaults::kHeartbeatBytesMax ? data.st_size : readAll(descriptor, buffer, data.st_size);
    if (size < 0) {
        look.systemError = errno;
    } else if (size > defaults::kHeartbeatBytesMax) {
        look.state = FileState::Oversize;
    } else {
        look.state = FileState::Read;
        look.bytes = QByteArray::fromRawData(buffer, size);
    }
    return look;
}

} // namespace

WallTime FileStamp::modified() const
{
    return wallTime(modifiedNs);
}

WallTime FileStamp::changed() const
{
    return wallTime(changedNs);
}

Result<HeartbeatFolder> HeartbeatFolder::open(const QString &path)
{
    QByteArray encoded = QFile::encodeName(path);
    while (encoded.size() > 1 && encoded.endsWith('/'))
        encoded.chop(1); // "folder/" would follow a link in spite of O_NOFOLLOW
    const int descriptor = ::open(encoded.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        const int cause = errno;
        const bool refused = cause == ELOOP || cause == ENOTDIR;
        return Error{cause == ENOENT ? ErrorCode::NotFound
                     : refused       ? ErrorCode::Refused
                                     : ErrorCode::Io,
                     refused ? u"not a folder"_s : u"cannot open the folder"_s, path, cause};
    }
    DIR *dir = ::fdopendir(descriptor);
    if (dir == nullptr) {
        const int cause = errno;
        ::close(descriptor);
        return Error{ErrorCode::Io, u"cannot list the folder"_s, path, cause};
    }
    return HeartbeatFolder(dir);
}

std::optional<HeartbeatFolder::Candidate> HeartbeatFolder::next()
{
    for (;;) {
        errno = 0;
        const dirent *entry = ::readdir(m_dir.get());
        if (entry == nullptr) {
            m_listError = errno;
            return std::nullopt;
        }
        const std::string_view name = entry->d_name;
        if (isCandidate(name))
            return Candidate{name, entry->d_ino, entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN};
    }
}

std::pair<quint64, quint64> HeartbeatFolder::identity() const
{
    struct stat data {
    };
    if (::fstat(::dirfd(m_dir.get()), &data) != 0)
        return {};
    return {data.st_dev, data.st_ino};
}

FileLook HeartbeatFolder::stat(const char *name) const
{
    FileLook look;
    struct stat data {
    };
    if (::fstatat(::dirfd(m_dir.get()), name, &data, AT_SYMLINK_NOFOLLOW) != 0) {
        look.systemError = errno;
        look.state = errno == ENOENT ? FileState::Gone : FileState::Failed;
        return look;
    }
    look.state = !S_ISREG(data.st_mode) ? FileState::NotRegular : isForeign(data) ? FileState::Foreign : FileState::Regular;
    look.owner = data.st_uid;
    look.stamp = stampOf(data);
    return look;
}

FileLook HeartbeatFolder::read(const char *name, char *buffer) const
{
    // O_NONBLOCK: a FIFO put in place of the file must not make us wait. O_NOCTTY: nor a terminal become ours.
    const int descriptor = ::openat(::dirfd(m_dir.get()), name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
    if (descriptor >= 0) {
        FileLook look = readOpen(descriptor, buffer);
        ::close(descriptor);
        return look;
    }
    const int cause = errno;
    FileLook look = stat(name); // ELOOP (a link), ENXIO (a socket), or a file that may not be read
    if (look.state == FileState::Regular) {
        look.state = FileState::Failed;
        look.systemError = cause;
    }
    return look;
}

int HeartbeatFolder::remove(const char *name) const
{
    return ::unlinkat(::dirfd(m_dir.get()), name, 0) == 0 ? 0 : errno;
}

std::optional<Heartbeat> heartbeatOf(const FileLook &look, const QByteArray &name)
{
    if (look.state == FileState::NotRegular || look.state == FileState::Foreign || look.state == FileState::Gone)
        return std::nullopt;
    if (look.state == FileState::Read) {
        if (std::optional<Heartbeat> plain =
                parsePlainHeartbeat({look.bytes.constData(), static_cast<std::size_t>(look.bytes.size())}))
            return plain;
        if (std::optional<Heartbeat> payload = parseHeartbeat(look.bytes))
            return payload;
    }
    if (look.stamp == FileStamp{}) // not even its mtime is known
        return std::nullopt;
    return heartbeatFromName(QFile::decodeName(name), look.stamp.modified());
}

} // namespace dormouse
