// SPDX-License-Identifier: MIT
#include "shared/records/heartbeat.h"

#include "shared/presence/plainheartbeat.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <QJsonObject>

#include <array>

namespace dormouse::fuzz {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

std::optional<Heartbeat> plain(const QByteArray &bytes)
{
    return parsePlainHeartbeat({bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

/// False for the first and last hours of the calendar, which offsets from UTC carry out of it: those are not written as they are.
bool isWritable(WallTime time)
{
    return parseTimestamp(formatExactTimestamp(time)) == time;
}

QByteArray written(const Heartbeat &heartbeat)
{
    QJsonObject object{{"pid"_L1, heartbeat.pid},
                       {"uuid"_L1, heartbeat.uuid},
                       {"last_refresh"_L1, formatExactTimestamp(heartbeat.lastRefresh)},
                       {"name"_L1, heartbeat.name}};
    if (heartbeat.lastActive)
        object.insert("last_active"_L1, formatExactTimestamp(*heartbeat.lastActive));
    return formatJsonLine(object);
}

void checkPayload(const Heartbeat &heartbeat, qsizetype size)
{
    require(heartbeat.uuid.size() <= size && heartbeat.name.size() <= size, "a heartbeat's texts are no longer than its file");
    if (!isWritable(heartbeat.lastRefresh) || (heartbeat.lastActive && !isWritable(*heartbeat.lastActive)))
        return;
    const QByteArray again = written(heartbeat);
    require(parseHeartbeat(again) == heartbeat, "a heartbeat that is written as it was read is the same one");
    const std::optional<Heartbeat> quick = plain(again);
    require(!quick || *quick == heartbeat, "the quick reader reads what we would write");
}

void checkStatus(WallTime lastRefresh, quint32 choices)
{
    constexpr Millis kStaleAfter = 90s;
    constexpr std::array<std::chrono::microseconds, 6> kAges{0s, 90s, 90'000'001us, -90s, -90'000'001us, 400 * 24h};
    const std::chrono::microseconds age = kAges.at(choices % kAges.size());
    const bool isAlive = (choices & 0x100U) != 0;
    const HeartbeatStatus status = heartbeatStatus(lastRefresh, isAlive, lastRefresh + age, kStaleAfter);
    const bool isStale = age > kStaleAfter || age < -kStaleAfter;
    require((status == HeartbeatStatus::Stale) == isStale, "a heartbeat is stale when it is older than that, and never before");
    require(isStale || (status == HeartbeatStatus::Fresh) == isAlive, "a heartbeat of a live process is fresh");
}

void checkName(const QString &name)
{
    const std::optional<Heartbeat> heartbeat = heartbeatFromName(name, someTime());
    if (!heartbeat)
        return;
    require(isHeartbeatName(name), "only a heartbeat's name stands in for its content");
    require(heartbeat->pid >= 0 && heartbeat->lastRefresh == someTime(),
            "what stands in for a heartbeat has the file's own time");
    const QString again = u"heartbeat-"_s + QString::number(heartbeat->pid) + u'-' + heartbeat->uuid + u".json"_s;
    require(heartbeatFromName(again, someTime()) == heartbeat, "a name made of a heartbeat's parts says the same");
}

} // namespace

void heartbeat(const QByteArray &input)
{
    const std::optional<Heartbeat> parsed = parseHeartbeat(input);
    const std::optional<Heartbeat> quick = plain(input);
    require(!quick || quick == parsed, "the quick reader of heartbeats says what the careful one says, or nothing");
    if (parsed) {
        checkPayload(*parsed, input.size());
        checkStatus(parsed->lastRefresh, choice(input));
    } else if (input.startsWith("heartbeat-")) {
        checkName(QString::fromUtf8(input));
    }
}

} // namespace dormouse::fuzz
