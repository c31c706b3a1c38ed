// SPDX-License-Identifier: MIT
#include "agent/act/services/processwatch.h"

#include "agent/act/services/exitdescriptor.h"

#include <chrono>

#include <sys/wait.h>

namespace dormouse {

using namespace std::chrono_literals;

namespace {

constexpr auto kLookPeriod = 1s;

/// A child that has ended keeps its pid until it is reaped.
bool isEndedChild(qint64 pid)
{
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

} // namespace

ProcessWatch::ProcessWatch(qint64 pid, qint64 startTime, const ProcessTable &processes, QObject *parent)
    : QObject(parent), m_pid(pid), m_startTime(startTime), m_processes(processes), m_descriptor(exitDescriptor(pid))
{
    connect(&m_timer, &QTimer::timeout, this, &ProcessWatch::look);
    if (m_descriptor.isOpen()) {
        m_notifier = std::make_unique<QSocketNotifier>(m_descriptor.get(), QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, &ProcessWatch::finish);
    } else {
        m_timer.start(kLookPeriod);
    }
    // It may have ended, and its pid passed on to another process, before the notice was set up.
    QTimer::singleShot(0, this, &ProcessWatch::look);
}

void ProcessWatch::look()
{
    const bool isOther = m_processes.facts(m_pid).startTime.value_or(m_startTime) != m_startTime;
    if (isOther || !m_processes.isAlive(m_pid) || isEndedChild(m_pid))
        finish();
}

void ProcessWatch::finish()
{
    if (m_isOver)
        return;
    m_isOver = true;
    m_timer.stop();
    if (m_notifier)
        m_notifier->setEnabled(false);
    int status = 0;
    const pid_t reaped = uninterrupted([&] { return ::waitpid(static_cast<pid_t>(m_pid), &status, WNOHANG); });
    ProcessEnd end;
    if (reaped == m_pid && WIFEXITED(status))
        end.exitCode = WEXITSTATUS(status);
    else if (reaped == m_pid && WIFSIGNALED(status))
        end.signal = WTERMSIG(status);
    Q_EMIT ended(end);
}

} // namespace dormouse
