// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/base/settings.h"
#include "shared/lifecycle/lifecycle.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace dormouse {

/// One step of the sleep cycle, [[sleep.step]].
struct StepConfig {
    QString name;
    QStringList command;     ///< program and arguments; never a shell
    bool usesRecord = false; ///< it keeps its own progress in lifecycle_state.json
    Millis timeout{std::chrono::minutes(10)};
    bool logOutput = true; ///< false: its output never reaches a log

    bool operator==(const StepConfig &) const = default;
};

/// How to tell that a service is ready: a TCP port on localhost that accepts, or a command that exits 0. Neither: ready once it runs.
struct ReadyCheck {
    std::optional<int> tcpPort;
    QStringList command;

    bool operator==(const ReadyCheck &) const = default;
};

/// A heavy process that lives only while somebody is there, [[service]]. Exactly one of command, launchd, systemd is set.
struct ServiceConfig {
    QString name;
    QStringList command;
    QString launchd; ///< label of a LaunchAgent
    QString systemd; ///< name of a user unit
    ReadyCheck ready;
    State stopIn = State::Hibernation; ///< the state whose entry stops it: DROWSY, SLEEP or HIBERNATION
    Millis stopTimeout{std::chrono::seconds(10)};
    std::optional<QStringList> after; ///< services it waits for; nothing: the one before it in the file

    bool operator==(const ServiceConfig &) const = default;
};

/// Everything dormouse.toml can say.
struct Configuration {
    Settings settings;
    std::vector<StepConfig> steps;
    std::vector<ServiceConfig> services;
    QMap<State, QList<QStringList>> hooks; ///< on_wake, on_drowsy, on_sleep, on_hibernation

    bool operator==(const Configuration &) const = default;
};

/// Where the last word on a setting comes from: the file, then the environment, then --set.
struct ConfigurationSources {
    QString path; ///< of dormouse.toml; it may be missing
    QMap<QString, QString> environment;
    QStringList sets; ///< "key=value" of --set
};

/// Parses the text of dormouse.toml over the defaults. An error is ErrorCode::Configuration; its message names line, column, key, what was expected and the nearest
/// known key: `dormouse.toml:12:3: unknown key "timers.drowsy"; did you mean "timers.drowsy_after"?`.
[[nodiscard]] Result<Configuration> parseConfiguration(const QByteArray &text, const QString &path);

/// Reads the file. It holds commands, so its real file (a link is followed) must belong to the user or root, and nobody else may write it: else Permission, with
/// the remedy. A missing file is an empty text. TooLarge over 1 MiB.
[[nodiscard]] Result<QByteArray> readConfigurationFile(const QString &path);

/// File, environment and --set together, validated as a whole.
[[nodiscard]] Result<Configuration> loadConfiguration(const ConfigurationSources &sources);

/// Environment and --set alone, over `base`: what remains when the file cannot be used.
[[nodiscard]] Result<Configuration> applyOverrides(Configuration base, const ConfigurationSources &sources);

/// The configuration as TOML, complete with defaults (`dormouse config show`).
[[nodiscard]] QByteArray formatConfiguration(const Configuration &configuration);

/// Where a command's program is found on `path` (colon separated); nothing when it is not, or is not executable.
[[nodiscard]] std::optional<QString> findProgram(const QString &program, const QString &path);

} // namespace dormouse
