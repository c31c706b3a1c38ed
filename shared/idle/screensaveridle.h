// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"

namespace dormouse {

namespace dbus {
class BusLink;
}

/// The freedesktop.org screen saver's GetSessionIdleTime, on the session bus. Its specification says seconds; KDE's, which can be told by its second name, answers
/// in milliseconds.
class ScreenSaverIdle final : public IdleBackend
{
    Q_OBJECT

public:
    explicit ScreenSaverIdle(dbus::BusLink &session, QObject *parent = nullptr);
    [[nodiscard]] QString name() const override;
    void ask() override;

private:
    void askUnit(quint32 number);

    dbus::BusLink &m_session;
};

} // namespace dormouse
