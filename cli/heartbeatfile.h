// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/storage/rootpaths.h"

#include <QByteArray>
#include <QString>

namespace dormouse {

/// A heartbeat of our own, for as long as `dormouse run` lives: its file appears with the first beat() and goes with this
/// object. Main thread.
class HeartbeatFile
{
public:
    /// `uuid` without braces; `name` is shown to people.
    HeartbeatFile(RootPaths paths, qint64 pid, QString uuid, QString name);
    ~HeartbeatFile();
    HeartbeatFile(const HeartbeatFile &) = delete;
    HeartbeatFile &operator=(const HeartbeatFile &) = delete;

    /// Writes the file anew, atomically; makes its folder when that is gone.
    [[nodiscard]] Result<void> beat(WallTime now);
    [[nodiscard]] const QString &path() const { return m_path; }

private:
    [[nodiscard]] QByteArray content(WallTime now) const;

    RootPaths m_paths;
    qint64 m_pid;
    QString m_uuid;
    QString m_name;
    QString m_path;
    QString m_startedAt;
};

} // namespace dormouse
