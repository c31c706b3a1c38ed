// SPDX-License-Identifier: MIT
#include "agent/act/services/unitservice.h"

#include "agent/act/services/servicesession.h"
#include "shared/base/logging.h"

#include <algorithm>
#include <utility>

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr Millis kLookPeriod = 100ms; // while something changes, growing
constexpr Millis kLookPeriodMax = 1000ms;
constexpr Millis kKillPeriodMax = 30s;
constexpr int kPatienceToKnow = 2; // the agent may be waiting for it, to leave
constexpr int kPatience = 5;       // looks in a row that tell nothing, or see it down behind a start

} // namespace

UnitService::UnitService(std::unique_ptr<UnitTool> tool, QString program, const ProcessTable &processes, QObject *parent)
    : ServiceBackend(parent), m_tool(std::move(tool)), m_program(std::move(program)), m_processes(processes),
      m_lookPeriod(kLookPeriod)
{
    m_lookTimer.setSingleShot(true);
    m_killTimer.setSingleShot(true);
    m_killTimer.setTimerType(Qt::PreciseTimer); // a coarse one may be early
    connect(&m_toolCall, &ToolCall::answered, this, &UnitService::answered);
    connect(&m_lookTimer, &QTimer::timeout, this, [this] { call(Call::Look); });
    connect(&m_killTimer, &QTimer::timeout, this, [this] { m_isKillDue = true; });
}

UnitService::~UnitService() = default;

void UnitService::look()
{
    m_goal = Goal::Known;
    call(Call::Look);
}

void UnitService::start()
{
    m_goal = Goal::Up;
    m_isAsked = false;
    call(Call::Look);
}

void UnitService::stop(Millis timeout)
{
    if (m_goal == Goal::Down || m_isOver)
        return;
    m_goal = Goal::Down;
    m_isAsked = false;
    m_failures = 0;
    m_killTimer.start(timeout);
    m_lookPeriod = kLookPeriod;
    call(Call::Look);
}

void UnitService::poll()
{
    if (m_isUp && !m_lookTimer.isActive())
        call(Call::Look);
}

/// One call at a time; what a wish needs is found out again when the running one has answered.
void UnitService::call(Call kind)
{
    if (m_toolCall.isRunning() || m_isOver)
        return;
    m_lookTimer.stop();
    m_call = kind;
    switch (kind) {
    case Call::Look: return m_toolCall.run(m_program, m_tool->lookArguments());
    case Call::Stop: return m_toolCall.run(m_program, m_tool->stopArguments());
    case Call::Kill: return m_toolCall.run(m_program, m_tool->killArguments());
    case Call::Start: break;
    }
    const QStringList arguments = m_tool->startArguments(m_look);
    if (arguments.isEmpty())
        return down(u"it is not known where its property list is"_s);
    m_complaint.clear();
    m_toolCall.run(m_program, arguments);
}

void UnitService::answered(const ToolAnswer &answer)
{
    if (m_call != Call::Look) {
        m_complaint = answer.isDone() ? QString() : answer.complaint();
        return lookSoon();
    }
    const std::optional<UnitLook> look = answer.isAnswered ? m_tool->readLook(answer.exitCode, answer.output) : std::nullopt;
    if (look)
        return seen(*look);
    qCDebug(lcCycle).noquote() << "a service manager gave no answer:" << answer.complaint();
    const bool isHopeless = ++m_failures >= (m_goal == Goal::Known ? kPatienceToKnow : kPatience) || m_program.isEmpty();
    const bool isWaitedFor =
        m_goal == Goal::Known || (m_goal == Goal::Up && !m_isUp) || (m_goal == Goal::Down && !m_killTimer.isActive());
    if (isHopeless && isWaitedFor)
        return down(answer.complaint());
    if (!isHopeless || !m_isUp || m_goal == Goal::Down) // else the next tick asks again
        lookSoon();
}

