// SPDX-License-Identifier: MIT
#include "shared/config/configuration.h"

#include "shared/config/tomlvalue.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString octal(mode_t mode)
{
    return u"%1"_s.arg(mode & 07777U, 4, 8, QLatin1Char('0'));
}

Error permissionError(const QString &why, const QString &path)
{
    return {ErrorCode::Permission, u"the configuration holds commands, and is not used: "_s + why, path, 0};
}

/// Nothing when the file is one that only the user and root can have written.
Result<void> checkRights(const struct stat &info, const QString &path)
{
    if (info.st_uid != ::geteuid() && info.st_uid != 0)
        return permissionError(u"it belongs to another user (uid %1; remedy: chown %2)"_s.arg(info.st_uid).arg(::geteuid()),
                               path);
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return permissionError(u"others may write it (mode %1; remedy: chmod go-w)"_s.arg(octal(info.st_mode)), path);
    return {};
}

/// Where everybody may write into the folder, everybody may put another file in this one's place.
Result<void> checkFolder(const QString &folder)
{
    struct stat info {
    };
    if (::stat(QFile::encodeName(folder).constData(), &info) != 0)
        return Error{ErrorCode::Io, u"the configuration's folder cannot be looked at"_s, folder, errno};
    if ((info.st_mode & S_IWOTH) != 0 && (info.st_mode & S_ISVTX) == 0)
        return permissionError(u"everybody may write its folder (mode %1; remedy: chmod o-w)"_s.arg(octal(info.st_mode)), folder);
    return {};
}

Error openError(const QString &path, int cause)
{
    const bool isForbidden = cause == EACCES || cause == EPERM;
    return {isForbidden ? ErrorCode::Permission : ErrorCode::Io, u"the configuration cannot be read"_s, path, cause};
}

/// Checks and reads through one descriptor, so that what was checked is what is read.
Result<QByteArray> readChecked(const QString &real)
{
    // O_NONBLOCK: a FIFO must not make anybody wait.
    const int descriptor = ::open(QFile::encodeName(real).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        return openError(real, errno);
    QFile file;
    if (!file.open(descriptor, QIODevice::ReadOnly | QIODevice::Unbuffered, QFileDevice::AutoCloseHandle)) {
        ::close(descriptor);
        return Error{ErrorCode::Refused, u"the configuration is not a regular file"_s, real, 0};
    }
    struct stat info {
    };
    if (::fstat(descriptor, &info) != 0)
        return openError(real, errno);
    if (!S_ISREG(info.st_mode))
        return Error{ErrorCode::Refused, u"the configuration is not a regular file"_s, real, 0};
    if (const Result<void> rights = checkRights(info, real); !rights)
        return rights.error();
    if (const Result<void> folder = checkFolder(QFileInfo(real).path()); !folder)
        return folder.error();
    const QByteArray text = file.read(kConfigurationBytesMax + 1);
    if (file.error() != QFileDevice::NoError)
        return Error{ErrorCode::Io, u"the configuration cannot be read: "_s + file.errorString(), real, 0};
    if (text.size() > kConfigurationBytesMax)
        return Error{ErrorCode::TooLarge, u"the configuration is larger than 1 MiB"_s, real, 0};
    return text;
}

} // namespace

Result<QByteArray> readConfigurationFile(const QString &path)
{
    struct stat link {
    };
    if (::lstat(QFile::encodeName(path).constData(), &link) != 0)
        return errno == ENOENT ? Result<QByteArray>(QByteArray()) : Result<QByteArray>(openError(path, errno));
    if (S_ISLNK(link.st_mode) && link.st_uid != ::geteuid() && link.st_uid != 0)
        return permissionError(u"it is a link that another user (uid %1) made; remedy: remove it"_s.arg(link.st_uid), path);
    char *resolved = ::realpath(QFile::encodeName(path).constData(), nullptr);
    if (!resolved) {
        const int cause = errno;
        if (cause == ENOENT && S_ISLNK(link.st_mode))
            return Error{ErrorCode::NotFound, u"the configuration is a link to a file that does not exist"_s, path, 0};
        return cause == ENOENT ? Result<QByteArray>(QByteArray()) : Result<QByteArray>(openError(path, cause));
    }
    const QString real = QFile::decodeName(resolved);
    ::free(resolved);
    Result<QByteArray> text = readChecked(real);
    // An editor that saves by rename may take the file away for an instant.
    if (!text && text.error().systemError == ENOENT)
        return QByteArray();
    return text;
}

} // namespace dormouse
