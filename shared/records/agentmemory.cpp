// SPDX-License-Identifier: MIT
#include "shared/records/agentmemory.h"

#include "shared/records/json.h"
#include "shared/records/jsonwriter.h"
#include "shared/records/timestamp.h"

#include <QJsonArray>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

// Keys say unit and clock: instants of the awake and elapsed clock are milliseconds since the boot, wall times are time stamps.
constexpr QLatin1StringView kBootId{"boot_id"};
constexpr QLatin1StringView kSavedAwake{"saved_awake_ms"};
constexpr QLatin1StringView kSavedElapsed{"saved_elapsed_ms"};
constexpr QLatin1StringView kBaseline{"baseline_awake_ms"};
constexpr QLatin1StringView kLastPresence{"last_heartbeat_presence_awake_ms"};
constexpr QLatin1StringView kWrappers{"wrappers"};
constexpr QLatin1StringView kHold{"hold"};
constexpr QLatin1StringView kWish{"wish"};
constexpr QLatin1StringView kCountedSignal{"counted_signal"};
constexpr QLatin1StringView kCycleComplete{"cycle_complete"};
constexpr QLatin1StringView kLeftAlone{"left_alone"};
constexpr QLatin1StringView kCycle{"cycle"};
constexpr QLatin1StringView kAcknowledged{"acknowledged"};
constexpr QLatin1StringView kLastDigest{"last_digest"};
constexpr QLatin1StringView kPid{"pid"};
constexpr QLatin1StringView kUuid{"uuid"};
constexpr QLatin1StringView kStartTime{"start_time_ticks"};
constexpr QLatin1StringView kFirstSeen{"first_seen_awake_ms"};
constexpr QLatin1StringView kLastActive{"last_active"};
constexpr QLatin1StringView kLastActivity{"last_activity_awake_ms"};
constexpr QLatin1StringView kParentWasLive{"parent_was_live"};
constexpr QLatin1StringView kLeaked{"leaked"};
constexpr QLatin1StringView kSince{"since"};
constexpr QLatin1StringView kReason{"reason"};
constexpr QLatin1StringView kLength{"length_ms"};
constexpr QLatin1StringView kUntilElapsed{"until_elapsed_ms"};
constexpr QLatin1StringView kUntil{"until"};
constexpr QLatin1StringView kKind{"kind"};
constexpr QLatin1StringView kEligible{"eligible"};
constexpr QLatin1StringView kReached{"reached"};
constexpr QLatin1StringView kIgnored{"ignored"};
constexpr QLatin1StringView kIgnoredLeases{"ignored_leases"};
constexpr QLatin1StringView kInode{"inode"};
constexpr QLatin1StringView kMtime{"mtime_ns"};

std::string_view viewOf(QLatin1StringView key)
{
    return {key.data(), static_cast<std::size_t>(key.size())};
}

template<typename Instant>
std::optional<Instant> instantFrom(const QJsonValue &value)
{
    const std::optional<qint64> number = jsonInteger(value);
    if (!number)
        return std::nullopt;
    return Instant(Millis(*number));
}

template<typename Instant>
QJsonValue toValue(Instant instant)
{
    return QJsonValue(qint64{instant.time_since_epoch().count()});
}

QJsonValue toValue(WallTime time)
{
    return QJsonValue(formatExactTimestamp(time));
}

std::optional<WallTime> wallFrom(const QJsonValue &value)
{
    return parseTimestamp(value.toString());
}

template<typename T>
void insertIf(QJsonObject &object, QLatin1StringView key, const std::optional<T> &value)
{
    if (value)
        object.insert(key, toValue(*value));
}

bool isPresent(const QJsonObject &object, QLatin1StringView key)
{
    return !object.value(key).isNull() && !object.value(key).isUndefined();
}

std::optional<WrapperMemory> wrapperFrom(const QJsonObject &object)
{
    const std::optional<qint64> pid = jsonInteger(object.value(kPid));
    const std::optional<AwakeTime> firstSeen = instantFrom<AwakeTime>(object.value(kFirstSeen));
    if (!pid || !firstSeen)
        return std::nullopt;
    return WrapperMemory{{*pid, jsonInteger(object.value(kStartTime)), object.value(kUuid).toString()},
                         *firstSeen,
                         wallFrom(object.value(kLastActive)),
                         instantFrom<AwakeTime>(object.value(kLastActivity)),
                         object.value(kParentWasLive).toBool(),
                         object.value(kLeaked).toBool()};
}

