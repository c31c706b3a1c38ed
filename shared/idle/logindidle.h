// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"

namespace dormouse {

namespace dbus {
class BusLink;
struct Answer;
} // namespace dbus

/// logind on the system bus: the idle hints of this user's sessions at the machine, and PrepareForSleep, which tells of a suspend.
class LogindIdle final : public IdleBackend
{
    Q_OBJECT

public:
    LogindIdle(dbus::BusLink &system, const Clock &clock, QObject *parent = nullptr);
    [[nodiscard]] QString name() const override;
    void start() override;
    void ask() override;

private:
    void askSessions(const dbus::Answer &answer);
    void takeSession(const dbus::Answer &answer);

    dbus::BusLink &m_system;
    const Clock &m_clock;
    qsizetype m_awaited = 0; ///< sessions that have not answered
    IdleReading m_reading;
};

} // namespace dormouse
