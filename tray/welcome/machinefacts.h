// SPDX-License-Identifier: MIT
#pragma once

#include "tray/welcome/serviceoffer.h"

#include "shared/config/userunit.h"

namespace dormouse {

/// Where this machine is looked at.
struct MachinePlaces {
    QString processes;        ///< /proc; not used on macOS
    UnitFolders units;        ///< of systemd
    QStringList launchAgents; ///< of launchd
    QString home;             ///< for "%h" in units
    QString path;             ///< of programs, colon separated
};

/// Those of this user and machine.
[[nodiscard]] MachinePlaces standardMachinePlaces();

/// Every process that may be one of the known programs. Bounded: 32768 processes, 64 KiB of a command line. Thread: any.
[[nodiscard]] std::vector<RunningCommand> runningCommands(const QString &processes);
/// Units and labels of the known programs only. Bounded: 4096 files a folder, 64 KiB a file. Thread: any.
[[nodiscard]] std::vector<InstalledUnit> installedUnits(const MachinePlaces &places);
/// All of it. May block on slow disks: for a worker thread.
[[nodiscard]] MachineFacts machineFacts(const MachinePlaces &places);

} // namespace dormouse
