// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace dormouse::doctor {

/// What the user's service manager knows of the agent. autostart_linux.cpp, autostart_macos.cpp.
struct AutostartFacts {
    QString manager; ///< "systemd", "launchd"
    QString unit;    ///< path of the unit or property list; empty: none is installed
    bool isMasked = false;
    QStringList command;
    bool servesThis = false;     ///< this root and socket
    bool isProgramThere = false; ///< the command's program can be executed
    QString expectedProgram;     ///< the agent that belongs to this command; empty: there is none beside it
    bool isExpected = false;     ///< the command's program is that one
    std::optional<bool> isEnabled;
    QString enableCommand; ///< how to enable it
    // What starts the agent when wake.signal appears.
    QString trigger;                ///< path of the unit; empty: none
    bool isTriggerRight = false;    ///< it looks at this root's wake.signal
    QString triggerState;           ///< "active", "failed", "inactive"; "" when nobody tells
    QString triggerCommand;         ///< how to make it run
    bool isSocketInstalled = false; ///< the manager listens on the control socket
};

[[nodiscard]] AutostartFacts autostartFacts(const RootPaths &paths, const QString &socketPath);

/// The agent's program beside this one; empty when there is none.
[[nodiscard]] QString agentProgramBeside();

/// What a program printed, whatever its exit code; nothing when it could not be started or took longer than 3 s.
[[nodiscard]] std::optional<QString> printedBy(const QString &program, const QStringList &arguments);

/// Fills in what follows from the command: servesThis, isProgramThere, expectedProgram, isExpected.
void judgeCommand(AutostartFacts &facts, const RootPaths &paths, const QString &socketPath);

} // namespace dormouse::doctor
