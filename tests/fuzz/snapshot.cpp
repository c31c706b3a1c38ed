// SPDX-License-Identifier: MIT
#include "shared/control/snapshot.h"

#include "shared/records/json.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace dormouse::fuzz {
namespace {

using namespace Qt::Literals::StringLiterals;

std::optional<Snapshot> read(const QByteArray &line)
{
    const Result<QJsonObject> parsed = parseJsonObject(line);
    return parsed ? snapshotFromJson(parsed.value()) : std::nullopt;
}

/// What is there and of the right type is not lost on the way.
void checkKept(const QJsonObject &sent, const QJsonObject &written)
{
    static const QStringList texts{u"running_step"_s, u"last_error"_s, u"paused_until"_s};
    static const QStringList objects{u"wish"_s, u"sleep_cycle_progress"_s, u"quarantine"_s, u"pending_digest"_s, u"refused"_s};
    for (auto member = sent.begin(); member != sent.end(); ++member) {
        const QJsonValue kept = written.value(member.key());
        const bool isPlain = (member->isString() || member->isBool()) && member->type() == kept.type();
        const bool isText = member->isString() && texts.contains(member.key());
        const bool isObject = member->isObject() && objects.contains(member.key());
        require(!(isPlain || isText || isObject) || kept == *member, "a snapshot is read whole");
    }
}

void check(const Snapshot &snapshot, const QByteArray &line)
{
    const QJsonObject object = snapshotToJson(snapshot);
    checkKept(parseJsonObject(line).value(), object);
    const QByteArray written = formatJsonLine(object);
    require(!written.contains('\n'), "a snapshot is one line");
    require(read('{' + snapshotMembers(snapshot) + '}') == snapshot, "a snapshot that is written at once says the same");
    require(read(written) == snapshot, "a snapshot that is sent on is the same");
    require(!isWorthTelling(snapshot, snapshot), "nobody is told of nothing");
}

} // namespace

void snapshot(const QByteArray &input)
{
    QByteArray rest = input;
    const QByteArray line = takeLine(rest);
    const std::optional<Snapshot> first = read(line);
    if (!first)
        return;
    check(*first, line);
    if (const std::optional<Snapshot> second = read(rest)) {
        require(isWorthTelling(*first, *second) == isWorthTelling(*second, *first), "a change back is a change, too");
        require(!isWorthTelling(*first, *second) || *first != *second, "only a change is told");
    }
}

} // namespace dormouse::fuzz
