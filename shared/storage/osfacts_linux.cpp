// SPDX-License-Identifier: MIT
#include "shared/storage/osfacts.h"

#include "shared/storage/descriptor.h"

#include <QFile>
#include <QFileInfo>

#include <sys/sysmacros.h>

namespace dormouse::os {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qsizetype kCommLength = 15; // the kernel cuts a task's name there

QString executableName(qint64 pid)
{
    QString target = QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid));
    const QString replaced = u" (deleted)"_s; // what the kernel appends when the file was replaced by an update
    if (target.endsWith(replaced))
        target.chop(replaced.size());
    return QFileInfo(target).fileName();
}

QString taskName(qint64 pid)
{
    QFile file(u"/proc/%1/comm"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromLocal8Bit(file.read(64)).trimmed();
}

} // namespace

int syncToMedium(int descriptor)
{
    return uninterrupted([&] { return ::fsync(descriptor); }) == 0 ? 0 : errno;
}

QString processName(qint64 pid)
{
    const QString name = executableName(pid);
    return name.isEmpty() ? taskName(pid) : name;
}

bool isProcessNamed(qint64 pid, const QString &program)
{
    const QString executable = executableName(pid);
    const QString task = taskName(pid);
    if (executable.isEmpty() && task.isEmpty())
        return true;
    return executable == program || task == program.left(kCommLength);
}

bool hasEnded(qint64 pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray line = file.read(1024);
    const qsizetype name = line.lastIndexOf(')'); // the name may hold anything, parentheses included
    return name >= 0 && (line.mid(name + 2, 1) == "Z" || line.mid(name + 2, 1) == "X");
}

std::optional<qint64> flockHolder(dev_t device, ino_t inode)
{
    // "1: FLOCK  ADVISORY  WRITE 17728 fe:00:10952986 0 EOF"; waiters have "->" after the number.
    QFile file(u"/proc/locks"_s);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    std::optional<qint64> sameInode;
    for (const QByteArray &line : file.readAll().split('\n')) {
        const QList<QByteArray> words = line.simplified().split(' ');
        if (words.size() < 6 || words[1] != "FLOCK")
            continue;
        const QList<QByteArray> place = words[5].split(':');
        bool ok = false;
        const qint64 pid = words[4].toLongLong(&ok);
        if (!ok || pid <= 0 || place.size() != 3 || place[2].toULongLong() != inode)
            continue;
        if (place[0].toUInt(nullptr, 16) == major(device) && place[1].toUInt(nullptr, 16) == minor(device))
            return pid;
        sameInode = pid; // btrfs and overlayfs tell another device here than stat() does
    }
    return sameInode;
}

} // namespace dormouse::os