constexpr qsizetype kUsualBytes = 256; ///< of the text of a wrapper

std::string wrapperText(const WrapperMemory &wrapper)
{
    const auto milliseconds = [](AwakeTime time) { return qint64{time.time_since_epoch().count()}; };
    JsonWriter writer(kUsualBytes);
    writer.integer(viewOf(kPid), wrapper.id.pid).text(viewOf(kUuid), wrapper.id.uuid);
    if (wrapper.id.startTime)
        writer.integer(viewOf(kStartTime), *wrapper.id.startTime);
    writer.integer(viewOf(kFirstSeen), milliseconds(wrapper.firstSeen));
    if (wrapper.lastActiveField)
        writer.text(viewOf(kLastActive), formatExactTimestamp(*wrapper.lastActiveField));
    if (wrapper.lastActivity)
        writer.integer(viewOf(kLastActivity), milliseconds(*wrapper.lastActivity));
    return writer.boolean(viewOf(kParentWasLive), wrapper.parentWasLive).boolean(viewOf(kLeaked), wrapper.leaked).object();
}

/// An end that cannot be read drops the whole hold: without its end it would keep the machine's services up for ever.
std::optional<Hold> holdFrom(const QJsonObject &object)
{
    const std::optional<WallTime> since = wallFrom(object.value(kSince));
    const std::optional<qint64> length = jsonInteger(object.value(kLength));
    const std::optional<ElapsedTime> untilElapsed = instantFrom<ElapsedTime>(object.value(kUntilElapsed));
    const std::optional<WallTime> untilWall = wallFrom(object.value(kUntil));
    if (!since || isPresent(object, kLength) != length.has_value() || isPresent(object, kUntilElapsed) != untilElapsed.has_value()
        || isPresent(object, kUntil) != untilWall.has_value())
        return std::nullopt;
    return Hold{*since, length ? std::optional(Millis(*length)) : std::nullopt, untilElapsed, untilWall,
                object.value(kReason).toString()};
}

QJsonObject toJson(const Hold &hold)
{
    QJsonObject object{{kSince, toValue(hold.since)}, {kReason, hold.reason}};
    if (hold.length)
        object.insert(kLength, qint64{hold.length->count()});
    insertIf(object, kUntilElapsed, hold.untilElapsed);
    insertIf(object, kUntil, hold.untilWall);
    return object;
}

std::optional<Wish> wishFrom(const QJsonObject &object)
{
    const std::optional<WallTime> since = wallFrom(object.value(kSince));
    if (!since)
        return std::nullopt;
    Wish wish;
    wish.since = *since;
    if (object.value(kKind).isString())
        wish.kind = object.value(kKind).toString();
    wish.reason = object.value(kReason).toString();
    wish.eligible = object.value(kEligible).toBool();
    wish.isReached = object.value(kReached).toBool();
    const QJsonArray ignored = object.value(kIgnored).toArray();
    for (const QJsonValue &value : ignored) {
        if (const std::optional<qint64> pid = jsonInteger(value[kPid]))
            wish.ignored.push_back({*pid, value[kUuid].toString(), wallFrom(value[kLastActive])});
    }
    const QJsonArray leases = object.value(kIgnoredLeases).toArray();
    for (const QJsonValue &value : leases) {
        if (value.isString())
            wish.ignoredLeases.append(value.toString());
    }
    return wish;
}

QJsonObject toJson(const Wish &wish)
{
    QJsonArray ignored;
    for (const IgnoredWrapper &wrapper : wish.ignored) {
        QJsonObject object{{kPid, wrapper.pid}, {kUuid, wrapper.uuid}};
        insertIf(object, kLastActive, wrapper.lastActive);
        ignored.append(object);
    }
    QJsonObject object{{kSince, toValue(wish.since)}, {kReason, wish.reason},
                       {kEligible, wish.eligible},    {kReached, wish.isReached},
                       {kIgnored, ignored},           {kIgnoredLeases, QJsonArray::fromStringList(wish.ignoredLeases)}};
    if (wish.kind)
        object.insert(kKind, *wish.kind);
    return object;
}

std::optional<CountedSignal> signalFrom(const QJsonObject &object)
{
    const std::optional<qint64> inode = jsonInteger(object.value(kInode));
    const std::optional<qint64> mtime = jsonInteger(object.value(kMtime));
    if (!inode || !mtime)
        return std::nullopt;
    return CountedSignal{*inode, *mtime};
}

