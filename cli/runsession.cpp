// SPDX-License-Identifier: MIT
#include "cli/runsession.h"

#include <QCoreApplication>

#include <cstring>

#include <unistd.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kHeartbeatPeriod = 30s; // what all wrappers do: three missed ones make it stale

/// What is passed on when it is sent to us. Those that the terminal makes reach the program anyway.
const std::vector<int> &forwardedSignals()
{
    static const std::vector<int> numbers{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH};
    return numbers;
}

std::vector<int> handledSignals()
{
    std::vector<int> numbers = forwardedSignals();
    numbers.push_back(SIGCHLD);
    return numbers;
}

/// Whoever started us may have blocked what we wait for.
void unblock(const std::vector<int> &numbers)
{
    sigset_t set{};
    sigemptyset(&set);
    for (const int number : numbers)
        sigaddset(&set, number);
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

} // namespace

RunSession::RunSession(const Context &context, char *const *argv, const InheritedSignals &inherited, const QString &name,
                       const QString &uuid)
    : m_context(context), m_argv(argv), m_inherited(inherited), m_signals(handledSignals()),
      m_heartbeat(context.paths, ::getpid(), uuid, name), m_lease(context.paths, context.socket, name, ::getpid())
{
    unblock(handledSignals());
    m_beat.setInterval(kHeartbeatPeriod);
    connect(&m_signals, &SignalPipe::raised, this, &RunSession::handleSignal);
    connect(&m_beat, &QTimer::timeout, this, &RunSession::beat);
    connect(&m_lease, &LeaseKeeper::refused, this, [this](const QString &text) { warnOnce(u"no lease: "_s + text); });
}

int RunSession::run()
{
    if (!m_signals.isOpen())
        return m_context.fail(kExitFailure,
                              u"cannot make a pipe for signals ("_s + QString::fromLocal8Bit(std::strerror(errno)) + u')');
    beat();
    m_beat.start();
    m_lease.start();
    const Spawned spawned = spawn(m_argv, m_inherited);
    if (spawned.error != 0) {
        const QString program = QString::fromLocal8Bit(m_argv[0]);
        const QString cause = QString::fromLocal8Bit(std::strerror(spawned.error));
        return m_context.fail(exitCodeOfFailedStart(spawned.error), u"cannot run '"_s + program + u"' ("_s + cause + u')');
    }
    m_child = spawned.pid;
    return QCoreApplication::exec();
}

void RunSession::handleSignal(int number, bool addressed)
{
    if (m_child <= 0)
        return;
    if (number == SIGCHLD) {
        if (const std::optional<int> code = reap(m_child)) {
            m_child = -1; // its number may be somebody else's from now on
            QCoreApplication::exit(*code);
        }
    } else if (addressed) {
        ::kill(m_child, number);
    }
}

void RunSession::beat()
{
    if (const Result<void> written = m_heartbeat.beat(m_context.now()); !written)
        warnOnce(u"no heartbeat: "_s + written.error().text());
}

void RunSession::warnOnce(const QString &text)
{
    if (!m_warned)
        m_context.fail(kExitFailure, text);
    m_warned = true;
}

} // namespace dormouse