void UnitService::seen(const UnitLook &look)
{
    m_look = look;
    if (!look.propertyList.isEmpty())
        Q_EMIT propertyListSeen(look.propertyList);
    if (m_goal == Goal::Down)
        return seenWhileStopping();
    if (m_isUp)
        return seenWhileUp();
    if (m_goal == Goal::Up)
        return seenWhileStarting();
    if (look.kind == UnitLook::Kind::Up)
        up();
    else if (look.kind == UnitLook::Kind::Down)
        down({});
    else
        lookSoon();
}

void UnitService::seenWhileStarting()
{
    if (m_look.kind == UnitLook::Kind::Up)
        return up();
    const bool isDown = m_look.kind == UnitLook::Kind::Down;
    // A label that was loaded just now has to be started still.
    if (!m_isAsked || (isDown && m_look.isLoaded && !m_wasLoaded)) {
        m_isAsked = true;
        m_wasLoaded = m_look.isLoaded;
        m_failures = 0;
        return call(Call::Start);
    }
    if (isDown && (++m_failures >= kPatience || !m_complaint.isEmpty())) {
        const QString reason = m_complaint.isEmpty() ? m_look.reason : m_complaint;
        return down(reason.isEmpty() ? u"it did not come up"_s : reason);
    }
    lookSoon();
}

void UnitService::seenWhileStopping()
{
    if (!m_end.freedBytes && m_look.kind != UnitLook::Kind::Down)
        m_end.freedBytes = memory();
    if (m_tool->isStopped(m_look))
        return down({});
    if (!std::exchange(m_isAsked, true))
        return call(Call::Stop);
    if (std::exchange(m_isKillDue, false)) {
        qCWarning(lcCycle).noquote() << "a service does not end when its manager asks it to: killed" << m_complaint;
        m_isAsked = false; // the stop itself may have failed: once more, until it is done
        m_killTimer.start(std::clamp<Millis>(m_killTimer.intervalAsDuration() * 2, kLookPeriodMax, kKillPeriodMax));
        return call(Call::Kill);
    }
    lookSoon();
}

void UnitService::seenWhileUp()
{
    m_failures = 0;
    if (m_look.kind == UnitLook::Kind::Down)
        return down(m_look.reason.isEmpty() ? u"it was stopped by somebody else"_s : m_look.reason);
    if (m_look.kind == UnitLook::Kind::Changing)
        return lookSoon();
    watchProcess();
}

void UnitService::up()
{
    m_isUp = true;
    m_goal = Goal::Up;
    m_failures = 0;
    watchProcess();
    Q_EMIT ran();
}

void UnitService::down(const QString &reason)
{
    m_isOver = true;
    m_isUp = false;
    m_lookTimer.stop();
    m_killTimer.stop();
    m_end.reason = reason;
    Q_EMIT ended(m_end);
}

void UnitService::lookSoon()
{
    m_lookTimer.start(m_lookPeriod);
    m_lookPeriod = std::min(m_lookPeriod * 3 / 2, kLookPeriodMax);
}

void UnitService::watchProcess()
{
    m_lookPeriod = kLookPeriod;
    if (!m_look.pid || (m_watch && m_watch->pid() == *m_look.pid && !m_watch->isOver()))
        return;
    const std::optional<qint64> startTime = m_processes.facts(*m_look.pid).startTime;
    if (m_watch)
        m_watch.release()->deleteLater();
    if (!startTime)
        return lookSoon(); // gone between the answer and now
    m_watch = std::make_unique<ProcessWatch>(*m_look.pid, *startTime, m_processes);
    connect(m_watch.get(), &ProcessWatch::ended, this, [this] {
        if (!m_lookTimer.isActive())
            lookSoon();
    });
}

std::optional<qint64> UnitService::pid() const
{
    return m_isOver || !m_isUp ? std::nullopt : m_look.pid;
}

std::optional<qint64> UnitService::memory() const
{
    if (m_look.memory || !m_look.pid)
        return m_look.memory;
    return residentBytes({*m_look.pid});
}

} // namespace dormouse
