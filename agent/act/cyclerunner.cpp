// SPDX-License-Identifier: MIT
#include "agent/act/cyclerunner.h"

#include "agent/act/housekeeping.h"
#include "shared/base/logging.h"

#include <array>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array kSteps{"rotate logs", "prune first turns", "clean dead heartbeats"};

} // namespace

CycleRunner::CycleRunner(Dispatcher &dispatcher, DaemonStateFile &daemonState, const ProcessTable &processes, const Clock &clock, QObject *parent)
    : QObject(parent), m_dispatcher(dispatcher), m_daemonState(daemonState), m_processes(processes), m_clock(clock)
{
    m_stepTimer.setSingleShot(true);
    connect(&m_stepTimer, &QTimer::timeout, this, &CycleRunner::runNextStep);
}

void CycleRunner::start()
{
    if (m_step)
        return;
    qCInfo(lcCycle) << "sleep cycle starts";
    m_step = 0;
    m_stepTimer.start(0);
}

void CycleRunner::interrupt()
{
    if (!m_step)
        return;
    m_stepTimer.stop();
    m_step.reset();
    qCInfo(lcCycle) << "sleep cycle interrupted";
    Q_EMIT finished(false);
}

CycleView CycleRunner::view() const
{
    return {.running = m_step.has_value(), .forced = false, .canStart = true, .heldBack = {}};
}

std::optional<QString> CycleRunner::runningStep() const
{
    if (!m_step)
        return std::nullopt;
    return QString::fromLatin1(kSteps.at(static_cast<std::size_t>(*m_step)));
}

void CycleRunner::runNextStep()
{
    const WallTime now = m_clock.now().wall;
    switch (*m_step) {
    case 0:
        m_dispatcher.archiveLogs(now);
        break;
    case 1:
        pruneStaleFirstTurns(m_daemonState, now);
        break;
    case 2:
        cleanDeadHeartbeats(m_dispatcher.paths(), m_processes, now, m_settings.staleAfter);
        break;
    }
    if (++*m_step < static_cast<int>(kSteps.size())) {
        m_stepTimer.start(0);
        return;
    }
    m_step.reset();
    m_dispatcher.log({now, logkind::kSleepCycleCompleted, {}});
    qCInfo(lcCycle) << "sleep cycle completed";
    Q_EMIT finished(true);
}

} // namespace dormouse
