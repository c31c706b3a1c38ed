// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/file.h"

#include <QByteArray>

namespace dormouse {

/// The steps that make bytes durable, for the writers in this room. Each answers 0 or the errno of the step that failed. Thread: any.

/// Writes all of `bytes` at the descriptor's position, going on after signals and partial writes.
[[nodiscard]] int writeAll(int descriptor, const QByteArray &bytes);
/// fsync; on macOS, where that does not reach the medium, F_FULLFSYNC for Durability::Transition.
[[nodiscard]] int syncDescriptor(int descriptor, Durability durability = Durability::Normal);
/// Makes the names in `folder` durable: what was created, renamed or removed there.
[[nodiscard]] int syncFolder(const QString &folder, Durability durability = Durability::Normal);
/// flock(LOCK_EX), waiting up to `limit` (blocking). EWOULDBLOCK when somebody else holds it for all that time.
[[nodiscard]] int lockExclusively(int descriptor, Millis limit);
/// Sleeps; for the bounded waits of start-up and of the log's lock.
void pauseFor(Millis duration);

} // namespace dormouse
