// SPDX-License-Identifier: MIT
#pragma once

#include "cli/installservice.h"
#include "cli/installtool.h"

#include <QMap>

namespace dormouse {

/// Units of the user's own systemd, and desktop entries for the tray.
class SystemdInstaller : public ServiceInstaller
{
public:
    /// `configuration` and `data` are the user's base folders (~/.config, ~/.local/share).
    SystemdInstaller(InstallTool tool, QString configuration, QString data);

    [[nodiscard]] QString name() const override { return QStringLiteral("systemd"); }
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
    [[nodiscard]] Result<void> loadTray() override { return {}; } // the session starts it
    [[nodiscard]] Result<void> unloadTray() override { return {}; }
    [[nodiscard]] QString whereToLook() const override;

private:
    using Properties = QMap<QByteArray, QByteArray>;
    [[nodiscard]] Properties show(QLatin1StringView unit) const;
    [[nodiscard]] bool isActive(QLatin1StringView unit) const;
    [[nodiscard]] QString unitPath(QLatin1StringView unit) const;
    [[nodiscard]] Result<void> stopAgent() const;
    [[nodiscard]] Result<void> disable(QLatin1StringView unit) const;

    InstallTool m_tool;
    QString m_configuration;
    QString m_data;
    QStringList m_activeBefore; ///< units, as makeWay() found them
    QStringList m_enabledBefore;
};

} // namespace dormouse
