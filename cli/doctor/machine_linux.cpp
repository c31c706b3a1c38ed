// SPDX-License-Identifier: MIT
#include "cli/doctor/machine.h"

#include <QDir>
#include <QFile>

#include <array>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qint64 kProcBytesMax = 4 * 1024 * 1024; // /proc files have no size; command lines and environments may come to 2 MiB

struct CloseDir {
    void operator()(DIR *dir) const { ::closedir(dir); }
};

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(kProcBytesMax) : QByteArray();
}

std::optional<qint64> numberIn(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    bool isNumber = false;
    const QByteArray text = file.read(64); // where contents() asks for more than the kernel gives
    const qint64 number = text.trimmed().toLongLong(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

/// This user's processes. One that ends meanwhile is simply no longer found.
std::vector<qint64> ownProcesses()
{
    std::vector<qint64> pids;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        bool isNumber = false;
        const qint64 pid = name.toLongLong(&isNumber);
        struct stat info {
        };
        if (isNumber && ::stat(QFile::encodeName(u"/proc/"_s + name).constData(), &info) == 0 && info.st_uid == ::geteuid())
            pids.push_back(pid);
    }
    return pids;
}

struct Watched {
    qint64 instances = 0;
    qint64 watches = 0;
};

/// Nothing when the process cannot be looked at.
std::optional<Watched> watchedBy(qint64 pid)
{
    const QString folder = u"/proc/%1/fd"_s.arg(pid);
    const std::unique_ptr<DIR, CloseDir> dir(::opendir(QFile::encodeName(folder).constData()));
    if (!dir)
        return std::nullopt;
    Watched watched;
    while (const dirent *entry = ::readdir(dir.get())) {
        std::array<char, 64> target{};
        const ssize_t length = ::readlinkat(::dirfd(dir.get()), entry->d_name, target.data(), target.size());
        if (length <= 0 || std::string_view(target.data(), static_cast<std::size_t>(length)) != "anon_inode:inotify")
            continue;
        ++watched.instances;
        const QByteArray details = contents(u"/proc/%1/fdinfo/%2"_s.arg(pid).arg(QString::fromLatin1(entry->d_name)));
        watched.watches += details.count("inotify wd:");
    }
    return watched;
}

std::optional<QString> variable(const QByteArray &environment, QByteArrayView name)
{
    for (const QByteArray &line : environment.split('\0')) {
        if (line.startsWith(name) && line.size() > name.size() && line.at(name.size()) == '=')
            return QFile::decodeName(line.mid(name.size() + 1));
    }
    return std::nullopt;
}

} // namespace

std::optional<WatchFacts> watchFacts(qint64 agent)
{
    WatchFacts facts;
    facts.maxInstances = numberIn(u"/proc/sys/fs/inotify/max_user_instances"_s);
    facts.maxWatches = numberIn(u"/proc/sys/fs/inotify/max_user_watches"_s);
    for (const qint64 pid : ownProcesses()) {
        const std::optional<Watched> watched = watchedBy(pid);
        if (!watched)
            continue;
        facts.instances += watched->instances;
        facts.watches += watched->watches;
        if (pid == agent) {
            facts.agentInstances = watched->instances;
            facts.agentWatches = watched->watches;
        }
    }
    return facts;
}

bool tellsFlockHolders()
{
    return QFile::exists(u"/proc/locks"_s);
}

bool isStopped(qint64 pid)
{
    const QByteArray stat = contents(u"/proc/%1/stat"_s.arg(pid));
    const qsizetype end = stat.lastIndexOf(')'); // the name before it may hold anything
    const char state = end >= 0 && end + 2 < stat.size() ? stat.at(end + 2) : '?';
    return state == 'T' || state == 't';
}

std::optional<bool> isListenedOn(const QString &path)
{
    const QByteArray sockets = contents(u"/proc/net/unix"_s);
    if (sockets.isEmpty())
        return std::nullopt;
    const QByteArray wanted = QByteArray(" ").append(QFile::encodeName(path));
    for (const QByteArray &line : sockets.split('\n')) {
        // "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /path": the fourth is 10000 where somebody listens
        if (line.endsWith(wanted) && line.contains(" 00010000 "))
            return true;
    }
    return false;
}

std::vector<RunningProgram> runningPrograms()
{
    std::vector<RunningProgram> programs;
    for (const qint64 pid : ownProcesses()) {
        RunningProgram program;
        program.pid = pid;
        const QByteArray line = contents(u"/proc/%1/cmdline"_s.arg(pid));
        for (const QByteArray &word : line.split('\0'))
            program.arguments.append(QFile::decodeName(word));
        if (line.isEmpty())
            continue;                   // the kernel's own, or gone
        program.arguments.removeLast(); // what follows the last zero byte
        const QByteArray environment = contents(u"/proc/%1/environ"_s.arg(pid));
        program.store = variable(environment, "IAI_MCP_STORE");
        program.home = variable(environment, "HOME");
        programs.push_back(program);
    }
    return programs;
}

} // namespace dormouse::doctor
