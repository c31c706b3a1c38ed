// SPDX-License-Identifier: MIT
#include "shared/storage/writerlock.h"

#include "shared/records/json.h"
#include "shared/storage/file.h"
#include "shared/storage/osfacts.h"

#include <QSysInfo>

#include <cerrno>
#include <csignal>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

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
    // One that was killed keeps its number, and its name, until its parent takes note; it holds nothing any more.
    return process == pid && (::kill(process, 0) == 0 || errno == EPERM) && !os::hasEnded(pid);
}

// With or without its domain: Python's socket.gethostname() tells either, as the machine is set up.
bool isThisHost(const QString &name)
{
    const auto first = [](const QString &host) { return host.section(u'.', 0, 0); };
    return first(name).compare(first(QSysInfo::machineHostName()), Qt::CaseInsensitive) == 0;
}

// Digits at the beginning; a number that no process can have counts as none.
qint64 leadingNumber(const QByteArray &text)
{
    constexpr qint64 kPidMax = 1'000'000'000;
    qint64 number = 0;
    for (const char character : text) {
        if (character < '0' || character > '9')
            break;
        number = number * 10 + (character - '0');
        if (number > kPidMax)
            return 0;
    }
    return number;
}

} // namespace

qint64 pythonDaemonPid(const RootPaths &paths)
{
    const auto bytes = readBounded(paths.pythonLocked(), kLockBytesMax);
    if (!bytes)
        return 0;
    const auto object = parseJsonObject(bytes.value());
    if (!object)
        return leadingNumber(bytes.value().trimmed());
    for (const QLatin1StringView key : {"host"_L1, "hostname"_L1}) {
        if (const QString host = object.value().value(key).toString(); !host.isEmpty() && !isThisHost(host))
            return 0;
    }
    return jsonInteger(object.value().value("pid"_L1)).value_or(0);
}

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
