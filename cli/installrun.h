// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "cli/installservice.h"

namespace dormouse {

/// What the user asked for.
struct InstallWish {
    bool isTray = false;
    bool isSocketActivated = false;
    bool isRehearsal = false;
    bool isForced = false;
};

/// Runs an installation or its end: checks, changes, verifies; undoes everything where something fails. Tells each step on standard output.
class InstallRun
{
public:
    InstallRun(const Context &context, ServiceInstaller &service, InstallFacts facts, InstallWish wish);

    /// The agent, and what the wish says; the exit code.
    [[nodiscard]] int install();
    /// Everything, or only what the wish names; the exit code.
    [[nodiscard]] int uninstall();

private:
    struct Planned {
        InstallFile file;
        bool isChanged = false;
        bool keepsOld = false;
    };
    [[nodiscard]] Result<Planned> plan(const InstallFile &file) const;
    [[nodiscard]] Result<std::vector<Planned>> planAll(bool isSocketActivated) const;
    [[nodiscard]] Result<void> checkServed() const;
    [[nodiscard]] Result<void> checkRemovable(const QString &path) const;
    [[nodiscard]] int change(bool isSocketActivated);
    [[nodiscard]] Result<void> carryOut(const std::vector<Planned> &planned, const InstallChange &change);
    [[nodiscard]] Result<void> takeOver(const ManagedAgent &managed) const;
    [[nodiscard]] Result<void> verify() const;
    [[nodiscard]] Result<void> removeAll();
    [[nodiscard]] Result<void> removeTray();
    [[nodiscard]] Result<void> removeFiles(const QStringList &paths);
    [[nodiscard]] int reportAbsence(const QString &absence) const;
    void say(const QString &line) const;

    const Context &m_context;
    ServiceInstaller &m_service;
    InstallFacts m_facts;
    InstallWish m_wish;
    InstallFiles m_files;
};

/// Refuses to write into another user's home, as with sudo. Error: Permission.
[[nodiscard]] Result<void> checkOwnHome();
/// What this machine, this terminal and this command line say. Error: Configuration where a program is missing.
[[nodiscard]] Result<InstallFacts> gatherFacts(const Context &context, bool isTray);

} // namespace dormouse
