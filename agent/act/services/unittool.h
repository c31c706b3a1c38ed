// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace dormouse {

/// What a service manager tells of one of its units.
struct UnitLook {
    enum class Kind : std::uint8_t { Down, Changing, Up };
    Kind kind = Kind::Down;
    bool isLoaded = false;        ///< the manager has it; what is down may be loaded all the same
    std::optional<qint64> pid;    ///< of its first process
    std::optional<qint64> memory; ///< in bytes, of the whole unit
    QString propertyList;         ///< where a launchd label came from; "" when not told
    QString reason;               ///< why it is down, for a person; "" when there is nothing to tell
};

/// How to talk about one unit with a service manager's own program: argument lists out, answers in. Pure.
class UnitTool
{
public:
    virtual ~UnitTool() = default;

    [[nodiscard]] virtual QStringList lookArguments() const = 0;
    /// Nothing: the answer is of no use.
    [[nodiscard]] virtual std::optional<UnitLook> readLook(int exitCode, const QByteArray &output) const = 0;
    /// One call that brings it nearer to running, given what was seen last.
    [[nodiscard]] virtual QStringList startArguments(const UnitLook &seen) const = 0;
    [[nodiscard]] virtual QStringList stopArguments() const = 0;
    [[nodiscard]] virtual QStringList killArguments() const = 0;
    /// Whether what was seen is the end of a stop.
    [[nodiscard]] virtual bool isStopped(const UnitLook &seen) const = 0;
};

/// A user unit, by `systemctl --user`.
[[nodiscard]] std::unique_ptr<UnitTool> systemdTool(const QString &unit);

/// A LaunchAgent of this user, by `launchctl`: stopped by bootout, since a plain stop is undone by KeepAlive at once, and started by bootstrap with
/// `propertyList`, the path it came from; "": looked for where LaunchAgents are installed.
[[nodiscard]] std::unique_ptr<UnitTool> launchdTool(const QString &label, const QString &propertyList);

} // namespace dormouse
