// SPDX-License-Identifier: MIT
#include "cli/doctor/machine.h"

#include <QFile>

#include <cstdint>
#include <cstring>
#include <vector>

#include <libproc.h>
#include <sys/sysctl.h>

namespace dormouse::doctor {
namespace {

constexpr std::uint32_t kStopped = 4; // SSTOP of <sys/proc.h>

std::vector<int> allProcesses()
{
    std::vector<int> pids(4096);
    for (;;) {
        const int count = ::proc_listallpids(pids.data(), static_cast<int>(pids.size() * sizeof(int)));
        if (count <= 0)
            return {};
        if (static_cast<std::size_t>(count) < pids.size()) {
            pids.resize(static_cast<std::size_t>(count));
            return pids;
        }
        pids.resize(pids.size() * 2);
    }
}

/// Of a process of this user: the system tells of others to root alone. argc, the program's path, zero bytes, then the arguments, each ended by a zero byte.
QStringList argumentsOf(pid_t pid)
{
    int name[] = {CTL_KERN, KERN_PROCARGS2, pid};
    std::size_t bytes = 0;
    if (::sysctl(name, 3, nullptr, &bytes, nullptr, 0) != 0 || bytes < sizeof(int))
        return {};
    QByteArray buffer(static_cast<qsizetype>(bytes), '\0');
    if (::sysctl(name, 3, buffer.data(), &bytes, nullptr, 0) != 0 || bytes < sizeof(int))
        return {};
    buffer.truncate(static_cast<qsizetype>(bytes));
    int count = 0;
    std::memcpy(&count, buffer.constData(), sizeof count);
    qsizetype at = buffer.indexOf('\0', sizeof count);
    while (at >= 0 && at < buffer.size() && buffer.at(at) == '\0')
        ++at;
    QStringList arguments;
    while (at >= 0 && at < buffer.size() && arguments.size() < count) {
        const qsizetype end = buffer.indexOf('\0', at);
        arguments.append(QFile::decodeName(buffer.mid(at, end < 0 ? -1 : end - at)));
        at = end < 0 ? buffer.size() : end + 1;
    }
    return arguments;
}

} // namespace

std::optional<WatchFacts> watchFacts(qint64)
{
    return std::nullopt; // kqueue takes a descriptor a folder, and has no limit of its own
}

bool tellsFlockHolders()
{
    return false;
}

bool isStopped(qint64 pid)
{
    proc_bsdshortinfo info{};
    const int got = ::proc_pidinfo(static_cast<int>(pid), PROC_PIDT_SHORTBSDINFO, 0, &info, sizeof(info));
    return got == static_cast<int>(sizeof(info)) && info.pbsi_status == kStopped;
}

std::optional<bool> isListenedOn(const QString &)
{
    return std::nullopt;
}

std::vector<RunningProgram> runningPrograms()
{
    std::vector<RunningProgram> programs;
    for (const int pid : allProcesses()) {
        const QStringList arguments = argumentsOf(pid);
        if (!arguments.isEmpty())
            programs.push_back({pid, arguments, {}, {}});
    }
    return programs;
}

} // namespace dormouse::doctor
