// SPDX-License-Identifier: MIT
#pragma once

#include "cli/installfiles.h"
#include "shared/startup/traystart.h"

#include <memory>

namespace dormouse {

/// The agent as a service manager sees it.
struct ManagedAgent {
    bool isLoaded = false; ///< the manager knows it
    bool isUp = false;
    bool isEndedWell = false; ///< it ran and exited with 0, as in a hibernation
    qint64 pid = 0;           ///< 0: none
    QString trouble;          ///< why it is down, for a person
};

/// What an installation is about to change.
struct InstallChange {
    QStringList changed; ///< paths of files that are new or get another content
    QStringList removed; ///< paths of files that go
};

/// One service manager: which files make it start the agent of this user, and how it is told of them. Blocks, within bounds. Errors are for people.
class ServiceInstaller
{
public:
    virtual ~ServiceInstaller() = default;

    /// "systemd", "launchd".
    [[nodiscard]] virtual QString name() const = 0;
    /// Why it cannot be used here; nothing when it can.
    [[nodiscard]] virtual std::optional<QString> absence() const = 0;

    /// The first is the one that names the agent's command.
    [[nodiscard]] virtual std::vector<InstallFile> agentFiles(const InstallFacts &facts, bool isSocketActivated) const = 0;
    [[nodiscard]] virtual std::vector<InstallFile> trayFiles(const InstallFacts &facts) const = 0;
    /// All paths that an installation may have written, and folders that go when they are empty.
    [[nodiscard]] virtual QStringList agentPaths() const = 0;
    [[nodiscard]] virtual QStringList trayPaths() const = 0;
    /// The program and its arguments in a file of agentFiles(); empty when there are none.
    [[nodiscard]] virtual QStringList commandIn(const QByteArray &content) const = 0;
    [[nodiscard]] virtual bool isSocketActivated() const = 0; ///< as installed

    [[nodiscard]] virtual ManagedAgent look() const = 0;
    /// Before files change: stops what cannot go on with the new ones.
    [[nodiscard]] virtual Result<void> makeWay(const InstallChange &change) = 0;
    /// Once the files are there: the manager reads them, starts the agent, and does so from now on.
    [[nodiscard]] virtual Result<void> load(const InstallChange &change) = 0;
    /// Something failed: as before makeWay(); `undoFiles` puts the files back in between. What failed of this, one sentence each.
    [[nodiscard]] virtual QStringList rollBack(const std::function<QStringList()> &undoFiles) = 0;
    /// Before all files go: the agent ends, and nothing starts it any more.
    [[nodiscard]] virtual Result<void> unload() = 0;
    /// Once they are gone: no trace is left with the manager.
    [[nodiscard]] virtual Result<void> forget() = 0;
    [[nodiscard]] virtual Result<void> loadTray() = 0;
    [[nodiscard]] virtual Result<void> unloadTray() = 0;

    /// How a person finds out more: "journalctl --user -u dormouse-agent".
    [[nodiscard]] virtual QString whereToLook() const = 0;
};

/// That of this platform. `say` is told each step; in a rehearsal nothing is changed.
[[nodiscard]] std::unique_ptr<ServiceInstaller> makeServiceInstaller(bool isRehearsal,
                                                                     const std::function<void(const QString &)> &say);

/// As long as the longest stop_timeout of a service may take, and a little more; beyond it the service manager kills the agent.
inline constexpr int kStopWaitSeconds = 670;

} // namespace dormouse
