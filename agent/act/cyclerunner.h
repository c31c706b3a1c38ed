// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/childgroup.h"
#include "agent/act/chores.h"
#include "agent/act/daemonstatefile.h"
#include "agent/act/dispatcher.h"
#include "agent/decide/cyclebook.h"
#include "agent/decide/observations.h"
#include "shared/config/configuration.h"

#include <QJsonObject>
#include <QObject>
#include <QScopedPointer>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace dormouse {

/// Runs the sleep cycle: its built-in steps (rotate logs, prune first turns, clean dead heartbeats), one at each turn of the event loop, so that a request
/// between two of them interrupts it; then the configured steps, one child process at a time, as the CycleBook has them. Main thread.
class CycleRunner : public QObject
{
    Q_OBJECT

public:
    CycleRunner(Dispatcher &dispatcher, DaemonStateFile &daemonState, Chores &chores, const Clock &clock,
                QObject *parent = nullptr);
    ~CycleRunner() override; ///< ends a running step at once

    /// Steps and settings. While a cycle runs, steps count from the next one on.
    void configure(const Configuration &configuration);
    void setSettings(const Settings &settings);
    /// What a predecessor left (AgentMemory::cycle); empty, at the very first start: a quarantine in the record is taken over. After configure() and
    /// Dispatcher::load().
    void restore(const QJsonObject &memory);
    [[nodiscard]] QJsonObject memory() const { return cycleMemoryToJson(m_book.memory()); }

    /// Something outside keeps cycles from starting and steps from following, for a person: "on battery". Nothing: no more.
    void setHeldBack(const std::optional<QString> &reason) { m_heldBack = reason; }
    /// Lets a quarantine lift itself, and writes the record's mirror where it is due. At each evaluation.
    void refresh();
    /// By hand; false when there was none.
    bool resetQuarantine();

    /// Starts or resumes a cycle; `isForced`: whatever holds it back, and presence does not end it. One that runs becomes forced.
    void start(bool isForced = false);
    /// Ends the cycle; its step is gone within 2 s, then finished(false) follows. The step counts as deferred from now on; the disk is written later, since a
    /// wake waits for this.
    void interrupt();
    [[nodiscard]] CycleView view() const;
    /// The name of the running step.
    [[nodiscard]] std::optional<QString> runningStep() const;
    /// For people and tools: progress, strikes, quarantine, steps, deferrals, retry_at.
    [[nodiscard]] QJsonObject status() const;

Q_SIGNALS:
    /// memory() may differ and must be made durable before this returns; with the mark "complete for this stay in SLEEP" in the same write when `isComplete`.
    void progressChanged(bool isComplete);
    void finished(bool completed);
    void stepStarted();

private:
    enum class Phase { Idle, BuiltIn, Step };

    void apply(const Configuration &configuration);
    void runBuiltIn();
    void builtInDone();
    [[nodiscard]] std::function<void()> nextBuiltIn();
    void goOn(const std::optional<CycleBook::Next> &next);
    void startStep(const CycleBook::Next &next);
    void stepEnded(const ChildEnd &end);
    void logStepEnd(const StepOutcome &outcome, const ChildEnd &end);
    void logLifted(const QString &reason, const QString &until);
    void complete();
    void finish(bool isCompleted);
    void mirror();
    [[nodiscard]] WallTime now() const { return m_clock.now().wall; }

    Dispatcher &m_dispatcher;
    DaemonStateFile &m_daemonState;
    Chores &m_chores;
    const Clock &m_clock;
    Configuration m_configuration;
    std::optional<Configuration> m_nextConfiguration; ///< came while a cycle ran
    CycleBook m_book;
    std::optional<QString> m_heldBack;
    std::optional<std::pair<QJsonValue, QJsonValue>> m_mirrored; ///< progress and quarantine as the record has them
    bool m_isRecordForeign = false;                              ///< a step uses the record's fields itself
    QTimer m_builtInTimer;
    Phase m_phase = Phase::Idle;
    int m_step = 0; ///< of the phase, from 0
    StepConfig m_stepConfig;
    AwakeTime m_startedAt;
    quint64 m_cycleNumber = 0; ///< a chore of a cycle that was interrupted ends in a later one
    Millis m_builtInTook{0};
    bool m_isForced = false;
    bool m_isInterrupting = false;
    bool m_isForceDue = false; ///< asked for while the one before is ending
    std::unique_ptr<ChildGroup, QScopedPointerDeleteLater> m_child;
};

} // namespace dormouse
