// SPDX-License-Identifier: MIT
#pragma once

#include "shared/lifecycle/lifecycle.h"
#include "shared/storage/rootpaths.h"

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace dormouse {

/// What one run of the real `dormouse` gave.
struct CliResult {
    int code = -1; ///< -1: it did not end in time, or crashed
    QString out;
    QString err;
};

/// A private root, home and copy of the command: no agent stands beside it, and no unit or label of the user's is seen.
class CliFixture
{
public:
    CliFixture();

    [[nodiscard]] bool isValid() const;
    [[nodiscard]] const RootPaths &paths() const { return m_paths; }
    [[nodiscard]] QString file(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString program() const;

    /// Runs to the end while the test's own event loop goes on, so that a fake agent in this process can answer.
    [[nodiscard]] CliResult run(const QStringList &arguments) const;
    /// Not started yet; with the private environment.
    [[nodiscard]] std::unique_ptr<QProcess> prepared(const QStringList &arguments) const;
    /// Waits for the end of a started one.
    [[nodiscard]] static CliResult finished(QProcess &process);

    [[nodiscard]] bool writeRecord(State state) const;
    [[nodiscard]] bool writeFile(const QString &path, const QByteArray &bytes) const;
    /// Puts a script in the place of the agent's binary; it stays until the fixture goes.
    [[nodiscard]] bool installAgentScript() const;

    ~CliFixture();

private:
    QTemporaryDir m_folder;
    RootPaths m_paths;
};

} // namespace dormouse
