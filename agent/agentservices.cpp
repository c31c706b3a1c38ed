// SPDX-License-Identifier: MIT
// The wiring of configuration, services and hooks. The rest of the composition root is in agent.cpp.
#include "agent/agent.h"

#include "agent/act/digest.h"
#include "shared/base/logging.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

void Agent::connectServices()
{
    connect(&m_configuration, &ConfigurationKeeper::changed, this, [this] {
        applyConfiguration();
        m_attentionMonitor.look();
        m_evaluator.evaluate();
    });
    connect(&m_configuration, &ConfigurationKeeper::commandsChanged, &m_attentionMonitor, &AttentionMonitor::noteChangedCommands);
    connect(&m_signals, &UnixSignals::hungUp, this, [this] { static_cast<void>(m_configuration.reload()); });
    connect(&m_dispatcher, &Dispatcher::transitioned, this, [this](State from, State to) {
        m_isStillHibernated = m_isStillHibernated && to == State::Hibernation;
        if (from != to)
            entered(to);
    });
    connect(&m_services, &ServiceKeeper::logged, &m_dispatcher, &Dispatcher::log);
    connect(&m_hooks, &HookRunner::logged, &m_dispatcher, &Dispatcher::log);
    connect(&m_services, &ServiceKeeper::changed, this, &Agent::servicesChanged);
    connect(&m_hibernationExit, &HibernationExit::down, this, &Agent::addFreed);
    connect(&m_services, &ServiceKeeper::allStopped, this, &Agent::servicesChanged);
}

void Agent::servicesChanged()
{
    if (m_isStopping)
        return endWhenStopped();
    m_attentionMonitor.look();
    m_hibernationExit.look();
    m_server.snapshotChanged();
}

/// The digest of a completed cycle tells the memory that went with the services, too.
void Agent::addFreed(qint64 freedBytes)
{
    if (freedBytes <= 0 || !m_daemonState.lastSeen().contains("pending_digest"_L1))
        return;
    if (const auto added = addToPendingDigest(m_daemonState, {{u"freed_bytes"_s, double(freedBytes)}}); !added)
        qCWarning(lcStorage).noquote() << "cannot complete the digest:" << added.error().text();
}

/// Takes the configuration in force to all who depend on it.
void Agent::applyConfiguration()
{
    const Configuration &configuration = m_configuration.configuration();
    const QStringList &leftAlone = m_evaluator.ownMemory().leftAlone;
    m_driver.setSettings(configuration.settings);
    m_cycle.configure(configuration);
    m_services.configure(configuration, QSet<QString>(leftAlone.begin(), leftAlone.end()));
    m_hooks.configure(configuration.hooks, configuration.settings.environment);
    m_scans.setStaleAfter(configuration.settings.staleAfter);
    m_idleSource->setFineness(std::min(configuration.settings.drowsyAfter, configuration.settings.sleepAfter) / 2);
    m_server.setLimits(configuration.settings);
    const Millis tick = configuration.settings.tick;
    m_tick.setTimerType(tick < std::chrono::seconds(20) ? Qt::CoarseTimer
                                                        : Qt::VeryCoarseTimer); // very coarse timers count whole seconds
    m_tick.start(tick);
}

/// Once the state of the start is settled, what a predecessor left running is made to fit it.
void Agent::settleServices()
{
    if (m_areServicesSettled || m_driver.isStarting())
        return;
    m_areServicesSettled = true;
    fitServices(m_dispatcher.state());
}

void Agent::entered(State state)
{
    m_areServicesSettled = true;
    m_hooks.entered(state);
    fitServices(state);
}

/// A shadow run starts services, and stops nothing.
void Agent::fitServices(State state)
{
    if (!m_options.shadowRun || state == State::Wake)
        m_services.setState(state);
}

} // namespace dormouse
