// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/daemonstatefile.h"
#include "agent/act/dispatcher.h"
#include "agent/decide/observations.h"
#include "shared/base/settings.h"
#include "shared/presence/processtable.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace dormouse {

/// Runs the sleep cycle: its built-in steps (rotate logs, prune first turns, clean dead heartbeats), one at each turn of the event loop, so that a request
/// between two of them interrupts it. Main thread.
class CycleRunner : public QObject
{
    Q_OBJECT

public:
    CycleRunner(Dispatcher &dispatcher, DaemonStateFile &daemonState, const ProcessTable &processes, const Clock &clock, QObject *parent = nullptr);

    void setSettings(const Settings &settings) { m_settings = settings; }
    void start();
    /// Ends the cycle before its next step; finished(false) follows.
    void interrupt();
    [[nodiscard]] CycleView view() const;
    /// The name of the running step.
    [[nodiscard]] std::optional<QString> runningStep() const;

Q_SIGNALS:
    void finished(bool completed);

private:
    void runNextStep();

    Dispatcher &m_dispatcher;
    DaemonStateFile &m_daemonState;
    const ProcessTable &m_processes;
    const Clock &m_clock;
    Settings m_settings;
    QTimer m_stepTimer;
    std::optional<int> m_step; ///< the step to run next; nothing: no cycle runs
};

} // namespace dormouse
