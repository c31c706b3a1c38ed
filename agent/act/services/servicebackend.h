// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QObject>
#include <QString>

#include <optional>

namespace dormouse {

/// How the run of a service ended.
struct ServiceEnd {
    std::optional<int> code;          ///< exit code, where it is known
    std::optional<int> signal;        ///< that ended it, where it is known
    std::optional<qint64> freedBytes; ///< its resident memory just before it was told to stop
    QString reason;                   ///< for a person; "" when code and signal say it all

    [[nodiscard]] QString text() const;
};

/// One run of one service: a process of ours, a systemd unit, a launchd job. Used once: after ended() it is done with. Signals may come from within the call
/// that causes them; the receiver may not delete the sender from there. Main thread.
class ServiceBackend : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Asks whether it runs already; ran() or ended() follows.
    virtual void look() = 0;
    /// ran() or ended() follows.
    virtual void start() = 0;
    /// At any time, also while it starts; ended() follows. SIGKILL after `timeout`.
    virtual void stop(Millis timeout) = 0;
    /// For ticks: looks after what no notice is given of.
    virtual void poll() = 0;
    /// Of its first process; nothing when it does not run or none is known.
    [[nodiscard]] virtual std::optional<qint64> pid() const = 0;
    /// Resident memory in bytes, of all its processes. May take some milliseconds.
    [[nodiscard]] virtual std::optional<qint64> memory() const = 0;

Q_SIGNALS:
    void ran();
    void ended(const dormouse::ServiceEnd &end);
};

} // namespace dormouse
