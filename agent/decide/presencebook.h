// SPDX-License-Identifier: MIT
#pragma once

#include "agent/decide/observations.h"
#include "shared/base/compactoptional.h"
#include "shared/base/settings.h"
#include "shared/presence/heartbeatscanner.h"
#include "shared/records/agentmemory.h"

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace dormouse {

/// Whether a heartbeat is presence, and if not, why not (lifecycle rule 1).
enum class Counting { Counts, Stale, Orphan, Leaked, UnderWish, Unused };

/// One heartbeat after judgement.
struct JudgedWrapper {
    HeartbeatEntry entry; ///< its status says ORPHAN for a reused PID, and FRESH for one kept so after a suspend
    CompactOptional<AwakeTime> lastActivity; ///< when it was last seen being used
    Counting counting = Counting::Stale;
    bool reused = false;     ///< the PID belongs to another process than at first sight
    bool leaked = false;     ///< its parent is gone
    bool neverKnown = false; ///< it has never told a last_active: without an idle source, attached is all there is
    bool keptFresh = false;  ///< FRESH only by the grace after a suspend

    [[nodiscard]] bool counts() const { return counting == Counting::Counts; }
};

/// What a judgement depends on beside the scan.
struct JudgeContext {
    const Settings &settings;
    const std::optional<Wish> &wish;
    std::optional<Millis> userIdle; ///< as of `now`; nothing: no source knows
    bool isUserAnswered = false;    ///< false while an answer of the idle source is still awaited
    AwakeTime now;
};

/// Whether a request is that of the wrapper (pid, uuid): by the uuid it named, or by the process at the other end.
[[nodiscard]] bool isFrom(const Requester &requester, qint64 pid, const QString &uuid);

/// Remembers wrappers from their first sight on, and judges which of them are presence. Pure values; no I/O, no clock of its own.
class PresenceBook
{
public:
    void restore(const AgentMemory &memory, AwakeTime now);
    void store(AgentMemory &memory) const;

    /// Takes in a scan; one that failed only lets what is known grow old. True when something was learned that must survive a restart (a first sight, a leak,
    /// a wrapper gone for good).
    bool absorb(const HeartbeatScan &scan, AwakeTime now, Millis staleAfter);
    /// A request came from this uuid or PID: its wrapper is being used.
    void noteUse(const Requester &requester, AwakeTime now);
    /// Heartbeats FRESH as of the last scan stay so while their PID lives, until endGrace().
    void beginGrace();
    void endGrace();
    void judge(const JudgeContext &context);

    [[nodiscard]] const std::vector<JudgedWrapper> &wrappers() const { return m_wrappers; }
    [[nodiscard]] bool isAnyPresent() const { return m_presentCount > 0; }
    [[nodiscard]] int presentCount() const { return m_presentCount; }
    [[nodiscard]] int overflow() const { return m_overflow; }
    /// Wrappers that are not known to be dead, sorted by PID: those a wish makes ignored.
    [[nodiscard]] std::vector<IgnoredWrapper> attached() const;
    /// Whether it depends on the user's idleness if any wrapper counts (policy "active"), as of the last judgement.
    [[nodiscard]] bool dependsOnUser() const { return m_dependsOnUser; }

private:
    struct Key {
        qint64 pid;
        QString uuid;
        bool operator==(const Key &) const = default;
    };
    struct KeyHash {
        /// noexcept, so that the maps do not keep a hash with each key (GNU libstdc++).
        std::size_t operator()(const Key &key) const noexcept { return qHashMulti(0, key.pid, key.uuid); }
    };
    /// A WrapperMemory, without what the key says.
    struct Remembered {
        CompactOptional<qint64> startTime;
        AwakeTime firstSeen;
        CompactOptional<WallTime> lastActiveField;
        CompactOptional<AwakeTime> lastActivity;
        bool parentWasLive = false;
        bool leaked = false;
        bool seen = false;                    ///< in the last scan
        CompactOptional<AwakeTime> goneSince; ///< its file has been missing since
    };
    /// Where a process came from: known per PID and start time, whatever uuids it writes.
    struct Origin {
        qint64 startTime = 0;
        bool parentWasLive = false;
        bool leaked = false;
    };

    bool absorbEntry(JudgedWrapper &wrapper, AwakeTime now);
    bool noteOrigin(Remembered &memory, const HeartbeatEntry &entry);
    bool forgetGone(AwakeTime now);
    void growOld(WallTime now, Millis staleAfter);
    [[nodiscard]] Counting countingOf(const JudgedWrapper &wrapper, const JudgeContext &context);

    std::unordered_map<Key, Remembered, KeyHash> m_remembered;
    std::unordered_map<qint64, Origin> m_origins;
    std::vector<JudgedWrapper> m_wrappers;
    std::unordered_set<Key, KeyHash> m_graced;
    int m_presentCount = 0;
    int m_overflow = 0;
    bool m_dependsOnUser = false;
};

} // namespace dormouse
