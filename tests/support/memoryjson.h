// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/agentmemory.h"
#include "shared/records/json.h"

namespace dormouse {

/// What dormouse.json says of a memory.
inline QJsonObject memoryToJson(const AgentMemory &memory)
{
    return parseJsonObject(formatMemory(memory)).value();
}

} // namespace dormouse
