// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>

namespace dormouse {

/// What a call of a service manager's program came to.
struct ToolOutcome {
    bool isAnswered = false; ///< it ran to its end within 10 s
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;

    [[nodiscard]] bool isDone() const { return isAnswered && exitCode == 0; }
    /// Why it was of no use, for a person.
    [[nodiscard]] QString complaint() const;
};

/// systemctl or launchctl: by absolute path and argument list, 10 s each. Tells what it does; in a rehearsal it does nothing but look. Blocks.
class InstallTool
{
public:
    using Say = std::function<void(const QString &line)>;
    /// `first` stands before the arguments of each call.
    InstallTool(QString program, QStringList first, bool isRehearsal, Say say);

    [[nodiscard]] bool isRehearsal() const { return m_isRehearsal; }
    [[nodiscard]] const QString &program() const { return m_program; }
    /// A question, which changes nothing.
    [[nodiscard]] ToolOutcome look(const QStringList &arguments) const;
    /// A change, told first. Error: Io, with what the program said.
    [[nodiscard]] Result<void> act(const QStringList &arguments) const;
    /// Asks every 100 ms until `isSo`, at most `seconds` long; the answer is the last one. At once in a rehearsal.
    [[nodiscard]] bool waitUntil(const std::function<bool()> &isSo, int seconds) const;

private:
    QString m_program;
    QStringList m_first;
    bool m_isRehearsal;
    Say m_say;
};

} // namespace dormouse
