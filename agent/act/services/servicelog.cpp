// SPDX-License-Identifier: MIT
#include "agent/act/services/servicelog.h"

#include "shared/base/logging.h"
#include "shared/storage/durable.h"

#include <QFile>

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <sys/stat.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kKept = 3;

QString plainName(QString name)
{
    for (QChar &letter : name) {
        const char16_t code = letter.unicode();
        const bool isPlain = code < 128 && (letter.isLetterOrNumber() || code == u'.' || code == u'-' || code == u'_');
        if (!isPlain)
            letter = u'_';
    }
    return name;
}

struct OpenLog {
    Descriptor file;
    qint64 size = 0;
};

Result<OpenLog> openExisting(const QString &path, int flags)
{
    // Never blocks on a FIFO, never follows a link.
    Descriptor file(uninterrupted([&] {
        return ::open(QFile::encodeName(path).constData(), flags | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY,
                      0600);
    }));
    if (!file.isOpen())
        return errno == ELOOP ? Error{ErrorCode::Refused, u"a service's log must be a regular file"_s, path, ELOOP}
                              : ioError(u"cannot open a service's log"_s, path);
    struct stat info {
    };
    if (::fstat(file.get(), &info) != 0)
        return ioError(u"cannot look at a service's log"_s, path);
    if (!S_ISREG(info.st_mode))
        return Error{ErrorCode::Refused, u"a service's log must be a regular file"_s, path};
    if (info.st_uid != ::geteuid())
        return Error{ErrorCode::Permission, u"a service's log belongs to somebody else"_s, path};
    if ((info.st_mode & 077) != 0 && ::fchmod(file.get(), 0600) != 0)
        return ioError(u"cannot keep others from reading a service's log"_s, path);
    return OpenLog{std::move(file), qint64(info.st_size)};
}

/// Copies `file` from `offset` to its end as it is now.
Result<void> copyEnd(const Descriptor &file, qint64 offset, qint64 end, const QString &target)
{
    Descriptor copy(::open(QFile::encodeName(target).constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!copy.isOpen())
        return ioError(u"cannot rotate a service's log"_s, target);
    QByteArray buffer(256 * 1024, Qt::Uninitialized);
    while (offset < end) {
        const auto wanted = static_cast<std::size_t>(std::min<qint64>(buffer.size(), end - offset));
        const ssize_t got = uninterrupted([&] { return ::pread(file.get(), buffer.data(), wanted, offset); });
        if (got < 0)
            return ioError(u"cannot rotate a service's log"_s, target);
        if (got == 0)
            break;
        if (const int failed = writeAll(copy.get(), QByteArray::fromRawData(buffer.constData(), got)); failed != 0)
            return ioError(u"cannot rotate a service's log"_s, target, failed);
        offset += got;
    }
    return {};
}

} // namespace

ServiceLog::ServiceLog(const QString &folder, const QString &name) : m_path(folder + u"/service-"_s + plainName(name) + u".log"_s)
{
}

Result<Descriptor> ServiceLog::open() const
{
    Result<OpenLog> log = openExisting(m_path, O_WRONLY | O_CREAT);
    if (!log)
        return log.error();
    if (log.value().size >= kBytesMax) {
        shift();
        if (::rename(QFile::encodeName(m_path).constData(), QFile::encodeName(m_path + u".1"_s).constData()) == 0)
            log = openExisting(m_path, O_WRONLY | O_CREAT);
        else
            qCWarning(lcStorage).noquote() << ioError(u"cannot rotate a service's log"_s, m_path).text();
        if (!log)
            return log.error();
    }
    // Whoever inherits it expects writes that wait.
    const int flags = ::fcntl(log.value().file.get(), F_GETFL);
    if (flags < 0 || ::fcntl(log.value().file.get(), F_SETFL, flags & ~O_NONBLOCK) != 0)
        return ioError(u"cannot open a service's log"_s, m_path);
    return std::move(log.value().file);
}

Result<void> ServiceLog::rotateInUse() const
{
    Result<OpenLog> log = openExisting(m_path, O_RDWR);
    if (!log)
        return log.error().systemError == ENOENT ? Result<void>() : Result<void>(log.error());
    const qint64 size = log.value().size;
    if (size < kBytesMax)
        return {};
    shift();
    const Result<void> copied = copyEnd(log.value().file, size - kBytesMax, size, m_path + u".1"_s);
    // Emptied even when no copy could be made: a full disk must not be kept full by a log.
    if (::ftruncate(log.value().file.get(), 0) != 0)
        return ioError(u"cannot empty a service's log"_s, m_path);
    return copied;
}

void ServiceLog::shift() const
{
    const auto numbered = [this](int number) { return QFile::encodeName(m_path + u'.' + QString::number(number)); };
    for (int number = kKept; number > 1; --number) {
        if (::rename(numbered(number - 1).constData(), numbered(number).constData()) != 0 && errno != ENOENT)
            qCWarning(lcStorage).noquote() << ioError(u"cannot rotate a service's log"_s, m_path).text();
    }
    ::unlink(numbered(1).constData());
}

} // namespace dormouse
