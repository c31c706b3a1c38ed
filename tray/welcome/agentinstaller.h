// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

namespace dormouse {

/// Runs `dormouse install` for a root, and tells how it went. It puts everything back by itself where it fails, so it is never killed, and goes on when
/// this is deleted. Main thread.
class AgentInstaller : public QObject
{
    Q_OBJECT

public:
    /// `program`: the command line's path.
    AgentInstaller(RootPaths paths, QString program, QObject *parent = nullptr);
    ~AgentInstaller() override;

    /// False where there is no such program.
    [[nodiscard]] bool isPossible() const;
    [[nodiscard]] bool isRunning() const { return m_process->state() != QProcess::NotRunning; }
    /// `finished` follows, never amid the call.
    void start();

Q_SIGNALS:
    /// Empty, or why it could not be installed, one sentence.
    void finished(const QString &error);

private:
    RootPaths m_paths;
    QString m_program;
    QProcess *m_process; ///< outlives this while it runs: an installation that is cut off undoes nothing
    QTimer m_patience;
};

/// The command line beside the running program.
[[nodiscard]] QString commandLineProgram();

} // namespace dormouse
