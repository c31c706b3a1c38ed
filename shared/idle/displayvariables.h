// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

namespace dormouse {

namespace dbus {
class BusLink;
}

/// Where this user's display is.
struct DisplayVariables {
    QString x11;           ///< DISPLAY
    QString authorityFile; ///< XAUTHORITY
    QString wayland;       ///< WAYLAND_DISPLAY, completed to a path
    QString home;

    [[nodiscard]] bool isEmpty() const { return x11.isEmpty() && wayland.isEmpty(); }
    bool operator==(const DisplayVariables &) const = default;
};

/// From lines like "DISPLAY=:0".
[[nodiscard]] DisplayVariables displayVariables(const QStringList &environment);

/// Finds the display. An agent that a service manager started before the login has no variables of it, and one that outlives a session has old ones: so its own
/// environment comes first, and, when that names none or leads nowhere, the one of the systemd user manager, which desktops keep up to date. Main thread.
class DisplayFinder : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const DisplayVariables &)>;
    explicit DisplayFinder(dbus::BusLink &session, QObject *parent = nullptr);

    /// `done` gets what is known, at once or within the limit of a call; empty when nothing is.
    void find(Done done);
    /// A connection by what find() answered has failed, or ended.
    void noteFailure(const DisplayVariables &tried);

private:
    dbus::BusLink &m_session;
    bool m_isOwnStale = false;
};

} // namespace dormouse
