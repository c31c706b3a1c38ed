// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/worker.h"
#include "shared/presence/heartbeatscanner.h"
#include "shared/presence/processtable.h"
#include "shared/storage/rootpaths.h"

#include <QObject>

#include <atomic>
#include <functional>

namespace dormouse {

/// Work on files that may take long, one after the other on a worker thread, so that no client waits for it. `processes` must outlive it. It breaks off what
/// is under way when it goes; what was asked to be called is then not called any more. Main thread.
class Chores : public QObject
{
    Q_OBJECT

public:
    struct Cleaned {
        CleanResult heartbeats;
        int temporaries = 0;
    };

    Chores(RootPaths paths, const ProcessTable &processes, QObject *parent = nullptr);
    ~Chores() override;

    /// Archives old days of the event log.
    void archiveLogs(WallTime now, std::function<void()> done = {});
    /// Removes the heartbeats whose PID is dead and that are older than `staleAfter`. Does nothing when that is under way and nobody waits for it.
    void removeDeadHeartbeats(WallTime now, Millis staleAfter, std::function<void()> done = {});
    /// On somebody's request: every STALE and ORPHAN heartbeat, and old temporary files of others.
    void clean(WallTime now, Millis staleAfter, std::function<void(const Cleaned &)> done);
    /// So much waits that the same has just been asked for: the first two then only call back, and the third is not to be asked for.
    [[nodiscard]] bool isFull() const { return m_count >= kWaitingMax; }

private:
    static constexpr int kWaitingMax = 8;

    /// `work` runs on the worker; what it answers with runs on the main thread.
    void start(std::function<std::function<void()>()> work);
    bool skip(const std::function<void()> &done);

    const RootPaths m_paths;
    const ProcessTable &m_processes;
    int m_count = 0;
    bool m_isRemovingDead = false;
    std::atomic<bool> m_isOver = false;
    Worker m_worker;
};

} // namespace dormouse
