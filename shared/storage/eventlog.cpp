// SPDX-License-Identifier: MIT
#include "shared/storage/eventlog.h"

#include "shared/base/logging.h"
#include "shared/storage/descriptor.h"
#include "shared/storage/durable.h"
#include "shared/storage/eventlogfiles.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr Millis kLockLimit{1000}; // the Python side holds it for one append
constexpr int kReplacedMax = 10;   // how often the file may be archived or removed between open and lock

struct OpenLog {
    Descriptor file;
    bool isNew = false;
};

Result<OpenLog> openLog(const QString &path)
{
    constexpr int kFlags = O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    const QByteArray name = QFile::encodeName(path);
    OpenLog log;
    for (int attempt = 0; attempt < kReplacedMax && !log.file.isOpen(); ++attempt) {
        log.file = Descriptor(uninterrupted([&] { return ::open(name.constData(), kFlags); }));
        if (log.file.isOpen() || errno != ENOENT)
            break;
        log.file =
            Descriptor(uninterrupted([&] { return ::open(name.constData(), kFlags | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR); }));
        log.isNew = log.file.isOpen();
        if (!log.isNew && errno == ENOENT && ::mkdir(QFile::encodeName(QFileInfo(path).path()).constData(), S_IRWXU) == 0)
            continue; // somebody removed logs/ while we run
        if (!log.isNew && errno != EEXIST)
            break;
    }
    if (!log.file.isOpen()) {
        if (errno == ELOOP || errno == EISDIR || errno == ENXIO)
            return Error{ErrorCode::Refused, u"the event log must be a regular file but something else has its name"_s, path,
                         errno};
        return ioError(u"the event log cannot be opened"_s, path);
    }
    struct stat status {
    };
    if (::fstat(log.file.get(), &status) != 0 || !S_ISREG(status.st_mode))
        return Error{ErrorCode::Refused, u"the event log must be a regular file but something else has its name"_s, path};
    if (status.st_uid != ::geteuid()) // who has it open could read what we write
        return Error{ErrorCode::Permission, u"the event log belongs to another user (uid %1); move it away"_s.arg(status.st_uid),
                     path};
    return log;
}

// Open, and locked against the other writers; the file that the path names, not one that was archived meanwhile.
Result<OpenLog> openLocked(const QString &path)
{
    for (int attempt = 0; attempt < kReplacedMax; ++attempt) {
        auto log = openLog(path);
        if (!log)
            return log;
        if (const int failure = lockExclusively(log.value().file.get(), kLockLimit); failure != 0) {
            if (failure == EWOULDBLOCK)
                return Error{ErrorCode::Busy, u"the event log is locked by another program"_s, path};
            return ioError(u"the event log cannot be locked"_s, path, failure);
        }
        struct stat opened {
        };
        struct stat named {
        };
        if (::fstat(log.value().file.get(), &opened) == 0 && ::lstat(QFile::encodeName(path).constData(), &named) == 0
            && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev)
            return log;
    }
    return Error{ErrorCode::Busy, u"the event log is exchanged by another program all the time"_s, path};
}

Result<void> appendLine(int file, const QString &path, const QByteArray &line)
{
    struct stat status {
    };
    if (::fstat(file, &status) != 0)
        return ioError(u"the event log cannot be looked at"_s, path);
    char last = '\n';
    if (status.st_size > 0 && uninterrupted([&] { return ::pread(file, &last, 1, status.st_size - 1); }) < 0)
        return ioError(u"the event log cannot be read"_s, path);
    // A writer that was killed left half a line: it is ended, so that ours stands alone.
    const int failure = writeAll(file, last == '\n' ? line : '\n' + line);
    if (failure != 0) {
        if (::ftruncate(file, status.st_size) != 0)
            qCWarning(lcStorage).noquote() << ioError(u"half a line stays in the event log"_s, path).text();
        return ioError(u"the event log cannot be written"_s, path, failure);
    }
    return {};
}

} // namespace

EventLog::EventLog(QString folder) : m_folder(std::move(folder)) {}

Result<void> EventLog::append(const LogEntry &entry)
{
    const auto day = std::chrono::floor<std::chrono::days>(entry.time);
    const QString path = eventLogPath(m_folder, day);
    const QByteArray line = formatLogLine(entry);
    if (line.size() > kLogLineBytesMax)
        return Error{ErrorCode::TooLarge, u"an entry of kind %1 is too long for the event log"_s.arg(entry.kind), path};
    const auto log = openLocked(path);
    if (!log)
        return log.error();
    if (const auto written = appendLine(log.value().file.get(), path, line); !written)
        return written;
    int failure = syncDescriptor(log.value().file.get());
    if (failure == 0 && log.value().isNew)
        failure = syncFolder(m_folder);
    if (failure != 0)
        return Error{ErrorCode::NotDurable, u"an entry of the event log may not survive a power cut (step fsync)"_s, path,
                     failure};
    return {};
}

} // namespace dormouse
