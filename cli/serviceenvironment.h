// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1StringView>
#include <QString>

#include <optional>

namespace dormouse {

// What the platform gives to a process that its service manager starts, as far as the search for programs goes.

/// PATH as the process of this id was started with; nothing where the system does not tell.
[[nodiscard]] std::optional<QString> pathOfProcess(qint64 pid);

/// PATH that the user's service manager hands to what it starts, asked of it (a program is run, 5 s at most); nothing when it names none.
[[nodiscard]] std::optional<QString> pathOfServiceManager();

/// What a process gets when nobody names a PATH.
[[nodiscard]] QString defaultServicePath();

/// "systemd" or "launchd": who starts this platform's user services; and the one that does not exist here.
[[nodiscard]] QLatin1StringView serviceManagerName();
[[nodiscard]] QLatin1StringView absentServiceManagerName();

/// Runs a program by absolute path, 5 s at most; its output when it ended with 0.
[[nodiscard]] std::optional<QByteArray> outputOf(const QString &program, const QStringList &arguments);

} // namespace dormouse
