// SPDX-License-Identifier: MIT
#include "shared/records/agentmemory.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace dormouse::fuzz {
namespace {

bool isWritable(const std::optional<WallTime> &time)
{
    return !time || parseTimestamp(formatExactTimestamp(*time)) == time;
}

/// False where a time lies in the first or last hours of the calendar, which offsets from UTC carry out of it.
bool isWritable(const AgentMemory &memory)
{
    const bool isHoldWritable = !memory.hold || (isWritable(memory.hold->since) && isWritable(memory.hold->untilWall));
    const bool isWishWritable =
        !memory.wish
        || (isWritable(memory.wish->since) && std::ranges::all_of(memory.wish->ignored, [](const IgnoredWrapper &wrapper) {
                return isWritable(wrapper.lastActive);
            }));
    return isHoldWritable && isWishWritable && std::ranges::all_of(memory.wrappers, [](const WrapperMemory &wrapper) {
               return isWritable(wrapper.lastActiveField);
           });
}

} // namespace

void memory(const QByteArray &input)
{
    const Result<QJsonObject> parsed = parseJsonObject(input);
    if (!parsed)
        return;
    const AgentMemory memory = memoryFromJson(parsed.value());
    if (hasIntegerBeyond64Bits(input) || !isWritable(memory))
        return;
    const QByteArray written = formatMemory(memory);
    const Result<QJsonObject> again = parseJsonObject(written);
    require(again.ok(), "what the agent remembers is written as JSON");
    require(memoryFromJson(again.value()) == memory, "the next agent remembers what this one did");
    require(formatMemory(memoryFromJson(again.value())) == written, "writing it twice writes the same");
}

} // namespace dormouse::fuzz
