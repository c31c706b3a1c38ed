// SPDX-License-Identifier: MIT
#include "agent/agent.h"

#include "agent/act/housekeeping.h"
#include "agent/freememory.h"
#include "agent/handedsockets.h"
#include "agent/sense/reportedidle.h"
#include "shared/base/exitcodes.h"
#include "shared/base/logging.h"
#include "shared/base/version.h"
#include "shared/idle/makeidlesource.h"
#include "shared/presence/bootid.h"
#include "shared/records/timestamp.h"

#include <QCoreApplication>

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

Agent::Agent(AgentOptions options)
    : m_handedSockets(takeHandedSockets()), m_options(std::move(options)), m_configuration(m_options.configuration),
      m_processes(systemProcessTable()), m_lock(m_options.paths), m_driver(Settings()),
      m_dispatcher(m_options.paths, m_clock, m_options.shadowRun), m_daemonState(m_options.paths.daemonState(), m_clock),
      m_memoryFile(m_options.paths.memory(), m_clock), m_signalFile(m_options.paths.wakeSignal(), m_clock),
      m_chores(m_options.paths, *m_processes), m_cycle(m_dispatcher, m_daemonState, m_chores, m_clock),
      m_services(m_options.paths, *m_processes, m_clock), m_hooks(m_options.paths.root, m_clock),
      m_evaluator({m_clock, m_driver, m_dispatcher, m_cycle, m_daemonState, m_memoryFile, m_signalFile}),
      m_view({m_clock, m_driver, m_dispatcher, m_cycle, m_services, m_daemonState, m_evaluator, m_configuration, m_attention,
              m_options.paths.wrappers()},
             m_options.shadowRun),
      m_operations({m_clock, m_driver, m_dispatcher, m_evaluator, m_cycle, m_services, m_daemonState, m_configuration,
                    m_attention, m_view, *m_processes, m_reportedIdleness, m_chores}),
      m_server(m_operations, Settings()), m_watcher(m_options.paths), m_scans(m_options.paths.wrappers(), *m_processes, m_clock),
      m_idleSource(makeIdleSource(m_clock, std::make_unique<ReportedIdle>(m_reportedIdleness, m_clock))),
      m_powerSource(systemPowerSource()), m_attentionMonitor({m_clock, m_driver, m_dispatcher, m_cycle, m_services, m_evaluator,
                                                              m_configuration, *m_processes, m_attention}),
      m_hibernationExit(m_clock, m_driver, m_dispatcher, m_services, m_hooks, m_options.shadowRun, [this] { return isAwaited(); })
{
    m_operations.setRefusedCounts([this] { return m_server.refusedCounts(); });
    m_hibernationExit.setObserverStay([this] { return observerStay(); });
}

Agent::~Agent() = default;

void Agent::restore(const Instants &now)
{
    m_dispatcher.load(now.wall);
    AgentMemory memory = m_memoryFile.load();
    m_evaluator.ownMemory() = {memory.acknowledged, memory.leftAlone, memory.lastDigest, memory.unknown};
    applyConfiguration();
    m_cycle.restore(memory.cycle);
    m_attention.restore(memory.acknowledged);
    m_driver.start({.recorded = m_dispatcher.state(),
                    .bootId = currentBootId(),
                    .memory = std::move(memory),
                    .supervised = m_options.supervised,
                    .shadowRun = m_options.shadowRun,
                    .wakeRequested = m_options.wake || (m_isActivated && m_server.hasWaitingRequests())},
                   now);
    m_isStillHibernated = m_dispatcher.state() == State::Hibernation;
}

