// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace dormouse::doctor {

// What `doctor` asks of the operating system; machine_linux.cpp, machine_macos.cpp, and machine.cpp for what POSIX has.

enum class FileKind { Missing, Unknown, Regular, Folder, Link, Socket, Other };

/// What stands at a path; a link is not followed. Unknown: it cannot be looked at.
[[nodiscard]] FileKind fileKind(const QString &path);

struct DiskFacts {
    QString error; ///< the file system could not be asked
    bool isReadOnly = false;
    qint64 freeBytes = 0;            ///< to this user
    std::optional<qint64> freeFiles; ///< nothing: no bound
};
[[nodiscard]] DiskFacts diskFacts(const QString &path);

/// What may be watched, and how much of it this user's processes do.
struct WatchFacts {
    std::optional<qint64> maxInstances;
    std::optional<qint64> maxWatches;
    qint64 instances = 0;
    qint64 watches = 0;
    std::optional<qint64> agentInstances; ///< nothing: there is no agent, or it cannot be looked at
    std::optional<qint64> agentWatches;
};
/// `agent`: its PID, 0 when there is none. Nothing where the system has no such limits.
[[nodiscard]] std::optional<WatchFacts> watchFacts(qint64 agent);

/// Whether the system tells who holds a flock (os::flockHolder()).
[[nodiscard]] bool tellsFlockHolders();

/// Whether a signal has stopped the process (SIGSTOP, Ctrl-Z).
[[nodiscard]] bool isStopped(qint64 pid);

/// Whether a process listens on a local socket of that path, told without connecting: that could start an agent. Nothing where the system does not tell.
[[nodiscard]] std::optional<bool> isListenedOn(const QString &path);

/// A running process of this user.
struct RunningProgram {
    qint64 pid = 0;
    QStringList arguments;
    std::optional<QString> store; ///< IAI_MCP_STORE in its environment
    std::optional<QString> home;  ///< HOME in it; nothing: its environment cannot be read
};
[[nodiscard]] std::vector<RunningProgram> runningPrograms();

} // namespace dormouse::doctor
