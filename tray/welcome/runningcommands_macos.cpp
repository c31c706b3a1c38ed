// SPDX-License-Identifier: MIT
#include "tray/welcome/machinefacts.h"

#include <QFile>

#include <libproc.h>
#include <sys/sysctl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace dormouse {
namespace {

constexpr std::size_t kProcessesMax = 32768;
constexpr std::size_t kBytesMax = 64 * 1024;

/// KERN_PROCARGS2: the count of arguments, the path of the executable, zeros, then the arguments, each ended by a zero. The environment follows.
QStringList argumentsOf(const std::vector<char> &bytes)
{
    int count = 0;
    if (bytes.size() <= sizeof(count))
        return {};
    std::memcpy(&count, bytes.data(), sizeof(count));
    auto at = std::find(bytes.begin() + sizeof(count), bytes.end(), '\0');
    at = std::find_if(at, bytes.end(), [](char c) { return c != '\0'; });
    QStringList arguments;
    while (arguments.size() < count) {
        const auto end = std::find(at, bytes.end(), '\0');
        if (end == bytes.end())
            return {}; // a cut one is worse than none
        arguments.append(QFile::decodeName(QByteArray(&*at, static_cast<qsizetype>(end - at))));
        at = end + 1;
    }
    return arguments;
}

/// Of processes of this user only: the system tells nothing of others.
QStringList argumentsOf(pid_t pid)
{
    std::vector<char> bytes(kBytesMax);
    size_t size = bytes.size();
    int name[] = {CTL_KERN, KERN_PROCARGS2, static_cast<int>(pid)};
    if (::sysctl(name, 3, bytes.data(), &size, nullptr, 0) != 0)
        return {};
    bytes.resize(size);
    return argumentsOf(bytes);
}

QString programOf(pid_t pid)
{
    std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
    const int length = ::proc_pidpath(static_cast<int>(pid), path.data(), static_cast<std::uint32_t>(path.size()));
    return length > 0 ? QFile::decodeName(QByteArray(path.data(), length)) : QString();
}

QString folderOf(pid_t pid)
{
    proc_vnodepathinfo info{};
    const int got = ::proc_pidinfo(static_cast<int>(pid), PROC_PIDVNODEPATHINFO, 0, &info, sizeof(info));
    return got == static_cast<int>(sizeof(info)) ? QFile::decodeName(info.pvi_cdir.vip_path) : QString();
}

} // namespace

std::vector<RunningCommand> runningCommands(const QString &)
{
    std::vector<pid_t> pids(kProcessesMax);
    const int count = ::proc_listallpids(pids.data(), static_cast<int>(pids.size() * sizeof(pid_t)));
    pids.resize(static_cast<std::size_t>(std::max(count, 0)));
    std::vector<RunningCommand> found;
    for (const pid_t pid : pids) {
        RunningCommand running;
        running.arguments = argumentsOf(pid);
        if (!knownProgram(running.arguments))
            continue;
        running.pid = pid;
        running.program = programOf(pid);
        running.folder = folderOf(pid);
        found.push_back(running);
    }
    return found;
}

} // namespace dormouse
