// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/compactoptional.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace dormouse {

/// What a heartbeat file says of itself (files specification, "Heartbeat files").
struct Heartbeat {
    qint64 pid = 0;
    QString uuid; ///< "" when the file names none
    WallTime lastRefresh;
    CompactOptional<WallTime> lastActive; ///< last real use, when the wrapper tells it
    QString name;                         ///< shown to people; "" when the file names none

    bool operator==(const Heartbeat &) const = default;
};

enum class HeartbeatStatus { Fresh, Stale, Orphan };

/// "fresh", "stale", "orphan".
[[nodiscard]] QLatin1StringView toString(HeartbeatStatus status);

/// Whether a file name (no folder) is a candidate: `heartbeat-*.json`, exactly.
[[nodiscard]] bool isHeartbeatName(QStringView fileName);

/// Parses the payload; nothing when the file's name and mtime must stand in for it.
[[nodiscard]] std::optional<Heartbeat> parseHeartbeat(const QByteArray &bytes);

/// Stands in for a payload that cannot be used: `heartbeat-<pid>-<rest>.json`. Nothing when the name does not fit.
[[nodiscard]] std::optional<Heartbeat> heartbeatFromName(QStringView fileName, WallTime mtime);

/// age > staleAfter, or more than staleAfter in the future → STALE; else a dead process → ORPHAN; else FRESH.
[[nodiscard]] HeartbeatStatus heartbeatStatus(WallTime lastRefresh, bool alive, WallTime now, Millis staleAfter);

} // namespace dormouse
