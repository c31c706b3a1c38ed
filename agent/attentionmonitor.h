// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/evaluator.h"
#include "agent/act/servicekeeper.h"
#include "agent/attention.h"
#include "agent/configurationkeeper.h"
#include "agent/decide/starvation.h"
#include "shared/base/worker.h"
#include "shared/presence/processtable.h"

#include <QObject>

#include <atomic>
#include <vector>

namespace dormouse {

/// Keeps the attention marks true: a wake.signal that cannot be removed, starvation, more heartbeats than are read, an unmanaged Python daemon. Looks at every tick. Main thread.
class AttentionMonitor : public QObject
{
    Q_OBJECT

public:
    struct Parts {
        const Clock &clock;
        const Driver &driver;
        Dispatcher &dispatcher;
        const CycleRunner &cycle;
        const ServiceKeeper &services;
        Evaluator &evaluator;
        const ConfigurationKeeper &configuration;
        const ProcessTable &processes;
        AttentionBoard &attention;
    };
    explicit AttentionMonitor(const Parts &parts, QObject *parent = nullptr);
    ~AttentionMonitor() override { m_isOver = true; }

    /// Reads the event log of the last weeks on a worker thread, to know how long it has been since a completed cycle.
    void readPast();
    void look();
    /// Commands that a changed dormouse.toml brought: shown until acknowledged.
    /// The wrappers folder, or a file in it, could not be read.
    void noteScan(const HeartbeatScan &scan);
    void noteChangedCommands(const QStringList &names);
    /// `.locked` names a live process: a Python daemon uses this root.
    [[nodiscard]] bool isPythonDaemonRunning() const { return pythonDaemonText().has_value(); }

private:
    [[nodiscard]] std::optional<QString> pythonDaemonText() const;
    [[nodiscard]] std::optional<QString> quarantineText() const;
    void lookAtServices(WallTime now);
    void keepAcknowledged();

    Parts m_parts;
    StarvationClock m_starvation;
    std::vector<LogEntry> m_sinceStart; ///< logged while the past is still being read
    bool m_isPastKnown = false;
    QStringList m_troubled; ///< services with a mark
    std::atomic<bool> m_isOver = false;
    Worker m_worker; ///< last: its destructor waits for the worker
};

} // namespace dormouse
