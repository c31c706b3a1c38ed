// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <map>
#include <set>
#include <vector>

namespace dormouse {

// The processes of a service: those of the session that its first process leads, so that session and first process have the same number. One source a
// platform. Thread: any.

/// The living members of each session, its first process among them; zombies do not count. One look at the process table, whatever the number of sessions.
[[nodiscard]] std::map<qint64, std::vector<qint64>> sessionMembers(const std::set<qint64> &sessions);

/// Memory, in bytes, that `pids` keep from others: what they share with others counts in proportion (Linux Pss; macOS: their footprint). 0 for
/// processes that are gone.
[[nodiscard]] qint64 residentBytes(const std::vector<qint64> &pids);

/// Signals the group that the first process leads, and those members that have left the group. Whoever is gone is no failure.
void signalSession(qint64 session, const std::vector<qint64> &members, int signal);

} // namespace dormouse
