// SPDX-License-Identifier: MIT
#include "shared/control/snapshot.h"

#include "shared/records/json.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace dormouse::fuzz {
namespace {

std::optional<Snapshot> read(const QByteArray &line)
{
    const Result<QJsonObject> parsed = parseJsonObject(line);
    return parsed ? snapshotFromJson(parsed.value()) : std::nullopt;
}

void check(const Snapshot &snapshot)
{
    const QByteArray written = formatJsonLine(snapshotToJson(snapshot));
    require(!written.contains('\n'), "a snapshot is one line");
    require(read('{' + snapshotMembers(snapshot) + '}') == snapshot, "a snapshot that is written at once says the same");
    require(read(written) == snapshot, "a snapshot that is sent on is the same");
    require(!isWorthTelling(snapshot, snapshot), "nobody is told of nothing");
}

} // namespace

void snapshot(const QByteArray &input)
{
    QByteArray rest = input;
    const std::optional<Snapshot> first = read(takeLine(rest));
    if (!first)
        return;
    check(*first);
    if (const std::optional<Snapshot> second = read(rest)) {
        require(isWorthTelling(*first, *second) == isWorthTelling(*second, *first), "a change back is a change, too");
        require(!isWorthTelling(*first, *second) || *first != *second, "only a change is told");
    }
}

} // namespace dormouse::fuzz
