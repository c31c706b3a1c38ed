// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/daemonstatefile.h"

#include <QByteArray>
#include <QMap>
#include <QString>

namespace dormouse {

/// Numbers for the digest: what a completed sleep cycle did.
using DigestNumbers = QMap<QString, double>;

/// The numbers of a step: its last output line that is not blank, when that is a JSON object. Other values in it are left out, and so are what
/// the agent counts itself (rem_cycles_completed, duration_sec) and more than 32 names.
[[nodiscard]] DigestNumbers digestNumbers(const QByteArray &outputTail);

/// Adds to `pending_digest` in the daemon state, which accumulates until it is shown. Errors as DaemonStateFile::update().
[[nodiscard]] Result<void> addToPendingDigest(const DaemonStateFile &daemonState, const DigestNumbers &numbers);
/// The same for a completed cycle: counts it, and stamps `last_learned_at`.
[[nodiscard]] Result<void> addCycleToPendingDigest(const DaemonStateFile &daemonState, const DigestNumbers &numbers,
                                                   WallTime now);

} // namespace dormouse
