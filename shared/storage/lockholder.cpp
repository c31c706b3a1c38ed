// SPDX-License-Identifier: MIT
#include "shared/storage/writerlock.h"

#include "shared/storage/file.h"
#include "shared/storage/osfacts.h"

#include <QSysInfo>

#include <cerrno>
#include <csignal>

namespace dormouse {
namespace {

constexpr qint64 kLockBytesMax = 4096; // five short lines

// A line of agent.lock, "" when it has fewer: PID, program, host, machine id, boot id.
QString line(const QList<QByteArray> &lines, qsizetype index)
{
    return index < lines.size() ? QString::fromUtf8(lines[index]).trimmed() : QString();
}

bool isHere(const QString &host, const QString &machine)
{
    // Either is enough: a renamed machine keeps its id, one with a new id its name.
    return host == QSysInfo::machineHostName()
           || (!machine.isEmpty() && machine == QString::fromUtf8(QSysInfo::machineUniqueId()));
}

bool isAlive(qint64 pid)
{
    const auto process = static_cast<pid_t>(pid);
    return process == pid && (::kill(process, 0) == 0 || errno == EPERM);
}

} // namespace

std::optional<LockHolder> readLockHolder(const RootPaths &paths)
{
    const auto bytes = readBounded(paths.agentLock(), kLockBytesMax);
    if (!bytes)
        return std::nullopt;
    const QList<QByteArray> lines = bytes.value().split('\n');
    bool isNumber = false;
    LockHolder holder;
    holder.pid = line(lines, 0).toLongLong(&isNumber);
    holder.program = line(lines, 1);
    holder.host = line(lines, 2);
    if (!isNumber || holder.pid <= 0 || holder.program.isEmpty())
        return std::nullopt;
    const QString boot = line(lines, 4);
    const QString thisBoot = QString::fromUtf8(QSysInfo::bootUniqueId());
    const bool isThisBoot = boot.isEmpty() || thisBoot.isEmpty() || boot == thisBoot;
    holder.alive = isThisBoot && isHere(holder.host, line(lines, 3)) && isAlive(holder.pid)
                   && os::isProcessNamed(holder.pid, holder.program);
    return holder;
}

} // namespace dormouse
