// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/lifecycle/lifecycle.h"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <optional>

namespace dormouse {

/// The content of lifecycle_state.json (files specification). Time strings stay as they were read.
struct LifecycleRecord {
    State state = State::Wake;
    QString sinceTs;        ///< non-empty; not necessarily a time
    QString lastActivityTs; ///< non-empty; not necessarily a time
    qint64 sequence = 0;    ///< wrapper_event_seq, ≥ 0
    QJsonValue progress;    ///< sleep_cycle_progress: null or object
    QJsonValue quarantine;  ///< null or object
    bool shadowRun = false;
    QJsonObject unknown; ///< keys of others, kept through load and save

    bool operator==(const LifecycleRecord &) const = default;
};

/// WAKE, now, now, 0: what stands in for a missing or invalid file.
[[nodiscard]] LifecycleRecord defaultRecord(WallTime now);

/// Nothing when the bytes are no valid record.
[[nodiscard]] std::optional<LifecycleRecord> parseRecord(const QByteArray &bytes);
[[nodiscard]] std::optional<LifecycleRecord> recordFromJson(const QJsonObject &object);
[[nodiscard]] QJsonObject recordToJson(const LifecycleRecord &record);

/// What dispatching `event` at `now` makes of a record, and the state it leads to ("Dispatch", steps 1, 2 and 4).
struct Dispatched {
    LifecycleRecord record;
    std::optional<State> target; ///< set when the table has a transition, WAKE→WAKE included
};
[[nodiscard]] Dispatched dispatched(LifecycleRecord record, Event event, Payload payload, WallTime now, bool shadowRun);

} // namespace dormouse
