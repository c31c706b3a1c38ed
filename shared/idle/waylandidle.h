// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/displayvariables.h"
#include "shared/idle/idlebackend.h"

#include <QSocketNotifier>

#include <list>
#include <memory>

struct ext_idle_notification_v1;
struct ext_idle_notifier_v1;
struct wl_callback;
struct wl_display;
struct wl_registry;
struct wl_seat;

namespace dormouse {

/// Listens to a Wayland compositor by ext-idle-notify-v1, which tells when nothing was input for so long (a minute, or the fineness asked for), and when there is
/// input again. In between, the idleness is taken to be 0. Connecting and reading never block. Main thread.
class WaylandIdle final : public IdleBackend
{
    Q_OBJECT

public:
    WaylandIdle(DisplayFinder &displays, const Clock &clock, QObject *parent = nullptr);
    ~WaylandIdle() override;
    [[nodiscard]] QString name() const override;
    void start() override;
    void ask() override;
    void setFineness(Millis fineness) override;

private:
    struct Seat {
        WaylandIdle *owner = nullptr;
        quint32 global = 0;
        wl_seat *seat = nullptr;
        ext_idle_notification_v1 *notification = nullptr;
        std::optional<AwakeTime> idleSince = {};
    };
    struct Listeners; ///< what libwayland calls

    void connectTo(const DisplayVariables &variables);
    void openDisplay();
    void settled();
    void addGlobal(quint32 global, const QByteArray &interface);
    void removeGlobal(quint32 global);
    void watch(Seat &seat);
    void unwatch(Seat &seat);
    void dropSeat(Seat &seat);
    void readEvents();
    void lose(const QString &why);
    void close();
    void answerIfAsked();
    [[nodiscard]] std::optional<Millis> idle() const;

    DisplayFinder &m_displays;
    const Clock &m_clock;
    DisplayVariables m_variables;
    Millis m_fineness;
    std::unique_ptr<QSocketNotifier> m_notifier;
    wl_display *m_display = nullptr;
    wl_registry *m_registry = nullptr;
    wl_callback *m_sync = nullptr; ///< under way until what the compositor offers is known
    ext_idle_notifier_v1 *m_idleNotifier = nullptr;
    quint32 m_idleNotifierGlobal = 0;
    std::list<Seat> m_seats; ///< libwayland holds their addresses
    bool m_isFinding = false;
    bool m_isAsked = false;
    QString m_told;
};

} // namespace dormouse
