// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QObject>
#include <QString>

#include <optional>

namespace dormouse {

/// What one back-end knows. Nothing of it: it is absent, or was not told.
struct IdleReading {
    std::optional<Millis> idle = {}; ///< since the last input
    std::optional<bool> isDisplayAsleep = {};
    std::optional<Millis> sinceResume = {}; ///< awake time since the last suspend ended

    bool operator==(const IdleReading &) const = default;
};

/// One way to learn of the user's idleness. Does nothing but when it is asked or told, and never blocks. Owned by the chooser; main thread.
class IdleBackend : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    /// As `status.idle_sources` shows it.
    [[nodiscard]] virtual QString name() const = 0;
    /// Connects, where that has to happen before it is asked.
    virtual void start() {}
    /// `answered` follows once, before this returns or later. Not asked again before.
    virtual void ask() = 0;
    /// See IdleSource.
    virtual void setFineness(Millis fineness) { Q_UNUSED(fineness) }

Q_SIGNALS:
    void answered(const dormouse::IdleReading &reading);
    void resumed();
};

} // namespace dormouse
