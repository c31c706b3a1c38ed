// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/compactoptional.h"
#include "shared/base/result.h"
#include "shared/presence/processtable.h"
#include "shared/records/heartbeat.h"

#include <QString>

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

namespace dormouse {

/// What is known of the parent of a wrapper's process.
enum class ParentKind : quint8 {
    Unknown,
    Other,
    Reaper, ///< PID 1 or the user's service manager, which adopt orphans
};

/// One heartbeat file as a scan found it. There may be ten thousand in memory.
struct HeartbeatEntry {
    QByteArray name; ///< of the file in its folder, byte for byte
    Heartbeat heartbeat;
    HeartbeatStatus status = HeartbeatStatus::Fresh;
    bool alive = false;  ///< asked anew at every scan
    bool reused = false; ///< the PID belongs to another process than at first sight
    // Of a live process: asked at first sight of (pid, uuid), at each re-read, and in turn by full scans.
    ParentKind parent = ParentKind::Unknown;
    CompactOptional<qint64> startTime; ///< as the kernel counts it since boot; only ever compared for equality
};

struct HeartbeatScan {
    WallTime at;
    std::vector<HeartbeatEntry> entries; ///< in no particular order; at most kHeartbeatsMax
    int overflow = 0;                    ///< candidates beyond the bound, not read; those known already are kept first
    std::optional<Error> error;          ///< the folder could not be read (whole); a missing folder is an empty answer
    int unreadable =
        0; ///< candidates that are there but cannot be read (name and mtime stand in), or are another user's (no entry)
    std::optional<Error> fileError; ///< the first of these
    Millis took{0};
};

/// How thorough a scan is. Both give the same answer for writers that rename into place, unless the file system hands an inode number out again at once:
/// then the next full scan, or the re-reading of what looks stale, finds it.
enum class ScanDepth {
    Hint, ///< after a watcher's signal: directory entries whose inode number is known are not looked at again
    Full, ///< at a tick: every file is stat'ed, changed ones are read again
};

/// The path of a heartbeat file, for people: a name that is not UTF-8 cannot be opened by it.
[[nodiscard]] QString heartbeatPath(const QString &folder, const QByteArray &name);

/// Reads the wrappers folder (files specification, "Heartbeat files"). Standalone: needs no event loop. Keeps what it read, so that a repeated
/// scan reads only what changed; separate instances share nothing. One thread at a time per instance; safe against concurrent writers.
class HeartbeatScanner
{
public:
    HeartbeatScanner(QString folder, const ProcessTable &processes);
    ~HeartbeatScanner();
    HeartbeatScanner(HeartbeatScanner &&other) noexcept;

    [[nodiscard]] HeartbeatScan scan(ScanDepth depth, WallTime now, Millis staleAfter);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Whether the folder holds more than `count` candidates; looks at no more names than it must.
[[nodiscard]] bool hasMoreHeartbeatsThan(const QString &folder, int count);

struct CleanResult {
    int removed = 0;
    std::vector<Error> failures;
};

/// Which files a clean-up removes.
enum class CleanScope {
    StaleAndOrphan, ///< on request
    DeadAndOld,     ///< by itself: the PID is dead and the heartbeat older than stale_after
};

/// Removes heartbeat files, whatever their number; goes on past any that fails. Each is read, judged at `now`, and compared with what was judged (inode and
/// times) right before it is unlinked, so that one refreshed meanwhile survives; one already gone then counts as removed. A reused PID alone never deletes.
/// Any thread; broken off once `isOver` is true.
[[nodiscard]] CleanResult cleanHeartbeats(const QString &folder, const ProcessTable &processes, CleanScope scope, WallTime now,
                                          Millis staleAfter, const std::atomic<bool> *isOver = nullptr);

} // namespace dormouse
