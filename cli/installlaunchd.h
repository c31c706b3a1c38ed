// SPDX-License-Identifier: MIT
#pragma once

#include "cli/installservice.h"
#include "cli/installtool.h"

namespace dormouse {

/// LaunchAgents of one user. Builds everywhere, so that its calls can be tested with a stand-in for launchctl.
class LaunchdInstaller : public ServiceInstaller
{
public:
    LaunchdInstaller(InstallTool tool, QString home, qint64 uid);

    [[nodiscard]] QString name() const override { return QStringLiteral("launchd"); }
    [[nodiscard]] std::optional<QString> absence() const override;
    [[nodiscard]] std::vector<InstallFile> agentFiles(const InstallFacts &facts, bool isSocketActivated) const override;
    [[nodiscard]] std::vector<InstallFile> trayFiles(const InstallFacts &facts) const override;
    [[nodiscard]] QStringList agentPaths() const override;
    [[nodiscard]] QStringList trayPaths() const override;
    [[nodiscard]] QStringList commandIn(const QByteArray &content) const override;
    [[nodiscard]] bool isSocketActivated() const override;

    [[nodiscard]] ManagedAgent look() const override;
    [[nodiscard]] Result<void> makeWay(const InstallChange &change) override;
    [[nodiscard]] Result<void> load(const InstallChange &change) override;
    [[nodiscard]] QStringList rollBack(const std::function<QStringList()> &undoFiles) override;
    [[nodiscard]] Result<void> unload() override;
    [[nodiscard]] Result<void> forget() override;
    [[nodiscard]] Result<void> loadTray() override;
    [[nodiscard]] Result<void> unloadTray() override;
    [[nodiscard]] QString whereToLook() const override;

private:
    [[nodiscard]] QString target(QLatin1StringView label) const;
    [[nodiscard]] QString propertyList(QLatin1StringView label) const;
    [[nodiscard]] bool isLoaded(QLatin1StringView label) const;
    [[nodiscard]] Result<void> bootOut(QLatin1StringView label) const;
    [[nodiscard]] Result<void> bootstrap(QLatin1StringView label) const;

    InstallTool m_tool;
    QString m_home;
    QString m_domain; ///< "gui/501"
    bool m_wasLoaded = false;
};

} // namespace dormouse
