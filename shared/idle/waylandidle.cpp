// SPDX-License-Identifier: MIT
#include "shared/idle/waylandidle.h"

#include "shared/base/logging.h"
#include "shared/idle/platformidle.h"

#include <ext-idle-notify-v1-client-protocol.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <wayland-client.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr Millis kFinenessMax =
    std::chrono::minutes(1); // coarser would serve as well, but a person waits for it in tests and demonstrations
constexpr std::size_t kSeatsMax = 16;

/// Never blocks: a compositor whose queue of connections is full counts as absent.
int connectSocket(const QByteArray &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.isEmpty() || std::size_t(path.size()) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    std::memcpy(address.sun_path, path.constData(), std::size_t(path.size()));
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return -1;
    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0)
        return descriptor;
    const int problem = errno;
    ::close(descriptor);
    errno = problem;
    return -1;
}

void logLibrary(const char *format, va_list arguments)
{
    qCDebug(lcSense).noquote() << "libwayland:" << QString::vasprintf(format, arguments).trimmed();
}

} // namespace

struct WaylandIdle::Listeners {
    static void global(void *data, wl_registry *, quint32 name, const char *interface, quint32)
    {
        static_cast<WaylandIdle *>(data)->addGlobal(name, interface);
    }
    static void globalRemove(void *data, wl_registry *, quint32 name) { static_cast<WaylandIdle *>(data)->removeGlobal(name); }
    static void done(void *data, wl_callback *, quint32) { static_cast<WaylandIdle *>(data)->settled(); }
    static void idled(void *data, ext_idle_notification_v1 *)
    {
        auto *seat = static_cast<Seat *>(data);
        seat->idleSince = seat->owner->m_clock.now().awake - seat->owner->m_fineness;
    }
    static void resumed(void *data, ext_idle_notification_v1 *) { static_cast<Seat *>(data)->idleSince.reset(); }

    static constexpr wl_registry_listener kRegistry{global, globalRemove};
    static constexpr wl_callback_listener kSync{done};
    static constexpr ext_idle_notification_v1_listener kNotification{idled, resumed};
};

std::unique_ptr<IdleBackend> makeWaylandIdle(DisplayFinder &displays, const Clock &clock)
{
    return std::make_unique<WaylandIdle>(displays, clock);
}

WaylandIdle::WaylandIdle(DisplayFinder &displays, const Clock &clock, QObject *parent)
    : IdleBackend(parent), m_displays(displays), m_clock(clock), m_fineness(kFinenessMax)
{
    wl_log_set_handler_client(logLibrary);
}

WaylandIdle::~WaylandIdle()
{
    close();
}

QString WaylandIdle::name() const
{
    return u"wayland"_s;
}

void WaylandIdle::setFineness(Millis fineness)
{
    const Millis before = std::exchange(m_fineness, std::clamp(fineness, Millis(1), kFinenessMax));
    if (before == m_fineness || m_idleNotifier == nullptr)
        return;
    for (Seat &seat : m_seats) {
        unwatch(seat);
        watch(seat);
    }
    wl_display_flush(m_display);
}

/// It knows only what happens while it listens.
void WaylandIdle::start()
{
    if (m_display != nullptr || std::exchange(m_isFinding, true))
        return;
    m_displays.find([this](const DisplayVariables &variables) { connectTo(variables); });
}

void WaylandIdle::ask()
{
    m_isAsked = true;
    start();
    if (m_display != nullptr && m_sync == nullptr)
        answerIfAsked();
}

void WaylandIdle::connectTo(const DisplayVariables &variables)
{
    m_isFinding = false;
    if (variables.wayland.isEmpty())
        return answerIfAsked();
    m_variables = variables;
    openDisplay();
}

void WaylandIdle::openDisplay()
{
    const int descriptor = connectSocket(m_variables.wayland.toLocal8Bit());
    if (descriptor < 0)
        return lose(qt_error_string(errno));
    m_display = wl_display_connect_to_fd(descriptor); // closes the descriptor when it fails
    if (m_display == nullptr)
        return lose(qt_error_string(errno));
    m_registry = wl_display_get_registry(m_display);
    wl_registry_add_listener(m_registry, &Listeners::kRegistry, this);
    m_sync = wl_display_sync(m_display);
    wl_callback_add_listener(m_sync, &Listeners::kSync, this);
    m_notifier = std::make_unique<QSocketNotifier>(wl_display_get_fd(m_display), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &WaylandIdle::readEvents);
    wl_display_flush(m_display);
}

