// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/chores.h"
#include "agent/act/cyclerunner.h"
#include "agent/act/daemonstatefile.h"
#include "agent/act/dispatcher.h"
#include "agent/act/evaluator.h"
#include "agent/act/hookrunner.h"
#include "agent/act/memoryfile.h"
#include "agent/act/servicekeeper.h"
#include "agent/act/servicemanagernotice.h"
#include "agent/act/services/toolcall.h"
#include "agent/act/signalfile.h"
#include "agent/attention.h"
#include "agent/attentionmonitor.h"
#include "agent/configurationkeeper.h"
#include "agent/decide/batterywait.h"
#include "agent/hibernationexit.h"
#include "agent/operations.h"
#include "agent/options.h"
#include "agent/sense/folderwatcher.h"
#include "agent/sense/powersource.h"
#include "agent/sense/reportedidleness.h"
#include "agent/sense/scanrunner.h"
#include "agent/serve/controlserver.h"
#include "agent/statusview.h"
#include "agent/unixsignals.h"
#include "shared/idle/idlesource.h"
#include "shared/storage/writerlock.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace dormouse {

/// The composition root of the background agent: builds the parts, connects and owns them, and decides nothing. Needs a QCoreApplication. Main thread.
class Agent : public QObject
{
    Q_OBJECT

public:
    explicit Agent(AgentOptions options);
    ~Agent() override;

    /// Takes the lock, heals files, listens, and looks for the first time. An exit code when the agent cannot run.
    [[nodiscard]] std::optional<int> start();
    /// True when a wake came after the lock was given up: the program is to be started anew.
    [[nodiscard]] bool isRestartDue() const { return m_isRestartDue; }

private:
    [[nodiscard]] std::optional<int> takeLock();
    void restore(const Instants &now);
    void announce(const Instants &now);
    void connectParts();
    void connectServices();
    void applyConfiguration();
    void settleServices();
    void servicesChanged();
    void addFreed(qint64 freedBytes);
    void entered(State state);
    void fitServices(State state);
    void tick();
    void lookAtPower();
    void dropDeadLeases();
    void tidy();
    void afterEvaluation();
    void askIdleness();
    void noteResume();
    void keepTicking();
    [[nodiscard]] Result<void> listen();
    [[nodiscard]] bool handOver();
    [[nodiscard]] Millis observerStay() const;
    void tellManager();
    void keepNames();
    [[noreturn]] void giveWay(const LockHolder &successor);
    [[nodiscard]] bool isAwaited();
    void hibernate();
    void stop();
    void endWhenStopped();
    void end();

    std::vector<int> m_handedSockets; ///< first: before anything else opens a descriptor or starts a program
    AgentOptions m_options;
    SystemClock m_clock;
    ServiceManagerNotice m_notice;
    ConfigurationKeeper m_configuration;
    std::unique_ptr<ProcessTable> m_processes;
    WriterLock m_lock;
    Driver m_driver;
    Dispatcher m_dispatcher;
    DaemonStateFile m_daemonState;
    MemoryFile m_memoryFile;
    SignalFile m_signalFile;
    Chores m_chores;
    CycleRunner m_cycle;
    ServiceKeeper m_services;
    HookRunner m_hooks;
    Evaluator m_evaluator;
    AttentionBoard m_attention;
    StatusView m_view;
    ReportedIdleness m_reportedIdleness;
    Operations m_operations;
    ControlServer m_server;
    FolderWatcher m_watcher;
    ScanRunner m_scans;
    std::unique_ptr<IdleSource> m_idleSource;
    std::unique_ptr<PowerSource> m_powerSource;
    BatteryWait m_batteryWait;
    AttentionMonitor m_attentionMonitor;
    HibernationExit m_hibernationExit;
    UnixSignals m_signals;
    QTimer m_tick;
    QTimer m_idleTimeout;
    std::unique_ptr<ToolCall> m_handOver;
    std::optional<AwakeTime> m_lastAsked; ///< when somebody last asked anything on an activated socket
    bool m_isActivated = false;           ///< the socket is a service manager's
    bool m_isStillHibernated = false;     ///< since the start
    bool m_isRestartDue = false;
    bool m_hasDeadHeartbeats = false;
    bool m_areServicesSettled = false;
    bool m_isStopping = false;
};

} // namespace dormouse
