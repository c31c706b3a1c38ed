// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/storage/rootpaths.h"

#include <QLockFile>

#include <memory>
#include <optional>

namespace dormouse {

/// Who holds agent.lock, as it says itself. Observers read this; they never take a lock.
struct LockHolder {
    qint64 pid = 0;
    QString host;
    QString program;
    bool alive = false; ///< on this host, and the process lives

    bool operator==(const LockHolder &) const = default;
};

/// The single-writer lock of a root (files specification, "The lock: L2"): flock on .lifecycle.lock, which decides, then agent.lock,
/// a QLockFile, which tells who it is. Held from start-up to exit; released by the destructor. Main thread, and taken before any other thread
/// exists: the umask is narrowed for an instant, since QLockFile would make its file readable to all.
class WriterLock
{
public:
    explicit WriterLock(RootPaths paths);
    ~WriterLock();
    WriterLock(const WriterLock &) = delete;
    WriterLock &operator=(const WriterLock &) = delete;

    /// One attempt, without waiting. Errors: Busy (the message names the holder), Refused, Permission (somebody else's lock file), Io. With Busy nothing was
    /// changed, but that a missing .lifecycle.lock was made.
    [[nodiscard]] Result<void> tryAcquire();
    /// Attempts for `limit`, blocking (start-up only). Same errors.
    [[nodiscard]] Result<void> acquire(Millis limit);
    [[nodiscard]] bool isHeld() const { return m_descriptor >= 0; }
    /// Takes again what somebody has deleted, and agent.lock where a full disk kept it from being written; nothing otherwise. Called at each tick.
    void refresh();
    /// An agent that has the root now, since it was deleted under this one and made anew: there are two who write until this one ends.
    [[nodiscard]] std::optional<LockHolder> successor() const;
    void release();

private:
    [[nodiscard]] Result<void> attempt();
    [[nodiscard]] Result<void> takeAgentLock();
    [[nodiscard]] bool isNamed() const;
    [[nodiscard]] bool retakeFirstLock();
    void dropAgentLock();

    RootPaths m_paths;
    int m_descriptor = -1;
    std::unique_ptr<QLockFile> m_agentLock;
};

/// Reads agent.lock; nothing when there is none or it says nothing usable.
[[nodiscard]] std::optional<LockHolder> readLockHolder(const RootPaths &paths);

/// The PID of the Python daemon that `.locked` names: a JSON object with `pid` and perhaps `host`, or a number first. 0 when there is none, or it is
/// one of another host, whose processes are none of ours. Whether it lives is for the caller to ask.
[[nodiscard]] qint64 pythonDaemonPid(const RootPaths &paths);

} // namespace dormouse
