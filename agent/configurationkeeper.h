// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"

#include <QObject>

#include <array>
#include <optional>

namespace dormouse {

/// Holds the configuration in force, and reads dormouse.toml again when it changes. One that cannot be used changes nothing: the last good one stays, and error()
/// says what is wrong. Main thread.
class ConfigurationKeeper : public QObject
{
    Q_OBJECT

public:
    explicit ConfigurationKeeper(ConfigurationSources sources, QObject *parent = nullptr);

    /// Reads for the first time; a file that cannot be used leaves the defaults with environment and --set. Errors: these two are wrong themselves.
    [[nodiscard]] Result<void> load();
    /// Reads again when the file is another one than at the last look (device, inode, size, time), or when it could not be read then and can be now.
    void look();
    /// Reads again. Errors: what is wrong with the file.
    [[nodiscard]] Result<void> reload();

    [[nodiscard]] const Configuration &configuration() const { return m_configuration; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

Q_SIGNALS:
    void changed();
    /// Commands that a reload changed, by the name of their step, service or hook: programs run on the user's behalf, so this is told.
    void commandsChanged(const QStringList &names);

private:
    using Identity = std::array<qint64, 4>;
    [[nodiscard]] std::optional<Identity> identity() const;
    [[nodiscard]] bool isUnread() const;

    ConfigurationSources m_sources;
    Configuration m_configuration;
    std::optional<Identity> m_seen;
    std::optional<Error> m_error;
};

} // namespace dormouse
