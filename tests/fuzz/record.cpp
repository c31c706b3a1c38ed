// SPDX-License-Identifier: MIT
#include "shared/records/lifecyclerecord.h"

#include "shared/records/json.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace dormouse::fuzz {
namespace {

void checkDispatch(const LifecycleRecord &record, Event event, Payload payload)
{
    const auto [after, target] = dispatched(record, event, payload, someTime(), false);
    require(target == transition(record.state, event, payload), "a dispatch follows the table");
    require(after.state == target.value_or(record.state), "a dispatch leads to the state it tells");
    require(after.sequence >= record.sequence && after.sequence - record.sequence <= 1, "the sequence number only rises, by one");
    require(after.progress == record.progress && after.quarantine == record.quarantine && after.unknown == record.unknown,
            "a dispatch touches nothing of others");
    require(!after.sinceTs.isEmpty() && !after.lastActivityTs.isEmpty(), "what a dispatch makes of a valid record is valid");
}

} // namespace

void record(const QByteArray &input)
{
    const std::optional<LifecycleRecord> record = parseRecord(input);
    if (!record)
        return;
    require(!record->sinceTs.isEmpty() && !record->lastActivityTs.isEmpty() && record->sequence >= 0,
            "a record that is taken is valid");
    // Those are never written over: an integer beyond 64 bits would be changed.
    if (!hasIntegerBeyond64Bits(input)) {
        const QByteArray written = formatJsonFile(recordToJson(*record));
        require(parseRecord(written) == record, "a record that is written as it was read is the same, others' keys too");
        require(formatJsonFile(recordToJson(*parseRecord(written))) == written, "writing a record twice writes the same");
    }
    const quint32 choices = choice(input);
    for (const Event event : kAllEvents)
        checkDispatch(*record, event, {(choices & 1U) != 0, (choices & 2U) != 0});
}

} // namespace dormouse::fuzz
