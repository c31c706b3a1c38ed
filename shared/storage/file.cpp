// SPDX-License-Identifier: MIT
#include "shared/storage/file.h"

#include "shared/storage/descriptor.h"
#include "shared/storage/durable.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUuid>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

Error refused(const QString &what, const QString &path)
{
    return {ErrorCode::Refused, what, path};
}

// QSaveFile follows a symbolic link and gives its temporary the old file's rights for an instant: neither may happen here. A link, a FIFO, a
// folder and what belongs to somebody else stay as they are.
Result<void> prepareTarget(int folder, const QByteArray &name, const QString &path, Readers readers)
{
    struct stat status {
    };
    if (::fstatat(folder, name.constData(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return {};
        return ioError(u"cannot be written (step lstat)"_s, path);
    }
    if (S_ISLNK(status.st_mode))
        return refused(u"is a symbolic link and is not written through"_s, path);
    if (!S_ISREG(status.st_mode))
        return refused(u"is not a regular file and is not replaced"_s, path);
    if (status.st_uid != ::geteuid())
        return ioError(u"belongs to another user (uid %1) and is not replaced; move it away"_s.arg(status.st_uid), path, EPERM);
    if (::faccessat(folder, name.constData(), W_OK, AT_EACCESS) != 0)
        return ioError(u"cannot be written (step access)"_s, path);
    constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
    if (readers == Readers::Owner && (status.st_mode & kOthers) != 0
        && ::fchmodat(folder, name.constData(), status.st_mode & S_IRWXU, 0) != 0)
        return ioError(u"cannot be written (step chmod of the present file)"_s, path);
    return {};
}

Error saveError(QSaveFile &file, const QString &path, const QString &step, int systemError)
{
    // Qt's own words only where the system gave no reason: else it would be told twice.
    const QString cause = systemError == 0 ? u"%1: %2"_s.arg(step, file.errorString()) : step;
    return ioError(u"cannot be written (step %1)"_s.arg(cause), path, systemError);
}

// Each step is checked, since commit() alone answers true for a file that a full disk has cut short.
Result<void> save(const QString &place, const QString &path, const QByteArray &bytes, Durability durability, Readers readers)
{
    QSaveFile file(place);
    errno = 0;
    if (!file.open(QIODevice::WriteOnly))
        return saveError(file, path, u"open"_s, errno);
    const auto giveUp = [&file, &path](const QString &step, int systemError) {
        const Error error = saveError(file, path, step, systemError);
        file.cancelWriting();
        return error;
    };
    errno = 0;
    const auto others =
        readers == Readers::Everybody ? QFileDevice::ReadGroup | QFileDevice::ReadOther : QFileDevice::Permissions{};
    if (!file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | others))
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
        return saveError(file, path, u"rename"_s, errno);
    return {};
}

// Where others may write, too, as in /tmp, a link could be put in the target's place after it was looked at; where they may but look, QSaveFile's
// temporary is open to them for an instant (without O_TMPFILE, and where there is no old file). So the file is made in a folder of ours beside it,
// which nobody else can enter, and renamed from there, which follows no link.
Result<void> saveAmongOthers(int folder, const QByteArray &name, const QString &path, const QByteArray &bytes,
                             Durability durability, Readers readers)
{
    const QByteArray aside = name + '.' + QUuid::createUuid().toByteArray(QUuid::Id128);
    if (::mkdirat(folder, aside.constData(), S_IRWXU) != 0
        || ::fchmodat(folder, aside.constData(), S_IRWXU, 0) != 0) // a umask may have taken rights of the owner as well
        return ioError(u"cannot be written (step mkdir of a private folder beside it)"_s, path);
    const QString place = QFileInfo(path).absolutePath() + u'/' + QFile::decodeName(aside + '/' + name);
    const QByteArray from = aside + '/' + name;
    Result<void> saved = save(place, path, bytes, durability, readers);
    if (saved && ::renameat(folder, from.constData(), folder, name.constData()) != 0) {
        saved = ioError(u"cannot be written (step rename)"_s, path);
        ::unlinkat(folder, from.constData(), 0);
    }
    ::unlinkat(folder, aside.constData(), AT_REMOVEDIR);
    return saved;
}

} // namespace

Result<void> writeAtomically(const QString &path, const QByteArray &bytes, Durability durability, Readers readers)
{
    const QFileInfo info(path);
    const QByteArray folderName = QFile::encodeName(info.absolutePath());
    const QByteArray name = QFile::encodeName(info.fileName());
    // Opened before anything is written, so that what can fail here fails while the old file still stands.
    const Descriptor folder(uninterrupted([&] { return ::open(folderName.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    struct stat status {
    };
    if (!folder.isOpen() || ::fstat(folder.get(), &status) != 0)
        return ioError(u"cannot be written (step open of its folder)"_s, path);
    if (const auto prepared = prepareTarget(folder.get(), name, path, readers); !prepared)
        return prepared;
    const bool isShared = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0 || status.st_uid != ::geteuid();
    const auto saved = isShared ? saveAmongOthers(folder.get(), name, path, bytes, durability, readers)
                                : save(path, path, bytes, durability, readers);
    if (!saved)
        return saved;
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
    if (status.st_uid != ::geteuid() && status.st_uid != 0)
        return refused(u"belongs to another user (uid %1) and is not believed"_s.arg(status.st_uid), path);
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

Result<QByteArray> readPatiently(const QString &path, qint64 maximum)
{
    constexpr int kTries = 3;
    constexpr Millis kPause{20};
    Result<QByteArray> bytes = readBounded(path, maximum);
    for (int i = 1; i < kTries && !bytes && bytes.error().code == ErrorCode::Io; ++i) {
        pauseFor(kPause);
        bytes = readBounded(path, maximum);
    }
    return bytes;
}

} // namespace dormouse
