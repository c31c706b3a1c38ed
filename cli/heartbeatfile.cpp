// SPDX-License-Identifier: MIT
#include "cli/heartbeatfile.h"

#include "shared/base/version.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "shared/storage/file.h"

#include <QFile>

#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

HeartbeatFile::HeartbeatFile(RootPaths paths, qint64 pid, QString uuid, QString name)
    : m_paths(std::move(paths)), m_pid(pid), m_uuid(std::move(uuid)), m_name(std::move(name)),
      m_path(m_paths.wrappers() + u"/heartbeat-"_s + QString::number(pid) + u'-' + m_uuid + u".json"_s)
{
}

HeartbeatFile::~HeartbeatFile()
{
    QFile::remove(m_path); // not there, or not ours to remove: the agent cleans up what nobody refreshes
}

Result<void> HeartbeatFile::beat(WallTime now)
{
    if (m_startedAt.isEmpty())
        m_startedAt = formatTimestamp(now);
    const Result<void> written = writeAtomically(m_path, content(now));
    if (written)
        return written;
    if (const Result<void> ready = prepareRoot(m_paths); !ready)
        return ready;
    return writeAtomically(m_path, content(now));
}

QByteArray HeartbeatFile::content(WallTime now) const
{
    return formatJsonFile({{"pid"_L1, m_pid},
                           {"uuid"_L1, m_uuid},
                           {"name"_L1, m_name},
                           {"started_at"_L1, m_startedAt},
                           {"last_refresh"_L1, formatTimestamp(now)},
                           {"wrapper_version"_L1, QString(QLatin1StringView(kVersion))},
                           {"schema_version"_L1, 1}});
}

} // namespace dormouse
