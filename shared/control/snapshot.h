// SPDX-License-Identifier: MIT
#pragma once

#include "shared/lifecycle/lifecycle.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace dormouse {

/// Counts of wrappers and leases.
struct WrapperCounts {
    int fresh = 0;
    int stale = 0;
    int orphan = 0;
    int leaked = 0;
    int leases = 0;
    int overflow = 0; ///< heartbeat files beyond the bound, not read

    bool operator==(const WrapperCounts &) const = default;
};

/// Something a person should look at.
struct Attention {
    QString what; ///< stable word, for `acknowledge`: "wake_signal", "starvation"
    QString text;
    QString since; ///< time stamp

    bool operator==(const Attention &) const = default;
};

/// One managed service, as shown.
struct ServiceView {
    QString name;
    QString state; ///< "stopped", "starting", "ready", "stopping", "failed", "left_alone"
    std::optional<qint64> pid;
    std::optional<qint64> rssBytes;
    int restarts = 0;
    std::optional<double> readyInSec;

    bool operator==(const ServiceView &) const = default;
};

struct NextState {
    State state = State::Wake;
    QString at; ///< time stamp

    bool operator==(const NextState &) const = default;
};

/// What `status` and `subscribe` answer (control specification, "Snapshot"). Keys that carry a unit say it.
struct Snapshot {
    State state = State::Wake;
    QString sinceTs;      ///< of the last transition, WAKE to WAKE included
    QString stateSinceTs; ///< since when the state has been the same
    QString lastActivityTs;
    qint64 sequence = 0;
    bool shadowRun = false;
    QString version;
    qint64 pid = 0;
    QString daemonStartedAt;
    double uptimeSec = 0;
    QString fsmState;
    WrapperCounts wrappers;
    std::optional<double> idleSec;     ///< awake time since the end of use; nothing while there is presence
    std::optional<double> userIdleSec; ///< nothing: no source knows
    QStringList idleSources;
    std::optional<NextState> next;
    QString why;
    std::vector<Attention> attention;
    bool schedulerPaused = false;
    std::optional<QString> pausedUntil; ///< nothing while paused: until `resume`
    std::optional<QJsonObject> wish;
    std::optional<QJsonObject> progress;
    std::optional<QString> runningStep;
    std::optional<QJsonObject> quarantine;
    std::vector<ServiceView> services;
    std::optional<qint64> freedBytes;
    std::optional<QJsonObject> pendingDigest;
    QJsonObject refused; ///< counts of each limit that was breached
    std::optional<QString> lastError;

    bool operator==(const Snapshot &) const = default;
};

[[nodiscard]] QJsonObject serviceToJson(const ServiceView &service);
[[nodiscard]] QJsonObject snapshotToJson(const Snapshot &snapshot);
/// The same object as text, without its braces: several times faster.
[[nodiscard]] QByteArray snapshotMembers(const Snapshot &snapshot);
/// Nothing when `state` is missing or unknown; every other missing or ill-typed field keeps its default, unknown ones are ignored.
[[nodiscard]] std::optional<Snapshot> snapshotFromJson(const QJsonObject &object);

/// Whether a subscriber is to be told: anything but clocks, sequence numbers, activity times, ages and memory figures changed (those inside `why`
/// too: digits do not count there), or `next.at` moved by over 30 s.
[[nodiscard]] bool isWorthTelling(const Snapshot &before, const Snapshot &after);

} // namespace dormouse
