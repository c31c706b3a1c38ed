// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "shared/records/lifecyclerecord.h"
#include "shared/storage/writerlock.h"

#include <QJsonObject>

#include <optional>

namespace dormouse {

inline constexpr Millis kAnswerLimit{5000}; ///< how long a live agent may take for one answer

/// The agent that lives, as agent.lock names it. Looking here never wakes anybody: a connection to an activated socket would.
[[nodiscard]] std::optional<LockHolder> liveAgent(const RootPaths &paths);

/// lifecycle_state.json; nothing when it is missing or no valid record.
[[nodiscard]] std::optional<LifecycleRecord> readRecord(const RootPaths &paths);

/// One request to the agent. Errors as of requestOnce(), and Configuration for a socket path that is too long.
[[nodiscard]] Result<QJsonObject> askAgent(const Context &context, const QJsonObject &message, Millis limit = kAnswerLimit);

/// What an observer gets: the answer of a live agent; nothing when none lives. Never starts one.
[[nodiscard]] std::optional<Result<QJsonObject>> observe(const Context &context, const QJsonObject &message);

/// Says that no agent runs and what the record says; answers 0 when that is HIBERNATION, else 69. With --json it says so as
/// `status --json` does.
[[nodiscard]] int reportAbsent(const Context &context);
/// "HIBERNATION since 15:42; no agent is running; `dormouse wake` starts it".
[[nodiscard]] QString absentText(const std::optional<LifecycleRecord> &record, const RootPaths &paths, WallTime now);
/// The exit code that goes with it.
[[nodiscard]] int absentCode(const std::optional<LifecycleRecord> &record);

/// Prints an answer with ok = false and gives its exit code: 75 for `busy`, else 1.
[[nodiscard]] int reportRefusal(const Context &context, const QJsonObject &answer);
[[nodiscard]] bool isAccepted(const QJsonObject &answer);
/// An answer without what belongs to the protocol: `ok`, `id`, `event`.
[[nodiscard]] QJsonObject payloadOf(QJsonObject answer);

} // namespace dormouse