QJsonObject unknownPart(QJsonObject object)
{
    for (const QLatin1StringView key : {kBootId, kSavedAwake, kSavedElapsed, kBaseline, kLastPresence, kWrappers, kHold, kWish,
                                        kCountedSignal, kCycleComplete, kCycle, kLeftAlone, kAcknowledged, kLastDigest})
        object.remove(key);
    return object;
}

} // namespace

AgentMemory memoryFromJson(const QJsonObject &object)
{
    AgentMemory memory;
    memory.bootId = object.value(kBootId).toString();
    memory.savedAwake = instantFrom<AwakeTime>(object.value(kSavedAwake)).value_or(AwakeTime());
    memory.savedElapsed = instantFrom<ElapsedTime>(object.value(kSavedElapsed)).value_or(ElapsedTime());
    memory.baseline = instantFrom<AwakeTime>(object.value(kBaseline));
    memory.lastHeartbeatPresence = instantFrom<AwakeTime>(object.value(kLastPresence));
    const QJsonArray wrappers = object.value(kWrappers).toArray();
    for (const QJsonValue &value : wrappers) {
        if (const std::optional<WrapperMemory> wrapper = wrapperFrom(value.toObject()))
            memory.wrappers.push_back(*wrapper);
    }
    memory.hold = holdFrom(object.value(kHold).toObject());
    memory.wish = wishFrom(object.value(kWish).toObject());
    memory.countedSignal = signalFrom(object.value(kCountedSignal).toObject());
    memory.cycleComplete = object.value(kCycleComplete).toBool();
    memory.cycle = object.value(kCycle).toObject();
    const QJsonArray leftAlone = object.value(kLeftAlone).toArray();
    for (const QJsonValue &name : leftAlone) {
        if (name.isString())
            memory.leftAlone.append(name.toString());
    }
    const QJsonObject acknowledged = object.value(kAcknowledged).toObject();
    for (auto mark = acknowledged.begin(); mark != acknowledged.end(); ++mark) {
        if (mark.value().isString())
            memory.acknowledged.insert(mark.key(), mark.value().toString());
    }
    if (object.value(kLastDigest).isObject())
        memory.lastDigest = object.value(kLastDigest).toObject();
    memory.unknown = unknownPart(object);
    return memory;
}

namespace {

/// All but the wrappers.
QJsonObject toJson(const AgentMemory &memory)
{
    QJsonObject object = memory.unknown;
    object.insert(kBootId, memory.bootId);
    object.insert(kSavedAwake, toValue(memory.savedAwake));
    object.insert(kSavedElapsed, toValue(memory.savedElapsed));
    insertIf(object, kBaseline, memory.baseline);
    insertIf(object, kLastPresence, memory.lastHeartbeatPresence);
    if (memory.hold)
        object.insert(kHold, toJson(*memory.hold));
    if (memory.wish)
        object.insert(kWish, toJson(*memory.wish));
    if (memory.countedSignal)
        object.insert(kCountedSignal,
                      QJsonObject{{kInode, memory.countedSignal->inode}, {kMtime, memory.countedSignal->mtimeNs}});
    object.insert(kCycleComplete, memory.cycleComplete);
    if (!memory.cycle.isEmpty())
        object.insert(kCycle, memory.cycle);
    if (!memory.leftAlone.isEmpty())
        object.insert(kLeftAlone, QJsonArray::fromStringList(memory.leftAlone));
    QJsonObject acknowledged;
    for (auto mark = memory.acknowledged.begin(); mark != memory.acknowledged.end(); ++mark)
        acknowledged.insert(mark.key(), mark.value());
    object.insert(kAcknowledged, acknowledged);
    if (memory.lastDigest)
        object.insert(kLastDigest, *memory.lastDigest);
    return object;
}

} // namespace

QByteArray formatMemory(const AgentMemory &memory)
{
    QByteArray text = formatJsonFile(toJson(memory));
    text.truncate(text.lastIndexOf("\n}")); // never empty: there is a boot_id
    text += ",\n  \"" % QByteArrayView(kWrappers) % "\": [";
    text.reserve(text.size()
                 + static_cast<qsizetype>(memory.wrappers.size()) * kUsualBytes); // touched only as far as it is filled
    const char *separator = "\n    ";
    for (const WrapperMemory &wrapper : memory.wrappers) {
        text += separator;
        text += wrapperText(wrapper);
        separator = ",\n    ";
    }
    text += memory.wrappers.empty() ? "]\n}\n" : "\n  ]\n}\n";
    return text;
}

} // namespace dormouse
