// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/cyclerunner.h"
#include "agent/act/daemonstatefile.h"
#include "agent/act/dispatcher.h"
#include "agent/act/memoryfile.h"
#include "agent/act/signalfile.h"
#include "agent/decide/driver.h"
#include "shared/base/clock.h"

#include <QObject>
#include <QTimer>

namespace dormouse {

/// What the agent remembers beside the driver's memory; goes into dormouse.json with it.
struct OwnMemory {
    QMap<QString, QString> acknowledged;
    QStringList leftAlone; ///< services
    std::optional<QJsonObject> lastDigest;
    QJsonObject unknown;
};

/// Runs the driver until nothing changes and carries out what it decides (lifecycle specification, "The driver"): dispatches, starts and interrupts the sleep
/// cycle, keeps dormouse.json and the daemon state's mirror up to date, and takes wake.signal away once it has counted. Main thread.
class Evaluator : public QObject
{
    Q_OBJECT

public:
    struct Parts {
        const Clock &clock;
        Driver &driver;
        Dispatcher &dispatcher;
        CycleRunner &cycle;
        DaemonStateFile &daemonState;
        MemoryFile &memoryFile;
        SignalFile &signalFile;
    };
    explicit Evaluator(const Parts &parts, QObject *parent = nullptr);

    /// Looks at everything but the wrappers folder, and lets the driver decide until nothing changes.
    void evaluate();
    /// Evaluates when there is a wake.signal that the driver does not know; cheap otherwise.
    void lookForSignal();
    /// The end: interrupts a cycle and writes what is due. From then on nothing is evaluated, and so nothing is dispatched or taken away: the lock may go.
    void finish();
    /// An evaluation must follow.
    void observeScan(const HeartbeatScan &scan);
    void observeIdleness(const UserIdleness &idleness);
    /// Writes dormouse.json when something in it changed; `always` for the last time before an exit.
    void saveMemory(bool always = false);

    /// A wake.signal has counted but cannot be removed.
    [[nodiscard]] bool isSignalStuck() const { return m_isSignalStuck; }
    [[nodiscard]] OwnMemory &ownMemory() { return m_own; }
    [[nodiscard]] const OwnMemory &ownMemory() const { return m_own; }
    void ownMemoryChanged() { m_isOwnChanged = true; }
    /// The last failure of a write, for `last_error`; nothing when all is well.
    [[nodiscard]] std::optional<Error> lastError() const;

Q_SIGNALS:
    /// The user's idleness matters and is not known: somebody should ask the idle source.
    void idlenessNeeded();
    /// A transition was made and is durable. Clients are told now, before the bookkeeping that follows.
    void decided();
    /// An evaluation is over.
    void evaluated();

private:
    void observeSignal(const Instants &now);
    void removeCountedSignal(const Instants &now);
    [[nodiscard]] bool carryOut(const Decision &decision, const Instants &now);
    void afterTransition(State from, State to);
    void keepProgress(bool isCycleComplete);
    void mirrorState();
    void logSlept(const Instants &now);

    Parts m_parts;
    OwnMemory m_own;
    QJsonObject m_savedCycle; ///< the sleep cycle's bookkeeping as it is on the disk
    bool m_isOwnChanged = false;
    bool m_isMirrorDue = true;
    bool m_isTellingDue = false; ///< a transition happened in this evaluation
    bool m_isSignalStuck = false;
    bool m_isEvaluating = false;
    bool m_isRepeatDue = false;
    bool m_isFinished = false;
    std::optional<CountedSignal> m_toldSignal; ///< what the driver was last told of
    std::optional<Error> m_memoryError;
    std::optional<Error> m_mirrorError;
};

} // namespace dormouse
