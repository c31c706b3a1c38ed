// SPDX-License-Identifier: MIT
#include "shared/storage/file.h"

#include "shared/storage/descriptor.h"
#include "shared/storage/durable.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

Error refused(const QString &what, const QString &path)
{
    return {ErrorCode::Refused, what, path};
}

// QSaveFile follows a symbolic link and gives its temporary the old file's rights for an instant: neither may happen here.
Result<void> prepareTarget(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    struct stat status {
    };
    if (::lstat(name.constData(), &status) != 0) {
        if (errno == ENOENT)
            return {};
        return ioError(u"cannot be written (step lstat)"_s, path);
    }
    if (S_ISLNK(status.st_mode))
        return refused(u"is a symbolic link and is not written through"_s, path);
    if (!S_ISREG(status.st_mode))
        return refused(u"is not a regular file and is not replaced"_s, path);
    constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
    if ((status.st_mode & kOthers) != 0 && ::chmod(name.constData(), status.st_mode & S_IRWXU) != 0)
        return ioError(u"cannot be written (step chmod of the present file)"_s, path);
    return {};
}

Error saveError(QSaveFile &file, const QString &step, int systemError)
{
    // Qt's own words only where the system gave no reason: else it would be told twice.
    const QString cause = systemError == 0 ? u"%1: %2"_s.arg(step, file.errorString()) : step;
    return ioError(u"cannot be written (step %1)"_s.arg(cause), file.fileName(), systemError);
}

// Each step is checked, since commit() alone answers true for a file that a full disk has cut short.
Result<void> save(QSaveFile &file, const QByteArray &bytes, Durability durability)
{
    errno = 0;
    if (!file.open(QIODevice::WriteOnly))
        return saveError(file, u"open"_s, errno);
    const auto giveUp = [&file](const QString &step, int systemError) {
        const Error error = saveError(file, step, systemError);
        file.cancelWriting();
        return error;
    };
    errno = 0;
    if (!file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        return giveUp(u"chmod"_s, errno);
    errno = 0;
    if (file.write(bytes) != bytes.size())
        return giveUp(u"write"_s, errno);
    errno = 0;
    if (!file.flush())
        return giveUp(u"write"_s, errno);
    if (const int failure = syncDescriptor(file.handle(), durability); failure != 0)
        return giveUp(u"fsync"_s, failure);
    errno = 0;
    if (!file.commit())
        return saveError(file, u"rename"_s, errno);
    return {};
}

} // namespace

Result<void> writeAtomically(const QString &path, const QByteArray &bytes, Durability durability)
{
    if (const auto prepared = prepareTarget(path); !prepared)
        return prepared;
    // Opened before anything is written, so that what can fail here fails while the old file still stands.
    const QByteArray folderName = QFile::encodeName(QFileInfo(path).absolutePath());
    const Descriptor folder(uninterrupted([&] { return ::open(folderName.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (!folder.isOpen())
        return ioError(u"cannot be written (step open of its folder)"_s, path);
    {
        QSaveFile file(path);
        if (const auto saved = save(file, bytes, durability); !saved)
            return saved;
    }
    if (const int failure = syncDescriptor(folder.get(), durability); failure != 0)
        return Error{ErrorCode::NotDurable, u"is in place, but may not survive a power cut (step fsync of its folder)"_s, path,
                     failure};
    return {};
}

Result<QByteArray> readBounded(const QString &path, qint64 maximum)
{
    constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
    const Descriptor file(uninterrupted([&] { return ::open(QFile::encodeName(path).constData(), kFlags); }));
    if (!file.isOpen()) {
        switch (errno) {
        case ENOENT: return Error{ErrorCode::NotFound, u"does not exist"_s, path};
        case ELOOP: return refused(u"is a symbolic link and is not followed"_s, path);
        case ENXIO: // a socket
        case EOPNOTSUPP: return refused(u"is not a regular file"_s, path);
        default: return ioError(u"cannot be opened"_s, path);
        }
    }
    struct stat status {
    };
    if (::fstat(file.get(), &status) != 0)
        return ioError(u"cannot be read (step fstat)"_s, path);
    if (!S_ISREG(status.st_mode))
        return refused(u"is not a regular file"_s, path);
    const Error tooLarge{ErrorCode::TooLarge, u"is larger than the %1 bytes allowed"_s.arg(maximum), path};
    if (status.st_size > maximum)
        return tooLarge;

    // One byte more than told at first: its end is then seen in one read, and a file that grows meanwhile is noticed.
    QByteArray bytes(static_cast<qsizetype>(status.st_size) + 1, Qt::Uninitialized);
    qsizetype filled = 0;
    for (;;) {
        const auto got = uninterrupted(
            [&] { return ::read(file.get(), bytes.data() + filled, static_cast<std::size_t>(bytes.size() - filled)); });
        if (got < 0)
            return ioError(u"cannot be read"_s, path);
        filled += got;
        if (got == 0)
            break;
        if (filled > maximum)
            return tooLarge;
        if (filled == bytes.size())
            bytes.resize(static_cast<qsizetype>(std::min<qint64>(maximum + 1, qint64{filled} * 2 + 4096)));
    }
    bytes.truncate(filled);
    return bytes;
}

} // namespace dormouse
