// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"

namespace dormouse {

namespace dbus {
class BusLink;
}

/// GNOME's compositor, on the session bus: org.gnome.Mutter.IdleMonitor, and org.gnome.Mutter.DisplayConfig for a display that sleeps.
class MutterIdle final : public IdleBackend
{
    Q_OBJECT

public:
    explicit MutterIdle(dbus::BusLink &session, QObject *parent = nullptr);
    [[nodiscard]] QString name() const override;
    void ask() override;

private:
    void askDisplay(Millis idle);

    dbus::BusLink &m_session;
};

} // namespace dormouse
