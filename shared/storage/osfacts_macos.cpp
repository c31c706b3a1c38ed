// SPDX-License-Identifier: MIT
#include "shared/storage/osfacts.h"

#include "shared/storage/descriptor.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <libproc.h>
#include <sys/proc.h>

#include <array>

namespace dormouse::os {

int syncToMedium(int descriptor)
{
    if (uninterrupted([&] { return ::fcntl(descriptor, F_FULLFSYNC); }) == 0)
        return 0;
    // Network and some foreign file systems do not know it.
    return uninterrupted([&] { return ::fsync(descriptor); }) == 0 ? 0 : errno;
}

QString processName(qint64 pid)
{
    std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
    const int length = ::proc_pidpath(static_cast<int>(pid), path.data(), static_cast<std::uint32_t>(path.size()));
    if (length <= 0)
        return {};
    return QFileInfo(QFile::decodeName(QByteArray(path.data(), length))).fileName();
}

bool isProcessNamed(qint64 pid, const QString &program)
{
    const QString name = processName(pid);
    return name.isEmpty() || name == program;
}

bool hasEnded(qint64 pid)
{
    constexpr std::uint64_t kZombiesToo = 1;
    proc_bsdshortinfo info{};
    const int got = ::proc_pidinfo(static_cast<int>(pid), PROC_PIDT_SHORTBSDINFO, kZombiesToo, &info, sizeof(info));
    return got == static_cast<int>(sizeof(info)) && info.pbsi_status == SZOMB;
}

std::optional<qint64> flockHolder(dev_t, ino_t)
{
    return std::nullopt; // the system does not tell
}

} // namespace dormouse::os
