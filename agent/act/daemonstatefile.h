// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"

#include <QJsonObject>
#include <QString>

#include <functional>
#include <optional>

namespace dormouse {

/// .daemon-state.json, which a Python daemon may write too: read again before each write, others' keys kept. Main thread.
class DaemonStateFile
{
public:
    DaemonStateFile(QString path, const Clock &clock);

    /// Missing or malformed is `{}`. Errors: Io, Refused, TooLarge.
    [[nodiscard]] Result<QJsonObject> read() const;
    /// Reads, lets `change` work, and writes when it answers true. A malformed file is kept as `.bad` first. Errors as above, and Refused when the file holds an
    /// integer beyond 64 bits, which would not survive.
    [[nodiscard]] Result<void> update(const std::function<bool(QJsonObject &)> &change) const;
    /// Whether an update failed otherwise than the last one did: what is tried at every tick is logged once.
    [[nodiscard]] bool hasFailedAnew() const { return m_hasFailedAnew; }
    /// The content as of the last read or update, without touching the disk.
    [[nodiscard]] const QJsonObject &lastSeen() const { return m_lastSeen; }

private:
    [[nodiscard]] Result<void> tryUpdate(const std::function<bool(QJsonObject &)> &change) const;

    QString m_path;
    const Clock &m_clock;
    mutable std::optional<Error> m_error;
    mutable bool m_hasFailedAnew = false;
    mutable QJsonObject m_lastSeen;
};

} // namespace dormouse
