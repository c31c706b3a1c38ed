// SPDX-License-Identifier: MIT
#include "agent/configurationkeeper.h"

#include "shared/base/logging.h"

#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Every command of a configuration, by a name for people.
QMap<QString, QStringList> commandsOf(const Configuration &configuration)
{
    QMap<QString, QStringList> commands;
    for (const StepConfig &step : configuration.steps)
        commands.insert(u"step "_s + step.name, step.command);
    for (const ServiceConfig &service : configuration.services)
        commands.insert(u"service "_s + service.name,
                        service.command + QStringList{service.launchd, service.systemd} + service.ready.command);
    for (auto hooks = configuration.hooks.constBegin(); hooks != configuration.hooks.constEnd(); ++hooks) {
        QStringList all;
        for (const QStringList &command : hooks.value())
            all += command + QStringList{u"\n"_s};
        commands.insert(u"hook on "_s + toString(hooks.key()), all);
    }
    return commands;
}

QStringList changedCommands(const Configuration &before, const Configuration &after)
{
    const QMap<QString, QStringList> old = commandsOf(before);
    const QMap<QString, QStringList> current = commandsOf(after);
    QStringList names;
    for (auto item = current.constBegin(); item != current.constEnd(); ++item) {
        if (old.value(item.key()) != item.value())
            names.append(item.key());
    }
    return names;
}

} // namespace

ConfigurationKeeper::ConfigurationKeeper(ConfigurationSources sources, QObject *parent)
    : QObject(parent), m_sources(std::move(sources))
{
}

Result<void> ConfigurationKeeper::load()
{
    Result<Configuration> fallback = applyOverrides({}, m_sources);
    m_seen = identity();
    Result<Configuration> loaded = loadConfiguration(m_sources);
    if (loaded) {
        m_configuration = std::move(loaded).value();
        return {};
    }
    if (!fallback)
        return fallback.error();
    m_configuration = std::move(fallback).value();
    m_error = loaded.error();
    qCWarning(lcAgent).noquote() << "running on defaults:" << m_error->text();
    return {};
}

void ConfigurationKeeper::look()
{
    if (!identity() && !QFileInfo::exists(QFileInfo(m_sources.path).path()))
        return; // the whole root is away: nobody has taken the services out of the configuration
    if (identity() != m_seen || (isUnread() && readConfigurationFile(m_sources.path)))
        static_cast<void>(reload()); // what is wrong stands in error()
}

/// It could not be read for a cause that may pass without the file changing (EIO, EMFILE).
bool ConfigurationKeeper::isUnread() const
{
    return m_error && (m_error->code == ErrorCode::Io || m_error->systemError != 0);
}

Result<void> ConfigurationKeeper::reload()
{
    m_seen = identity();
    Result<Configuration> loaded = loadConfiguration(m_sources);
    if (!loaded) {
        m_error = loaded.error();
        qCWarning(lcAgent).noquote() << "the configuration stays as it was:" << m_error->text();
        Q_EMIT changed();
        return *m_error;
    }
    m_error.reset();
    const QStringList commands = changedCommands(m_configuration, loaded.value());
    m_configuration = std::move(loaded).value();
    qCInfo(lcAgent) << "configuration read";
    if (!commands.isEmpty()) {
        qCInfo(lcAgent).noquote() << "commands changed:" << commands.join(u", "_s);
        Q_EMIT commandsChanged(commands);
    }
    Q_EMIT changed();
    return {};
}

std::optional<ConfigurationKeeper::Identity> ConfigurationKeeper::identity() const
{
    struct stat info {
    };
    const QByteArray path = QFile::encodeName(m_sources.path);
    if (::stat(path.constData(), &info) != 0 && ::lstat(path.constData(), &info) != 0) // a link to nowhere is something, too
        return std::nullopt;
#ifdef __APPLE__
    const timespec &time = info.st_ctimespec;
#else
    const timespec &time = info.st_ctim; // changes with the rights, too
#endif
    return Identity{qint64(info.st_dev), qint64(info.st_ino), qint64(info.st_size),
                    qint64(time.tv_sec) * 1'000'000'000 + qint64(time.tv_nsec)};
}

} // namespace dormouse
