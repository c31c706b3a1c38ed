// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/records/agentmemory.h"

#include <QString>

namespace dormouse {

/// dormouse.json: what is the agent's alone. Main thread.
class MemoryFile
{
public:
    MemoryFile(QString path, const Clock &clock);

    /// Missing or malformed is an empty memory; a malformed file is kept as `.bad` before the next write.
    [[nodiscard]] AgentMemory load();
    [[nodiscard]] Result<void> save(const AgentMemory &memory);

private:
    QString m_path;
    const Clock &m_clock;
    bool m_isBadFile = false;
};

} // namespace dormouse
