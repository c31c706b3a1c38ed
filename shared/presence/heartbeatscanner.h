// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/presence/processtable.h"
#include "shared/records/heartbeat.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <unordered_map>
#include <vector>

namespace dormouse {

/// One heartbeat file as a scan found it.
struct HeartbeatEntry {
    QString path;
    Heartbeat heartbeat;
    HeartbeatStatus status = HeartbeatStatus::Fresh;
    bool alive = false;
    ProcessFacts facts; ///< asked once for each new (pid, uuid), then at each re-read
};

struct HeartbeatScan {
    WallTime at;
    std::vector<HeartbeatEntry> entries; ///< in no particular order
    int overflow = 0;                    ///< candidates beyond the bound, not read
    std::optional<Error> error;          ///< the folder could not be read; a missing folder is an empty answer
    Millis took{0};
};

/// How thorough a scan is. Both give the same answer for writers that rename into place.
enum class ScanDepth {
    Hint, ///< after a watcher's signal: directory entries whose inode number is known are not looked at again
    Full, ///< at a tick: every file is stat'ed, changed ones are read again
};

/// Reads the wrappers folder (files specification, "Heartbeat files"). Standalone: needs no event loop. Keeps what it read, so that a repeated
/// scan reads only what changed; separate instances share nothing. One thread at a time per instance; safe against concurrent writers.
class HeartbeatScanner
{
public:
    HeartbeatScanner(QString folder, const ProcessTable &processes);
    [[nodiscard]] HeartbeatScan scan(ScanDepth depth, WallTime now, Millis staleAfter);

private:
    struct Known; // what is remembered of one file
    QString m_folder;
    const ProcessTable &m_processes;
    std::unordered_map<QByteArray, Known> m_known;
};

struct CleanResult {
    int removed = 0;
    std::vector<Error> failures;
};

/// Which files a clean-up removes.
enum class CleanScope {
    StaleAndOrphan, ///< on request
    DeadAndOld,     ///< by itself: the PID is dead and the heartbeat older than stale_after
};

/// Removes heartbeat files, re-checking each just before; one already gone counts as removed; goes on past any that fails. A reused PID alone never deletes.
[[nodiscard]] CleanResult cleanHeartbeats(const QString &folder, const ProcessTable &processes, CleanScope scope, WallTime now, Millis staleAfter);

} // namespace dormouse
