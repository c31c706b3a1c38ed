// SPDX-License-Identifier: MIT
#include "agent/act/services/ownservice.h"

#include "agent/act/services/servicesession.h"
#include "shared/base/logging.h"
#include "shared/config/configuration.h"
#include "shared/records/timestamp.h"

#include <algorithm>

#include <csignal>

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kSweepPeriod = 50ms;
constexpr auto kSweepPeriodMax = 1000ms; // what cannot be killed is waited for in no hurry
constexpr auto kLeftoverTime = 1s;       ///< for children of a service that died by itself

} // namespace

OwnService::OwnService(const Parts &parts, Program program, QObject *parent)
    : ServiceBackend(parent), m_parts(parts), m_program(std::move(program)), m_log(m_program.logFolder, m_program.name)
{
    m_killTimer.setSingleShot(true);
    m_killTimer.setTimerType(Qt::PreciseTimer); // a coarse one may be early
    m_sweepTimer.setInterval(kSweepPeriod);
    connect(&m_killTimer, &QTimer::timeout, this, &OwnService::kill);
    connect(&m_sweepTimer, &QTimer::timeout, this, &OwnService::sweep);
}

OwnService::~OwnService() = default;

bool OwnService::adopt(const ServiceRecord &record)
{
    m_pid = record.pid;
    if (m_parts.processes.isAlive(record.pid) && m_parts.processes.facts(record.pid).startTime == record.startTime) {
        watch(record.startTime);
        return true;
    }
    m_isGone = true;
    if (members().empty()) {
        m_parts.file.remove(m_program.name);
        return false;
    }
    m_end.reason = u"its first process ended while no agent was there"_s;
    QTimer::singleShot(0, this, [this] { processEnded({}); });
    return true;
}

/// What is ours is known by services.json alone.
void OwnService::look()
{
    if (m_pid > 0 && !m_isGone)
        Q_EMIT ran();
    else if (m_pid == 0)
        Q_EMIT ended({});
}

void OwnService::start()
{
    if (const Result<void> launched = launch(); !launched) {
        m_end.reason = launched.error().text();
        if (m_pid == 0) // else the waiting process has to end first
            finish();
        return;
    }
    Q_EMIT ran();
}

Result<void> OwnService::launch()
{
    const QString path = m_program.environment.value(u"PATH"_s, qEnvironmentVariable("PATH"));
    if (m_program.command.isEmpty() || !findProgram(m_program.command.front(), path))
        return Error{ErrorCode::NotFound, u"no such program on the agent's PATH"_s, m_program.command.value(0)};
    const Result<Descriptor> log = m_log.open();
    if (!log)
        return log.error();
    Result<HeldProcess> held =
        spawnHeld({m_program.guard, m_program.command, childEnvironment(m_program.environment), log.value()});
    if (!held)
        return held.error();
    m_pid = held.value().pid;
    const std::optional<qint64> startTime = m_parts.processes.facts(m_pid).startTime;
    watch(startTime.value_or(0));
    Result<void> done =
        startTime ? record(*startTime) : Error{ErrorCode::Io, u"the system does not tell when the process started"_s, {}};
    if (done)
        done = held.value().release();
    if (!done)
        ::kill(static_cast<pid_t>(m_pid), SIGKILL); // a child of ours: the pid cannot be another's yet
    return done;
}

Result<void> OwnService::record(qint64 startTime)
{
    return m_parts.file.put({m_program.name, m_pid, startTime, m_program.command, formatTimestamp(m_parts.clock.now().wall)});
}

void OwnService::watch(qint64 startTime)
{
    m_watch = std::make_unique<ProcessWatch>(m_pid, startTime, m_parts.processes);
    connect(m_watch.get(), &ProcessWatch::ended, this, &OwnService::processEnded);
}

void OwnService::stop(Millis timeout)
{
    if (m_isStopping)
        return;
    m_isStopping = true;
    const std::vector<qint64> processes = members();
    m_end.freedBytes = residentBytes(processes);
    m_killTimer.start(timeout);
    if (!m_isGone)
        signalSession(m_pid, processes, SIGTERM);
}

void OwnService::processEnded(const ProcessEnd &end)
{
    m_isGone = true;
    m_end.code = end.exitCode;
    m_end.signal = end.signal;
    const std::vector<qint64> left = members();
    if (left.empty())
        return finish();
    if (!m_isStopping) {
        signalSession(m_pid, left, SIGTERM);
        m_killTimer.start(kLeftoverTime);
    }
    m_sweepTimer.start();
}

/// Waits for the end of what the first process has left behind: it would hold on to ports and memory.
void OwnService::sweep()
{
    const std::vector<qint64> left = members();
    if (left.empty() && m_isGone)
        return finish();
    if (m_isKilling)
        signalSession(m_pid, left, SIGKILL);
    m_sweepTimer.setInterval(std::min<Millis>(m_sweepTimer.intervalAsDuration() * 2, kSweepPeriodMax));
}

void OwnService::kill()
{
    qCWarning(lcCycle).noquote() << "service" << m_program.name << "does not end on SIGTERM: killed";
    m_isKilling = true;
    m_sweepTimer.start();
    sweep();
}

/// A session keeps its number from being given to another process as long as it has members: one of that pid that came later is a stranger.
std::vector<qint64> OwnService::members() const
{
    if (m_pid <= 1)
        return {};
    std::vector<qint64> found = sessionMembers({m_pid})[m_pid];
    if (m_isGone && m_parts.processes.isAlive(m_pid) && std::ranges::find(found, m_pid) != found.end())
        return {};
    return found;
}

void OwnService::finish()
{
    m_killTimer.stop();
    m_sweepTimer.stop();
    m_pid = 0;
    m_isGone = true;
    m_parts.file.remove(m_program.name);
    Q_EMIT ended(m_end);
}

void OwnService::poll()
{
    if (m_pid == 0 || m_isGone)
        return;
    if (const Result<void> rotated = m_log.rotateInUse(); !rotated)
        qCWarning(lcStorage).noquote() << rotated.error().text();
}

std::optional<qint64> OwnService::pid() const
{
    return m_pid > 0 && !m_isGone ? std::optional(m_pid) : std::nullopt;
}

std::optional<qint64> OwnService::memory() const
{
    return pid() ? std::optional(residentBytes(members())) : std::nullopt;
}

} // namespace dormouse
