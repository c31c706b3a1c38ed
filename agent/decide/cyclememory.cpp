// SPDX-License-Identifier: MIT
// The bookkeeping of the sleep cycle as JSON: in dormouse.json, and mirrored in the lifecycle record.
#include "agent/decide/cyclebook.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <algorithm>
#include <cmath>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QLatin1StringView kProgress{"progress"};
constexpr QLatin1StringView kStrikes{"strikes"};
constexpr QLatin1StringView kQuarantine{"quarantine"};
constexpr QLatin1StringView kDeferrals{"deferrals"};
constexpr QLatin1StringView kRetryAt{"retry_at"};
constexpr QLatin1StringView kLastCompletedStep{"last_completed_step"};
constexpr QLatin1StringView kLastCompletedName{"last_completed_name"};
constexpr QLatin1StringView kAttempt{"attempt"};
constexpr QLatin1StringView kLastError{"last_error"};
constexpr QLatin1StringView kStartedAt{"started_at"};
constexpr QLatin1StringView kNumbers{"numbers"};
constexpr QLatin1StringView kCount{"count"};
constexpr QLatin1StringView kAt{"at"};
constexpr QLatin1StringView kError{"error"};
constexpr QLatin1StringView kUntil{"until_ts"};
constexpr QLatin1StringView kReason{"reason"};
constexpr QLatin1StringView kSince{"since_ts"};

constexpr int kCountMax = 1'000'000; ///< so that counting on cannot overflow, whatever a file says

std::optional<WallTime> wallFrom(const QJsonValue &value)
{
    return parseTimestamp(value.toString());
}

int countFrom(const QJsonValue &value)
{
    return static_cast<int>(std::clamp<qint64>(jsonInteger(value).value_or(0), 0, kCountMax));
}

QJsonObject toJson(const CycleProgress &progress)
{
    return {{kLastCompletedStep, progress.lastCompletedStep},
            {kAttempt, progress.attempt},
            {kLastError, progress.lastError ? QJsonValue(*progress.lastError) : QJsonValue()},
            {kStartedAt, formatExactTimestamp(progress.startedAt)}};
}

std::optional<CycleProgress> progressFrom(const QJsonObject &object)
{
    const std::optional<WallTime> startedAt = wallFrom(object.value(kStartedAt));
    if (!startedAt)
        return std::nullopt; // nobody knows how old it is
    CycleProgress progress;
    progress.lastCompletedStep = countFrom(object.value(kLastCompletedStep));
    progress.lastCompletedName = object.value(kLastCompletedName).toString();
    progress.attempt = countFrom(object.value(kAttempt));
    if (object.value(kLastError).isString())
        progress.lastError = object.value(kLastError).toString().left(defaults::kReasonMax);
    progress.startedAt = *startedAt;
    const QJsonObject numbers = object.value(kNumbers).toObject();
    for (auto number = numbers.begin(); number != numbers.end(); ++number) {
        if (number.value().isDouble() && std::isfinite(number.value().toDouble()))
            progress.numbers.insert(number.key(), number.value().toDouble());
    }
    return progress;
}

QJsonObject toJson(const Quarantine &quarantine)
{
    return {{kUntil, formatExactTimestamp(quarantine.until)},
            {kReason, quarantine.reason},
            {kSince, formatExactTimestamp(quarantine.since)}};
}

/// A quarantine whose end cannot be read is remembered as that, so that it is lifted with a line in the log.
void readQuarantine(const QJsonObject &object, WallTime sinceDefault, CycleMemory &memory)
{
    if (object.isEmpty())
        return;
    if (const std::optional<WallTime> until = wallFrom(object.value(kUntil)))
        memory.quarantine = Quarantine{*until, object.value(kReason).toString().left(defaults::kReasonMax),
                                       wallFrom(object.value(kSince)).value_or(sinceDefault)};
    else
        memory.malformedUntil = object.value(kUntil).toString().left(defaults::kReasonMax);
}

} // namespace

QJsonObject cycleMemoryToJson(const CycleMemory &memory)
{
    QJsonObject object{{kDeferrals, memory.deferrals}};
    if (memory.progress) {
        QJsonObject progress = toJson(*memory.progress);
        progress.insert(kLastCompletedName, memory.progress->lastCompletedName);
        QJsonObject numbers;
        for (auto number = memory.progress->numbers.begin(); number != memory.progress->numbers.end(); ++number)
            numbers.insert(number.key(), number.value());
        progress.insert(kNumbers, numbers);
        object.insert(kProgress, progress);
    }
    QJsonObject strikes;
    for (auto step = memory.strikes.begin(); step != memory.strikes.end(); ++step)
        strikes.insert(step.key(),
                       QJsonObject{{kCount, step->count}, {kAt, formatExactTimestamp(step->at)}, {kError, step->error}});
    if (!strikes.isEmpty())
        object.insert(kStrikes, strikes);
    if (memory.quarantine)
        object.insert(kQuarantine, toJson(*memory.quarantine));
    else if (memory.malformedUntil)
        object.insert(kQuarantine, QJsonObject{{kUntil, *memory.malformedUntil}});
    if (memory.retryAt)
        object.insert(kRetryAt, formatExactTimestamp(*memory.retryAt));
    return object;
}

CycleMemory cycleMemoryFromJson(const QJsonObject &object)
{
    CycleMemory memory;
    memory.progress = progressFrom(object.value(kProgress).toObject());
    const QJsonObject strikes = object.value(kStrikes).toObject();
    for (auto step = strikes.begin(); step != strikes.end(); ++step) {
        const QJsonObject one = step.value().toObject();
        const std::optional<WallTime> at = wallFrom(one.value(kAt));
        if (const int count = countFrom(one.value(kCount)); at && count > 0)
            memory.strikes.insert(step.key(), {count, *at, one.value(kError).toString().left(defaults::kReasonMax)});
    }
    readQuarantine(object.value(kQuarantine).toObject(), WallTime(), memory);
    memory.deferrals = countFrom(object.value(kDeferrals));
    memory.retryAt = wallFrom(object.value(kRetryAt));
    return memory;
}

QJsonValue progressMirror(const CycleMemory &memory)
{
    return memory.progress ? QJsonValue(toJson(*memory.progress)) : QJsonValue();
}

QJsonValue quarantineMirror(const CycleMemory &memory)
{
    return memory.quarantine ? QJsonValue(toJson(*memory.quarantine)) : QJsonValue();
}

CycleMemory takeOver(const QJsonValue &quarantine, WallTime now)
{
    CycleMemory memory;
    readQuarantine(quarantine.toObject(), now, memory);
    return memory;
}

} // namespace dormouse
