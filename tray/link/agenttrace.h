// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/lifecyclerecord.h"
#include "shared/storage/rootpaths.h"

#include <QString>

#include <optional>

namespace dormouse {

/// What the files say of a live agent. Two that are equal are of the same agent, and of the same socket.
struct AgentTrace {
    qint64 pid = 0;
    quint64 lockInode = 0;
    qint64 lockTime = 0;     ///< seconds since 1970, of the last write
    quint64 socketInode = 0; ///< 0: there is no socket yet

    bool operator==(const AgentTrace &) const = default;
};

/// Nothing when agent.lock names no process that lives. Looks at files only: it wakes nobody.
[[nodiscard]] std::optional<AgentTrace> liveAgentTrace(const RootPaths &paths, const QString &socketPath);

/// lifecycle_state.json; nothing when it is missing or no valid record.
[[nodiscard]] std::optional<LifecycleRecord> leftRecord(const RootPaths &paths);

} // namespace dormouse
