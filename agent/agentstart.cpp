// SPDX-License-Identifier: MIT
// How the agent comes to life: the lock, the socket, and what a service manager hands over. The rest of the composition root is in agent.cpp.
#include "agent/agent.h"

#include "agent/act/housekeeping.h"
#include "shared/base/exitcodes.h"
#include "shared/base/logging.h"
#include "shared/control/installedlauncher.h"
#include "shared/storage/file.h"

#include <QCoreApplication>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

int exitCodeFor(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Busy:
    case ErrorCode::Unavailable: return kExitTryAgain;
    case ErrorCode::Permission:
    case ErrorCode::Refused:
    case ErrorCode::Configuration: return kExitConfiguration;
    case ErrorCode::Io:
    case ErrorCode::NotFound:
    case ErrorCode::Malformed:
    case ErrorCode::TooLarge:
    case ErrorCode::NotDurable: break;
    }
    return kExitFailure;
}

int fail(const Error &error)
{
    std::fprintf(stderr, "dormouse-agent: %s\n", qPrintable(error.text()));
    return exitCodeFor(error);
}

} // namespace

std::optional<int> Agent::start()
{
    if (m_signals.error())
        return fail(*m_signals.error());
    m_notice.ready(u"starting"_s); // before the lock, which may take long: an exit 0 before this counts as a failure
    if (const auto prepared = prepareRoot(m_options.paths); !prepared)
        return fail(prepared.error());
    if (const auto code = takeLock())
        return code;
    if (const auto listening = listen(); !listening) {
        if (listening.error().code == ErrorCode::Busy && handOver())
            return std::nullopt;
        return fail(listening.error());
    }
    const Instants now = m_clock.now();
    sweepTemporaries(m_options.paths);
    if (const auto loaded = m_configuration.load(); !loaded)
        return fail(loaded.error());
    restore(now);
    connectParts();
    connectServices();
    m_services.adopt();
    announce(now);
    m_watcher.refresh();
    m_attentionMonitor.readPast();
    tick();
    // Asked once, so that `status` can tell which sources there are before it matters.
    QTimer::singleShot(defaults::kIdleStartDelay, this, [this] {
        m_idleSource->start();
        askIdleness();
    });
    return std::nullopt;
}

/// An agent by hand gives up after 3 s; a supervised one waits, since a supervisor that sees failures in a row gives up on the wake trigger.
std::optional<int> Agent::takeLock()
{
    Result<void> locked = m_lock.acquire(defaults::kLockTry);
    bool isTold = false;
    while (!locked && locked.error().code == ErrorCode::Busy && m_options.supervised) {
        if (!std::exchange(isTold, true))
            qCWarning(lcAgent).noquote() << "waiting for the lock:" << locked.error().text();
        m_notice.alive(QString(u"waiting for the lock: "_s + locked.error().text()));
        if (UnixSignals::isTerminating())
            return kExitOk;
        std::this_thread::sleep_for(std::chrono::seconds(1)); // before the event loop; a signal ends it early
        locked = m_lock.tryAcquire();
    }
    return locked ? std::nullopt : std::optional(fail(locked.error()));
}

/// A service manager's socket comes first. A predecessor gives the lock up an instant before its own: one that still accepts is tried for a second.
Result<void> Agent::listen()
{
    for (const int descriptor : std::exchange(m_handedSockets, {})) {
        const Result<void> adopted = m_isActivated ? Result<void>(Error{ErrorCode::Refused, u"one socket is enough"_s, {}, 0})
                                                   : m_server.adopt(descriptor);
        m_isActivated = m_isActivated || adopted.ok();
        if (adopted)
            continue;
        qCWarning(lcAgent).noquote() << "a descriptor of the service manager is not used:" << adopted.error().text();
        ::close(descriptor);
    }
    if (m_isActivated) {
        if (m_server.hasWaitingPeers())
            m_lastAsked = m_clock.now().awake; // a connection is what started us
        return {};
    }
    Result<void> listening = m_server.listen(m_options.socketPath);
    for (int i = 0; i < 20 && !listening && listening.error().code == ErrorCode::Busy; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        listening = m_server.listen(m_options.socketPath);
    }
    return listening;
}

/// Nobody has the lock, yet somebody accepts: the socket is a service manager's, whose agent is the one to run. A start by hand is a wake, so the signal is written, too.
bool Agent::handOver()
{
    const std::optional<Launcher> launcher = installedLauncher(m_options.paths, m_options.socketPath);
    if (!launcher || m_options.supervised)
        return false;
    m_lock.release();
    if (const auto written = writeAtomically(m_options.paths.wakeSignal(), "{}\n"); !written)
        qCWarning(lcAgent).noquote() << "wake.signal cannot be written:" << written.error().text();
    m_handOver = std::make_unique<ToolCall>();
    connect(m_handOver.get(), &ToolCall::answered, this, [this, name = launcher->name](const ToolAnswer &answer) {
        const QByteArray manager = name.toUtf8();
        const QByteArray socket = m_options.socketPath.toUtf8();
        if (answer.isDone())
            std::printf("dormouse-agent: %s serves %s; its agent was started with its own options, and this one ends\n",
                        manager.constData(), socket.constData());
        else
            std::fprintf(stderr, "dormouse-agent: %s serves %s, but its agent cannot be started: %s\n", manager.constData(),
                         socket.constData(), qPrintable(answer.complaint()));
        QCoreApplication::exit(answer.isDone() ? kExitOk : kExitTryAgain);
    });
    m_handOver->run(launcher->program, launcher->arguments);
    return true;
}

/// Whatever this agent would still write, the lock's file too, is the other's now. So it ends at once, and writes nothing.
void Agent::giveWay(const LockHolder &successor)
{
    qCCritical(lcAgent).noquote()
        << u"the folder %1 was deleted under this agent, and another one has it now (pid %2): this one ends"_s
               .arg(m_options.paths.root)
               .arg(successor.pid);
    const std::vector<ServiceConfig> &configured = m_configuration.configuration().services;
    for (const ServiceView &service : m_services.views()) {
        const auto isOwnProcess = [&service](const ServiceConfig &config) {
            return config.name == service.name && !config.command.isEmpty();
        };
        if (service.pid && *service.pid > 1 && std::ranges::any_of(configured, isOwnProcess))
            ::kill(static_cast<pid_t>(*service.pid), SIGTERM); // nobody would know of it any more
    }
    std::_Exit(kExitTryAgain);
}

/// An agent that an activated socket started, and that stays hibernated, is there for those who only look: 10 s from the last question.
Millis Agent::observerStay() const
{
    if (!m_lastAsked || !m_isStillHibernated)
        return Millis{0};
    return std::max(Millis{0}, defaults::kObserverStay - (m_clock.now().awake - *m_lastAsked));
}

} // namespace dormouse
