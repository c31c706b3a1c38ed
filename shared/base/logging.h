// SPDX-License-Identifier: MIT
#pragma once

#include <QLoggingCategory>
#include <QStringList>

namespace dormouse {

Q_DECLARE_LOGGING_CATEGORY(lcAgent)     ///< start, stop, wiring
Q_DECLARE_LOGGING_CATEGORY(lcLifecycle) ///< a line per transition
Q_DECLARE_LOGGING_CATEGORY(lcSense)     ///< scanning, watching, idle sources
Q_DECLARE_LOGGING_CATEGORY(lcStorage)   ///< files and locks
Q_DECLARE_LOGGING_CATEGORY(lcControl)   ///< the control socket
Q_DECLARE_LOGGING_CATEGORY(lcCycle)     ///< sleep cycle, services, hooks
Q_DECLARE_LOGGING_CATEGORY(lcTray)      ///< the menubar app

/// The words of --log-level, the most talkative first.
[[nodiscard]] QStringList logLevels();

/// Sends log lines to stderr, one each: "2026-05-02T15:14:30.123Z info dormouse.lifecycle: …".
/// `level` is one of logLevels(); anything else answers false and changes nothing.
[[nodiscard]] bool installLogging(const QString &level);

} // namespace dormouse
