// SPDX-License-Identifier: MIT
#pragma once

#include "cli/agentpath.h"
#include "cli/doctor/autostart.h"
#include "cli/doctor/machine.h"
#include "shared/base/clock.h"
#include "shared/config/configuration.h"
#include "shared/control/snapshot.h"
#include "shared/records/lifecyclerecord.h"
#include "shared/storage/rootpaths.h"
#include "shared/storage/writerlock.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace dormouse::doctor {

// What was seen of an installation, as values: the rows (rows.h) judge nothing else.

struct AgentFacts {
    std::optional<LockHolder> holder; ///< what agent.lock says
    bool isStopped = false;           ///< its process was stopped by a signal
    std::optional<Snapshot> snapshot;
    QString trouble; ///< why a live agent gave no snapshot
    Millis took{0};

    [[nodiscard]] bool isAlive() const { return holder && holder->alive; }
};

struct SocketFacts {
    FileKind kind = FileKind::Missing;
    QString path;
    QString pathError;              ///< it is too long
    std::optional<bool> isListened; ///< somebody listens there; nothing where the system does not tell
};

struct LockFacts {
    FileKind lifecycleLock = FileKind::Missing;
    FileKind agentLock = FileKind::Missing;
    bool areHoldersTold = false;  ///< the system tells who holds a flock
    std::optional<qint64> holder; ///< of the flock on .lifecycle.lock
    QString holderProgram;        ///< "" when it is gone: a child of it holds on
};

struct RecordFacts {
    FileKind kind = FileKind::Missing;
    std::optional<LifecycleRecord> record;
    QString error; ///< why the file gave none
};

struct LegacyFacts {
    FileKind kind = FileKind::Missing;
    QString error;
    QString fsmState; ///< "" when the file names none
};

/// A wrapper or a lease, for people.
struct Client {
    QString name;
    qint64 pid = 0;
};

struct PresenceFacts {
    QString error; ///< the folder, or a file in it, cannot be read
    bool isFolderMissing = false;
    int total = 0;
    int dead = 0;     ///< stale or orphaned
    int overflow = 0; ///< beyond the bound, not read
    int inFuture = 0;
    std::vector<Client> counting; ///< they keep awake
    std::vector<Client> leaked;
    bool isWishStanding = false;
};

struct HistoryFacts {
    int transitions = 0; ///< into another state, in the last 24 h
    int mostInAnHour = 0;
    int tornLines = 0;
    int crashes = 0; ///< starts after an end that told nothing
    QString odd;     ///< the first transition that the table does not have: "WAKE to SLEEP"
    std::optional<WallTime> newest;
    Millis inState{0};    ///< how long the present state has lasted
    Millis starvedFor{0}; ///< running, not hibernated, without a completed sleep cycle
};

/// One file or folder that is not as it must be.
struct WrongRight {
    QString path;
    QString what;   ///< "belongs to uid 1000"
    QString remedy; ///< a command
    bool isGrave = false;
};

struct RightsFacts {
    int looked = 0;
    bool isCut = false; ///< there was more than is looked at
    int wrongCount = 0;
    std::vector<WrongRight> wrong; ///< the first ones, grave ones before others
};

struct MissingProgram {
    QString where; ///< `step "vacuum"`
    QString program;
    QString remedy;
};

struct ConfigurationFacts {
    bool isThere = false;
    std::optional<Configuration> configuration;
    QString error;
    int errors = 0;
    QString remedy;
    AgentPath path;
    int programs = 0; ///< named in it
    std::vector<MissingProgram> missing;
};

struct SignalFacts {
    FileKind kind = FileKind::Missing;
    Millis age{0}; ///< never negative
};

struct Facts {
    RootPaths paths;
    WallTime now;
    QString defaultRoot;
    QString storeVariable; ///< IAI_MCP_STORE
    AgentFacts agent;
    SocketFacts socket;
    LockFacts lock;
    RecordFacts record;
    LegacyFacts legacy;
    PresenceFacts presence;
    HistoryFacts history;
    QJsonObject cycle; ///< as `dormouse cycle --json` has it
    std::vector<ServiceView> services;
    std::vector<qint64> pythonDaemons; ///< they use this root, and are no service of ours
    RightsFacts rights;
    ConfigurationFacts configuration;
    SignalFacts signal;
    AutostartFacts autostart;
    DiskFacts disk;
    std::optional<WatchFacts> watches; ///< nothing where watching has no limits
};

} // namespace dormouse::doctor