void Agent::announce(const Instants &now)
{
    m_dispatcher.log({now.wall,
                      logkind::kAgentStarted,
                      {{"pid"_L1, QCoreApplication::applicationPid()},
                       {"version"_L1, QString::fromLatin1(kVersion)},
                       {"state"_L1, toString(m_dispatcher.state())},
                       {"last_seen_ts"_L1, m_dispatcher.record().lastActivityTs}}});
    const bool isPythonThere = m_attentionMonitor.isPythonDaemonRunning();
    const auto updated = m_daemonState.update([&now, isPythonThere](QJsonObject &state) {
        if (isPythonThere)
            return false;
        state.insert("daemon_started_at"_L1, formatTimestamp(now.wall));
        state.insert("daemon_pid"_L1, QCoreApplication::applicationPid());
        return true;
    });
    if (!updated)
        qCWarning(lcStorage).noquote() << "cannot announce the start:" << updated.error().text();
    qCInfo(lcAgent).noquote() << "dormouse-agent" << kVersion << "watches" << m_options.paths.root << "in"
                              << toString(m_dispatcher.state());
}

void Agent::connectParts()
{
    connect(&m_tick, &QTimer::timeout, this, &Agent::tick);
    connect(&m_dispatcher, &Dispatcher::logDayBegan, this, [this](WallTime at) { m_chores.archiveLogs(at); });
    connect(&m_scans, &ScanRunner::scanned, this, [this](const HeartbeatScan &scan) {
        m_watcher.setScanDuration(scan.took);
        m_hasDeadHeartbeats = std::ranges::any_of(scan.entries, [&scan](const HeartbeatEntry &entry) {
            return !entry.alive && entry.status == HeartbeatStatus::Stale && entry.heartbeat.lastRefresh < scan.at;
        });
        m_attentionMonitor.noteScan(scan);
        m_evaluator.observeScan(scan);
    });
    connect(&m_scans, &ScanRunner::finished, &m_evaluator, &Evaluator::evaluate);
    connect(&m_watcher, &FolderWatcher::wrappersChanged, this, [this] { m_scans.request(ScanDepth::Hint); });
    connect(&m_watcher, &FolderWatcher::rootChanged, this, [this] {
        keepNames();
        m_evaluator.lookForSignal();
        m_configuration.look();
    });
    connect(&m_operations, &Operations::scanNeeded, this, [this] { m_scans.request(ScanDepth::Hint); });
    connect(&m_operations, &Operations::stopRequested, this, &Agent::stop);
    connect(&m_evaluator, &Evaluator::decided, this, [this] { m_server.snapshotChanged(); });
    connect(&m_evaluator, &Evaluator::evaluated, this, &Agent::afterEvaluation);
    connect(&m_cycle, &CycleRunner::finished, this, &Agent::endWhenStopped);
    connect(&m_evaluator, &Evaluator::idlenessNeeded, this, &Agent::askIdleness);
    connect(&m_operations, &Operations::idleSourcesChanged, this, &Agent::askIdleness, Qt::QueuedConnection); // after the answer
    connect(m_idleSource.get(), &IdleSource::resumed, this, &Agent::noteResume);
    connect(m_idleSource.get(), &IdleSource::answered, this, [this](const UserIdleness &idleness) {
        m_idleTimeout.stop();
        m_evaluator.observeIdleness(idleness);
    });
    m_idleTimeout.setSingleShot(true);
    connect(&m_idleTimeout, &QTimer::timeout, this, [this] { m_evaluator.observeIdleness({}); });
    connect(&m_hibernationExit, &HibernationExit::exitDue, this, &Agent::hibernate);
    connect(&m_signals, &UnixSignals::terminated, this, &Agent::stop);
    connect(&m_server, &ControlServer::asked, this, [this] {
        if (m_isActivated)
            m_lastAsked = m_clock.now().awake;
    });
}

void Agent::tick()
{
    tellManager();
    m_dispatcher.retry();
    keepNames();
    m_watcher.refresh();
    m_configuration.look();
    m_services.poll();
    dropDeadLeases();
    lookAtPower();
    tidy();
    m_scans.request(ScanDepth::Full);
}

/// Locks and socket whose files somebody has deleted: without them a second agent could start, and nobody would find this one.
void Agent::keepNames()
{
    if (const auto successor = m_lock.successor())
        giveWay(*successor);
    m_lock.refresh();
    m_server.keepName();
}