/// All that the compositor offers has been told.
void WaylandIdle::settled()
{
    wl_callback_destroy(std::exchange(m_sync, nullptr));
    const QString problem = m_idleNotifier == nullptr ? u"it does not offer ext-idle-notify-v1"_s : QString();
    if (std::exchange(m_told, problem) != problem) {
        qCInfo(lcSense).noquote() << "the Wayland compositor" << m_variables.wayland
                                  << (problem.isEmpty() ? u"is there again"_s : QString(u"tells no idleness: "_s + problem));
    }
    answerIfAsked();
}

void WaylandIdle::addGlobal(quint32 global, const QByteArray &interface)
{
    if (interface == ext_idle_notifier_v1_interface.name && m_idleNotifier == nullptr) {
        m_idleNotifierGlobal = global;
        m_idleNotifier =
            static_cast<ext_idle_notifier_v1 *>(wl_registry_bind(m_registry, global, &ext_idle_notifier_v1_interface, 1));
        for (Seat &seat : m_seats)
            watch(seat);
    } else if (interface == wl_seat_interface.name && m_seats.size() < kSeatsMax) {
        auto *seat = static_cast<wl_seat *>(wl_registry_bind(m_registry, global, &wl_seat_interface, 1));
        watch(m_seats.emplace_back(Seat{.owner = this, .global = global, .seat = seat}));
    }
}

void WaylandIdle::removeGlobal(quint32 global)
{
    if (m_idleNotifier != nullptr && global == m_idleNotifierGlobal) {
        std::ranges::for_each(m_seats, [this](Seat &seat) { unwatch(seat); });
        ext_idle_notifier_v1_destroy(std::exchange(m_idleNotifier, nullptr));
    }
    const auto found = std::ranges::find(m_seats, global, &Seat::global);
    if (found == m_seats.end())
        return;
    dropSeat(*found);
    m_seats.erase(found);
}

void WaylandIdle::watch(Seat &seat)
{
    if (m_idleNotifier == nullptr || seat.notification != nullptr)
        return;
    seat.notification = ext_idle_notifier_v1_get_idle_notification(m_idleNotifier, quint32(m_fineness.count()), seat.seat);
    ext_idle_notification_v1_add_listener(seat.notification, &Listeners::kNotification, &seat);
}

void WaylandIdle::unwatch(Seat &seat)
{
    if (seat.notification != nullptr)
        ext_idle_notification_v1_destroy(std::exchange(seat.notification, nullptr));
    seat.idleSince.reset();
}

void WaylandIdle::dropSeat(Seat &seat)
{
    unwatch(seat);
    wl_seat_destroy(seat.seat);
}

void WaylandIdle::readEvents()
{
    bool isAlive = true;
    while (isAlive && wl_display_prepare_read(m_display) != 0)
        isAlive = wl_display_dispatch_pending(m_display) >= 0;
    if (isAlive)
        isAlive = wl_display_read_events(m_display) >= 0 && wl_display_dispatch_pending(m_display) >= 0;
    if (isAlive) // what the events made us say
        isAlive = wl_display_flush(m_display) >= 0 || errno == EAGAIN;
    if (!isAlive)
        lose(u"the connection broke"_s);
}

/// The agent goes on without; the next question connects anew.
void WaylandIdle::lose(const QString &why)
{
    close();
    m_displays.noteFailure(m_variables);
    if (std::exchange(m_told, why) != why)
        qCInfo(lcSense).noquote() << "the Wayland compositor" << m_variables.wayland << "tells no idleness:" << why;
    answerIfAsked();
}

void WaylandIdle::close()
{
    if (m_notifier) {
        m_notifier->setEnabled(false);
        m_notifier.release()->deleteLater(); // it may be amid its own signal
    }
    if (m_display == nullptr)
        return;
    std::ranges::for_each(m_seats, [this](Seat &seat) { dropSeat(seat); });
    m_seats.clear();
    if (m_idleNotifier != nullptr)
        ext_idle_notifier_v1_destroy(std::exchange(m_idleNotifier, nullptr));
    if (m_sync != nullptr)
        wl_callback_destroy(std::exchange(m_sync, nullptr));
    wl_registry_destroy(std::exchange(m_registry, nullptr));
    wl_display_disconnect(std::exchange(m_display, nullptr));
}

void WaylandIdle::answerIfAsked()
{
    if (std::exchange(m_isAsked, false))
        Q_EMIT answered({.idle = idle()});
}

/// Of the least idle seat.
std::optional<Millis> WaylandIdle::idle() const
{
    if (m_idleNotifier == nullptr || m_seats.empty())
        return std::nullopt;
    const AwakeTime now = m_clock.now().awake;
    Millis least = Millis::max();
    for (const Seat &seat : m_seats)
        least = std::min(least, seat.idleSince ? now - *seat.idleSince : Millis(0));
    return least;
}

} // namespace dormouse
