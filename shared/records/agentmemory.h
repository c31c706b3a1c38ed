// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QJsonObject>
#include <QMap>
#include <QString>
#include <QStringList>

#include <compare>
#include <optional>
#include <vector>

namespace dormouse {

/// Identity of one wrapper process: its PID, the start time of that process as the kernel counts it
/// (unknown where the system does not tell), and the uuid of its heartbeat.
struct WrapperId {
    qint64 pid = 0;
    std::optional<qint64> startTime;
    QString uuid;

    std::strong_ordering operator<=>(const WrapperId &) const = default;
    bool operator==(const WrapperId &) const = default;
};

/// What is remembered of a wrapper across restarts of the agent (same boot only).
struct WrapperMemory {
    WrapperId id;
    AwakeTime firstSeen;
    std::optional<WallTime> lastActiveField; ///< the wrapper's own last_active, as last read
    std::optional<AwakeTime> lastActivity;   ///< when we last saw it being used
    bool parentWasLive = false;              ///< at first sight its parent was neither PID 1 nor the service manager
    bool leaked = false;

    bool operator==(const WrapperMemory &) const = default;
};

/// A hold ("pause"): keeps awake until it ends.
struct Hold {
    WallTime since;
    std::optional<Millis> length; ///< nothing: until `resume`
    std::optional<ElapsedTime> untilElapsed;
    std::optional<WallTime> untilWall; ///< used when the boot is another one
    QString reason;

    bool operator==(const Hold &) const = default;
};

/// A wrapper whose heartbeat does not count until it is used again.
struct IgnoredWrapper {
    qint64 pid = 0;
    QString uuid;
    std::optional<WallTime> lastActive; ///< its last_active when the wish was made

    bool operator==(const IgnoredWrapper &) const = default;
};

/// A wish ("Sleep Now", "hibernate", or `release` of one heartbeat).
struct Wish {
    std::optional<QString> kind; ///< "sleep" or "hibernate"; nothing when only single wrappers are ignored
    WallTime since;
    QString reason;
    bool eligible = false;               ///< makes sleep eligible until the next presence, request or WAKE
    std::vector<IgnoredWrapper> ignored; ///< sorted by PID
    QStringList ignoredLeases;
    bool isReached = false; ///< the state it was about has been entered

    bool operator==(const Wish &) const = default;
};

/// A wake.signal that has counted but could not be removed: it counts once per (inode, mtime).
struct CountedSignal {
    qint64 inode = 0;
    qint64 mtimeNs = 0;

    bool operator==(const CountedSignal &) const = default;
};

/// The content of dormouse.json: what is the agent's alone. Instants on the awake and elapsed clock mean something only
/// while `bootId` is the running system's.
struct AgentMemory {
    QString bootId;
    AwakeTime savedAwake; ///< clock readings when it was written
    ElapsedTime savedElapsed;
    std::optional<AwakeTime> baseline; ///< end of the last use (lifecycle rule 1)
    std::optional<AwakeTime> lastHeartbeatPresence;
    std::vector<WrapperMemory> wrappers;
    std::optional<Hold> hold;
    std::optional<Wish> wish;
    std::optional<CountedSignal> countedSignal;
    bool cycleComplete = false;            ///< the sleep cycle of this stay in SLEEP is complete
    QJsonObject cycle;                     ///< the sleep cycle's bookkeeping, opaque here; empty: there never was one
    QStringList leftAlone;                 ///< services that are neither started nor stopped until told otherwise
    QMap<QString, QString> acknowledged;   ///< attention mark → the cause that was acknowledged
    std::optional<QJsonObject> lastDigest; ///< the last digest shown
    QJsonObject unknown;                   ///< keys of later versions, kept

    bool operator==(const AgentMemory &) const = default;
};

/// Missing or ill-typed parts are left out, never an error: everything here can be rebuilt.
[[nodiscard]] AgentMemory memoryFromJson(const QJsonObject &object);
/// The content of dormouse.json: laid out for people, a line for each wrapper. The wrappers, which may be many, are written without a JSON document of them.
[[nodiscard]] QByteArray formatMemory(const AgentMemory &memory);

} // namespace dormouse
