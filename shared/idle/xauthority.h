// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace dormouse {

/// An X server's cookie: the name of the method and its data.
struct XCookie {
    QByteArray name;
    QByteArray data;

    bool operator==(const XCookie &) const = default;
};

/// The cookie for local display number `display` in the content of an Xauthority file (libXau, "File Format"); nothing when there is none, or the file is not one.
[[nodiscard]] std::optional<XCookie> findXCookie(const QByteArray &content, int display, const QByteArray &hostName);

/// The number in ":0", ":1.0" or "unix:2"; nothing for displays of other machines.
[[nodiscard]] std::optional<int> localDisplayNumber(const QString &display);

} // namespace dormouse
