// SPDX-License-Identifier: MIT
#include "cli/doctor/machine.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <limits>

#include <sys/stat.h>
#include <sys/statvfs.h>

namespace dormouse::doctor {

FileKind fileKind(const QString &path)
{
    struct stat info {
    };
    if (::lstat(QFile::encodeName(path).constData(), &info) != 0)
        return errno == ENOENT || errno == ENOTDIR ? FileKind::Missing : FileKind::Unknown;
    if (S_ISREG(info.st_mode))
        return FileKind::Regular;
    if (S_ISDIR(info.st_mode))
        return FileKind::Folder;
    if (S_ISLNK(info.st_mode))
        return FileKind::Link;
    return S_ISSOCK(info.st_mode) ? FileKind::Socket : FileKind::Other;
}

DiskFacts diskFacts(const QString &path)
{
    DiskFacts facts;
    struct statvfs info {
    };
    if (::statvfs(QFile::encodeName(path).constData(), &info) != 0) {
        facts.error = QString::fromLocal8Bit(std::strerror(errno));
        return facts;
    }
    const double bytes = double(info.f_bavail) * double(info.f_frsize);
    constexpr double most = double(std::numeric_limits<qint64>::max() / 2);
    facts.freeBytes = bytes < most ? static_cast<qint64>(bytes) : std::numeric_limits<qint64>::max() / 2;
    facts.isReadOnly = (info.f_flag & ST_RDONLY) != 0;
    if (info.f_files > 0) // 0: such a file system, btrfs for one, makes them as it needs them
        facts.freeFiles = static_cast<qint64>(info.f_favail);
    return facts;
}

} // namespace dormouse::doctor
