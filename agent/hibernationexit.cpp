// SPDX-License-Identifier: MIT
#include "agent/hibernationexit.h"

#include "shared/base/logging.h"

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kLeaveDelay = 20ms; // lets answers that are on their way go out first
constexpr int kPostponedMax = 80;  // a request that is not read yet, or a hook on_hibernation, holds it up: within 2 s it is over

} // namespace

HibernationExit::HibernationExit(const Clock &clock, const Driver &driver, Dispatcher &dispatcher, const ServiceKeeper &services,
                                 const HookRunner &hooks, bool shadowRun, std::function<bool()> isAwaited, QObject *parent)
    : QObject(parent), m_clock(clock), m_driver(driver), m_dispatcher(dispatcher), m_services(services), m_hooks(hooks),
      m_shadowRun(shadowRun), m_isAwaited(std::move(isAwaited))
{
    m_leaveTimer.setSingleShot(true);
    connect(&m_leaveTimer, &QTimer::timeout, this, &HibernationExit::leave);
}

void HibernationExit::look()
{
    const Departure departure = m_driver.departure();
    if (departure == Departure::NotNow) {
        m_leaveTimer.stop();
        m_isDown = m_isDown && m_driver.state() == State::Hibernation;
        m_postponed = 0;
        return;
    }
    if (m_services.isAnyStopping())
        return; // a change of theirs brings us here again
    if (!m_isDown) {
        m_isDown = true;
        if (!m_shadowRun) {
            m_dispatcher.log({m_clock.now().wall,
                              logkind::kHibernationExit,
                              {{"mode"_L1, departure == Departure::Exit ? u"exit"_s : u"linger"_s},
                               {"freed_bytes"_L1, m_services.freedBytes()}}});
        }
        Q_EMIT down(m_services.freedBytes());
        qCInfo(lcAgent) << (departure == Departure::Exit ? "hibernating: the agent exits" : "hibernating: the agent lingers");
    }
    if (departure == Departure::Exit && !m_leaveTimer.isActive())
        m_leaveTimer.start(kLeaveDelay);
}

void HibernationExit::leave()
{
    if (m_driver.departure() != Departure::Exit || m_services.isAnyStopping())
        return;
    if (const Millis stay = m_observerStay ? m_observerStay() : Millis{0}; stay > Millis{0})
        return m_leaveTimer.start(stay);
    if ((m_isAwaited() || m_hooks.isRunning()) && ++m_postponed < kPostponedMax) {
        m_leaveTimer.start(kLeaveDelay);
        return;
    }
    Q_EMIT exitDue();
}

} // namespace dormouse
