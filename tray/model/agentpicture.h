// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/control/snapshot.h"
#include "shared/records/lifecyclerecord.h"

#include <QString>

#include <optional>
#include <vector>

namespace dormouse {

/// How the tray stands with the agent.
enum class LinkState {
    Searching, ///< nothing is known yet (the first moments only)
    Connected, ///< `snapshot` is what the agent says now
    Frozen,    ///< an agent lives, but has not answered for 2 s
    Absent,    ///< no agent runs; `record` is what it left behind
    Broken,    ///< what answers does not speak the protocol, refuses us, or belongs to somebody else: see `trouble`
};

/// One heartbeat or lease, as `wrappers` answers it (control specification).
struct WrapperView {
    QString name;
    QString uuid; ///< empty for leases
    qint64 pid = 0;
    std::optional<double> ageSec;
    bool isLeaked = false;
    bool counts = false;
    QString whyNot; ///< why it does not count; empty when it does
    bool isLease = false;

    bool operator==(const WrapperView &) const = default;
};

/// Everything the tray knows of the agent: the input of the view model.
struct AgentPicture {
    LinkState link = LinkState::Searching;
    std::optional<Snapshot> snapshot;      ///< the last one; kept while frozen, nothing when absent or broken
    std::optional<LifecycleRecord> record; ///< of lifecycle_state.json; only when absent
    QString trouble;                       ///< for Frozen and Broken: what is wrong, one sentence
    bool isWaking = false;                 ///< a Wake Now of ours is under way
    QString wakeFailure;                   ///< why the last Wake Now failed; empty after the next success

    bool operator==(const AgentPicture &) const = default;
};

} // namespace dormouse
