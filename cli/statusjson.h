// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/lifecyclerecord.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace dormouse {

/// A snapshot as `status --json` prints it: the keys of the socket, and "agent": "running".
[[nodiscard]] QJsonObject withAgentRunning(const QJsonObject &message);

/// What stands there while no agent answers: the record's keys and "agent": "not running"; `state` is null without a valid
/// record. With `trouble`, an agent lives but cannot be asked: "agent" is "not answering", and `error` says why.
[[nodiscard]] QJsonObject absentStatusJson(const std::optional<LifecycleRecord> &record, const QString &trouble = {});

} // namespace dormouse
