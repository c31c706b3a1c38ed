// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/storage/descriptor.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>

#include <vector>

namespace dormouse {

/// A child that waits, in a session of its own, for the byte that lets it become its program. When the pipe closes first (the agent was killed), it exits and
/// the program has never run.
struct HeldProcess {
    qint64 pid = 0;  ///< of the waiting process, and of the program afterwards
    Descriptor hold; ///< write end of the pipe

    /// Lets it run. Error: Io when it is gone.
    [[nodiscard]] Result<void> release();
};

struct HeldCommand {
    QString guard;                       ///< path of the guard program
    QStringList command;                 ///< program and arguments; never a shell
    std::vector<QByteArray> environment; ///< "NAME=value", whole
    const Descriptor &output;            ///< stdout and stderr
};

/// Starts it: stdin is /dev/null, signals are as a program expects them, no descriptor of ours is passed on. Errors: Io.
[[nodiscard]] Result<HeldProcess> spawnHeld(const HeldCommand &command);

/// This process' environment without what a service manager said to it (LISTEN_*, NOTIFY_SOCKET, WATCHDOG_*), with `additions` on top.
[[nodiscard]] std::vector<QByteArray> childEnvironment(const QMap<QString, QString> &additions);

} // namespace dormouse
