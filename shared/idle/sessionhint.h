// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QVariant>

#include <optional>

namespace dormouse {

/// One entry of logind's ListSessions.
struct LoginSession {
    quint32 uid = 0;
    QString seat; ///< empty: a remote one, or a service's
    QString path;

    bool operator==(const LoginSession &) const = default;
};

/// The sessions of `uid` that have a seat; what cannot be read is left out.
[[nodiscard]] QList<LoginSession> seatedSessions(const QVariantList &answer, quint32 uid);

/// The user's idleness by one session's properties (org.freedesktop.login1.Session, as GetAll answers). A text session's hint is the age of the terminal's last
/// input. A graphical one's is only what its desktop reports: "idle" since a time, or "not idle", which means something only where the hint was ever set.
[[nodiscard]] std::optional<Millis> idlenessOfSession(const QVariantList &properties, AwakeTime now);

} // namespace dormouse
