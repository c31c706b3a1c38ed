// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/dispatcher.h"
#include "agent/act/hookrunner.h"
#include "agent/act/servicekeeper.h"
#include "agent/decide/driver.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace dormouse {

/// The way down after HIBERNATION was entered (lifecycle rule 7): logs the exit once the services are down, then asks for the agent's end, or lets it linger. A wake on
/// the way down ends it. Main thread.
class HibernationExit : public QObject
{
    Q_OBJECT

public:
    /// `isAwaited` answers whether somebody waits for the agent: a wake.signal or a connection with something to say.
    HibernationExit(const Clock &clock, const Driver &driver, Dispatcher &dispatcher, const ServiceKeeper &services,
                    const HookRunner &hooks, bool shadowRun, std::function<bool()> isAwaited, QObject *parent = nullptr);

    /// Called after each evaluation, and when a service has changed.
    void look();
    /// Who answers how much longer the agent stays for those who only look (a start by an activated socket); 0 when nobody does.
    void setObserverStay(std::function<Millis()> stay) { m_observerStay = std::move(stay); }
    /// The agent stays in HIBERNATION, and no timer needs to run.
    [[nodiscard]] bool isLingering() const { return m_isDown && m_driver.departure() == Departure::Linger; }

Q_SIGNALS:
    /// The services are down; `freedBytes` of memory went with them.
    void down(qint64 freedBytes);
    /// Nobody is there: end the process.
    void exitDue();

private:
    void leave();

    const Clock &m_clock;
    const Driver &m_driver;
    Dispatcher &m_dispatcher;
    const ServiceKeeper &m_services;
    const HookRunner &m_hooks;
    const bool m_shadowRun;
    std::function<bool()> m_isAwaited;
    std::function<Millis()> m_observerStay;
    QTimer m_leaveTimer;
    bool m_isDown = false;
    int m_postponed = 0; ///< how often the exit was put off
};

} // namespace dormouse
