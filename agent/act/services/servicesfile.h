// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <vector>

namespace dormouse {

/// A running process of a service, as the next agent finds it again.
struct ServiceRecord {
    QString name;
    qint64 pid = 0;
    qint64 startTime = 0; ///< as the kernel counts it (ProcessTable)
    QStringList command;
    QString startedAt; ///< time stamp, for people

    bool operator==(const ServiceRecord &) const = default;
};

/// services.json: what runs, so that it survives the agent and is never started twice; and where launchd labels came from, since a label that was booted
/// out does not tell any more. Main thread.
class ServicesFile
{
public:
    ServicesFile(QString path, const Clock &clock);

    /// Missing, malformed, or of another boot: nothing runs. A malformed file is kept as `.bad`. Errors: what kept it from being read.
    [[nodiscard]] Result<void> load();
    /// Durable when it answers without an error; on an error the old entry counts. Nothing is written before load(): others' entries would be lost.
    [[nodiscard]] Result<void> put(const ServiceRecord &record);
    /// A failed write is told in the log and tried again by retry(): a dead pid in the file does no harm.
    void remove(const QString &name);
    void rememberPropertyList(const QString &label, const QString &path);
    void retry();

    [[nodiscard]] const std::vector<ServiceRecord> &records() const { return m_records; }
    /// "" when it is not known.
    [[nodiscard]] QString propertyList(const QString &label) const { return m_propertyLists.value(label); }

private:
    [[nodiscard]] Result<void> save();

    QString m_path;
    const Clock &m_clock;
    QString m_bootId;
    std::vector<ServiceRecord> m_records;
    QMap<QString, QString> m_propertyLists; ///< label → path
    bool m_isLoaded = false;
    bool m_isSaveDue = false;
};

} // namespace dormouse
