// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/defaults.h"
#include "shared/lifecycle/lifecycle.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace dormouse::daemonstate {

/// Operations on the content of .daemon-state.json (files specification). Pure: they change `state`; the caller reads and
/// writes the file. Each answers whether, and what, is to be saved.

/// Drops first-turn entries older than `ttl` and values that are no time, then keeps the newest `maximum`. Returns how many went.
int pruneStaleFirstTurns(QJsonObject &state, WallTime now, Millis ttl = defaults::kFirstTurnStale,
                         int maximum = defaults::kFirstTurnMax);

/// Drops entries with age > `ttl` and values that are no time. Returns the session ids that went.
QStringList prunePendingFirstTurns(QJsonObject &state, WallTime now, Millis ttl = defaults::kFirstTurnTtl);

/// Stamps the session's first turn and prunes. False when nothing is to be saved (an empty id).
bool markSessionOpened(QJsonObject &state, const QString &sessionId, WallTime now);

struct FirstTurn {
    bool first = false; ///< true exactly once a session
    bool save = false;
};
[[nodiscard]] FirstTurn consumeFirstTurn(QJsonObject &state, const QString &sessionId);

struct Digest {
    std::optional<QJsonObject> digest; ///< nothing when none is due
    bool save = false;
};
/// The pending digest, at most once in 18 h.
[[nodiscard]] Digest takePendingDigest(QJsonObject &state, WallTime now);

/// The `fsm_state` that mirrors a lifecycle state; nothing for HIBERNATION, which leaves the last value.
[[nodiscard]] std::optional<QString> fsmStateFor(State state, bool cycleRunning);

} // namespace dormouse::daemonstate
