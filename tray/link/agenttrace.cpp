// SPDX-License-Identifier: MIT
#include "tray/link/agenttrace.h"

#include "shared/base/defaults.h"
#include "shared/storage/file.h"
#include "shared/storage/writerlock.h"

#include <QFile>

#include <sys/stat.h>

namespace dormouse {

std::optional<AgentTrace> liveAgentTrace(const RootPaths &paths, const QString &socketPath)
{
    const std::optional<LockHolder> holder = readLockHolder(paths);
    if (!holder || !holder->alive)
        return std::nullopt;
    AgentTrace trace{holder->pid, 0, 0, 0};
    struct stat data {
    };
    if (::lstat(QFile::encodeName(paths.agentLock()).constData(), &data) == 0) {
        trace.lockInode = data.st_ino;
        trace.lockTime = data.st_mtime;
    }
    if (::stat(QFile::encodeName(socketPath).constData(), &data) == 0)
        trace.socketInode = data.st_ino;
    return trace;
}

std::optional<LifecycleRecord> leftRecord(const RootPaths &paths)
{
    const Result<QByteArray> bytes = readBounded(paths.record(), defaults::kStateBytesMax);
    return bytes ? parseRecord(bytes.value()) : std::nullopt;
}

} // namespace dormouse
