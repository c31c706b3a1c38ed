// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <optional>

namespace dormouse::dbus {

/// Where a bus listens: a local socket.
struct BusSocket {
    QString name; ///< a path, or a name in Linux's abstract namespace
    bool isAbstract = false;

    bool operator==(const BusSocket &) const = default;
};

/// The first local socket in a list of addresses (D-Bus specification, "Server Addresses"). Nothing: there is none we can use.
[[nodiscard]] std::optional<BusSocket> parseBusAddress(const QString &addresses);

/// This user's session bus and the system bus, by the environment or the usual places. Empty: there is none.
[[nodiscard]] QString sessionBusAddress();
[[nodiscard]] QString systemBusAddress();

} // namespace dormouse::dbus
