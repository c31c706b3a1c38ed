// SPDX-License-Identifier: MIT
// A Wayland compositor that shows nothing, as far as idleness goes: a seat and ext-idle-notify-v1, by libwayland's own server side. (Debian 12 packages no
// compositor with a virtual back-end that offers the protocol and runs without a GPU stack.) Each line on stdin is an input by the user; "seat" adds a seat,
// "unseat" takes it away, "break" sends every client a protocol error.
//   idlecompositor SOCKET [without-idle]
#include <ext-idle-notify-v1-server-protocol.h>
#include <unistd.h>
#include <wayland-server.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <list>
#include <string>

namespace {

struct Compositor;

struct Notification {
    Compositor *compositor = nullptr;
    wl_resource *resource = nullptr;
    wl_event_source *timer = nullptr;
    std::uint32_t timeout = 0;
    bool isIdle = false;
};

struct Compositor {
    wl_display *display = nullptr;
    wl_global *secondSeat = nullptr;
    std::list<Notification> notifications;
};

void destroyResource(wl_client *, wl_resource *resource)
{
    wl_resource_destroy(resource);
}

int timedOut(void *data)
{
    auto *notification = static_cast<Notification *>(data);
    notification->isIdle = true;
    ext_idle_notification_v1_send_idled(notification->resource);
    return 0;
}

void notificationGone(wl_resource *resource)
{
    auto *notification = static_cast<Notification *>(wl_resource_get_user_data(resource));
    wl_event_source_remove(notification->timer);
    notification->compositor->notifications.remove_if(
        [resource](const Notification &other) { return other.resource == resource; });
}

const struct ext_idle_notification_v1_interface kNotification = {destroyResource};

void getNotification(wl_client *client, wl_resource *notifier, std::uint32_t id, std::uint32_t timeout, wl_resource *)
{
    auto *compositor = static_cast<Compositor *>(wl_resource_get_user_data(notifier));
    Notification &notification = compositor->notifications.emplace_back();
    notification.compositor = compositor;
    notification.timeout = timeout;
    notification.resource = wl_resource_create(client, &ext_idle_notification_v1_interface, 1, id);
    wl_resource_set_implementation(notification.resource, &kNotification, &notification, notificationGone);
    notification.timer = wl_event_loop_add_timer(wl_display_get_event_loop(compositor->display), timedOut, &notification);
    wl_event_source_timer_update(notification.timer, static_cast<int>(timeout));
}

const struct ext_idle_notifier_v1_interface kNotifier = {destroyResource, getNotification};

void bindNotifier(wl_client *client, void *data, std::uint32_t version, std::uint32_t id)
{
    wl_resource *resource = wl_resource_create(client, &ext_idle_notifier_v1_interface, static_cast<int>(version), id);
    wl_resource_set_implementation(resource, &kNotifier, data, nullptr);
}

void bindSeat(wl_client *client, void *, std::uint32_t version, std::uint32_t id)
{
    wl_seat_send_capabilities(wl_resource_create(client, &wl_seat_interface, static_cast<int>(version), id), 0);
}

void input(Compositor &compositor)
{
    for (Notification &notification : compositor.notifications) {
        if (notification.isIdle)
            ext_idle_notification_v1_send_resumed(notification.resource);
        notification.isIdle = false;
        wl_event_source_timer_update(notification.timer, static_cast<int>(notification.timeout));
    }
}

void obey(Compositor &compositor, const std::string &word)
{
    if (word.starts_with("unseat") && compositor.secondSeat != nullptr) {
        wl_global_remove(compositor.secondSeat);
    } else if (word.starts_with("seat")) {
        compositor.secondSeat = wl_global_create(compositor.display, &wl_seat_interface, 1, nullptr, bindSeat);
    } else if (word.starts_with("break")) {
        while (!compositor.notifications.empty()) {
            wl_client *client = wl_resource_get_client(compositor.notifications.front().resource);
            wl_client_post_implementation_error(client, "as the test asked");
            wl_client_destroy(client);
        }
    } else {
        input(compositor);
    }
}

int readInput(int descriptor, std::uint32_t, void *data)
{
    auto *compositor = static_cast<Compositor *>(data);
    std::array<char, 64> bytes{};
    const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
    if (count <= 0)
        wl_display_terminate(compositor->display);
    else
        obey(*compositor, std::string(bytes.data(), static_cast<std::size_t>(count)));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    Compositor compositor;
    compositor.display = wl_display_create();
    if (argc < 2 || wl_display_add_socket(compositor.display, argv[1]) != 0)
        return 1;
    if (argc == 2)
        wl_global_create(compositor.display, &ext_idle_notifier_v1_interface, 1, &compositor, bindNotifier);
    wl_global_create(compositor.display, &wl_seat_interface, 1, nullptr, bindSeat);
    wl_event_loop_add_fd(wl_display_get_event_loop(compositor.display), STDIN_FILENO, WL_EVENT_READABLE, readInput, &compositor);
    std::puts("ready");
    std::fflush(stdout);
    wl_display_run(compositor.display);
    wl_display_destroy_clients(compositor.display);
    wl_display_destroy(compositor.display);
    return 0;
}