/// A tick that comes is the sign of life that the watchdog waits for.
void Agent::tellManager()
{
    if (m_notice.hasListener())
        m_notice.alive(QString(toString(m_dispatcher.state()) + u"; "_s + m_view.why().value("text"_L1).toString()));
}

void Agent::lookAtPower()
{
    const bool isAcRequired = m_driver.settings().requireAc;
    m_cycle.setHeldBack(
        m_batteryWait.heldBack(isAcRequired, isAcRequired ? m_powerSource->isOnBattery() : std::nullopt, m_clock.now().elapsed));
}

void Agent::dropDeadLeases()
{
    if (m_driver.leases().empty())
        return;
    std::vector<qint64> live;
    for (const Lease &lease : m_driver.leases()) {
        if (m_processes->isAlive(lease.pid))
            live.push_back(lease.pid);
    }
    m_driver.dropDeadLeases(live, m_clock.now());
}

void Agent::tidy()
{
    const WallTime now = m_clock.now().wall;
    prunePendingFirstTurns(m_daemonState, m_dispatcher, now);
    if (m_hasDeadHeartbeats)
        m_chores.removeDeadHeartbeats(now, m_driver.settings().staleAfter);
    m_attentionMonitor.look();
    releaseFreeMemory();
}

void Agent::askIdleness()
{
    if (m_isStopping || m_idleTimeout.isActive())
        return;
    m_idleTimeout.start(defaults::kIdleAnswerLimit);
    m_idleSource->ask();
}

/// The system says so itself, perhaps before the clocks show it, or after a suspend too short to show in them.
void Agent::noteResume()
{
    if (m_isStopping)
        return;
    qCInfo(lcAgent) << "the system has resumed from a suspend";
    m_driver.observeResume(m_clock.now());
    tick();
    m_evaluator.evaluate();
}

void Agent::afterEvaluation()
{
    settleServices();
    m_hibernationExit.look();
    keepTicking();
    m_server.snapshotChanged();
}

/// A lingering agent is silent: the watchers and the socket wait, no timer runs; but a watchdog wants feeding.
void Agent::keepTicking()
{
    const bool isSilent = m_hibernationExit.isLingering() && m_watcher.isWatching() && !m_notice.isWatched();
    if (isSilent)
        m_tick.stop();
    else if (!m_tick.isActive())
        m_tick.start();
}

/// Somebody asks for the agent; who only looks does not count.
bool Agent::isAwaited()
{
    const auto signal = m_signalFile.look();
    return (signal && !m_driver.isSignalKept()) || m_server.hasWaitingRequests();
}

/// The last look is after the lock is given up: who wakes an agent that is on its way out must not be lost (lifecycle rule 7).
void Agent::hibernate()
{
    if (std::exchange(m_isStopping, true))
        return;
    m_evaluator.saveMemory(true);
    if (isAwaited()) {
        m_isStopping = false;
        return m_hibernationExit.look();
    }
    m_evaluator.finish(); // a signal that comes from now on stays for who starts next
    m_lock.release();
    m_isRestartDue = !m_options.supervised && !m_isActivated && isAwaited();
    if (m_isRestartDue)
        m_notice.restoreEnvironment();
    end();
}

void Agent::stop()
{
    if (std::exchange(m_isStopping, true))
        return;
    qCInfo(lcAgent) << "stopping";
    m_notice.stopping(u"stopping; services have their stop_timeout"_s);
    m_evaluator.finish();
    m_dispatcher.log({m_clock.now().wall, logkind::kAgentStopped, {{"state"_L1, toString(m_dispatcher.state())}}});
    m_tick.stop();
    m_server.close();
    m_services.stopAll();
    endWhenStopped();
}

/// A running step has 1.5 s, and services have their stop_timeout.
void Agent::endWhenStopped()
{
    if (m_isStopping && !m_cycle.view().running && !m_services.isAnyStopping())
        end();
}

void Agent::end()
{
    m_tick.stop();
    m_server.close();
    m_lock.release();
    QCoreApplication::exit(kExitOk);
}

} // namespace dormouse
