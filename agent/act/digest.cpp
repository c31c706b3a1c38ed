// SPDX-License-Identifier: MIT
#include "agent/act/digest.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <array>
#include <cmath>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QLatin1StringView kPendingDigest{"pending_digest"};
constexpr QLatin1StringView kLastLearnedAt{"last_learned_at"};
constexpr QLatin1StringView kCycles{"rem_cycles_completed"};
constexpr QLatin1StringView kDuration{"duration_sec"};
/// What readers of the digest expect to be there.
constexpr std::array kAlwaysThere{kCycles, "episodes_processed"_L1, "schemas_induced_tier0"_L1, kDuration, "freed_bytes"_L1};

constexpr int kNumbersMax = 32;
constexpr qsizetype kNameMax = 64;
constexpr double kExactMax = 9'007'199'254'740'992.0; ///< 2^53: whole numbers up to here are exact as double

/// Counts are written as whole numbers.
QJsonValue toValue(double number)
{
    const bool isWhole = std::abs(number) < kExactMax && number == std::floor(number);
    return isWhole ? QJsonValue(static_cast<qint64>(number)) : QJsonValue(number);
}

void add(QJsonObject &digest, const QString &name, double number)
{
    const double sum = digest.value(name).toDouble() + number;
    if (std::isfinite(sum))
        digest.insert(name, toValue(sum));
}

void addAll(QJsonObject &state, const DigestNumbers &numbers)
{
    QJsonObject digest = state.value(kPendingDigest).toObject();
    for (const QLatin1StringView name : kAlwaysThere)
        add(digest, name, 0);
    for (auto number = numbers.begin(); number != numbers.end(); ++number)
        add(digest, number.key(), number.value());
    state.insert(kPendingDigest, digest);
}

} // namespace

DigestNumbers digestNumbers(const QByteArray &outputTail)
{
    const QByteArray trimmed = outputTail.trimmed();
    const Result<QJsonObject> object = parseJsonObject(trimmed.mid(trimmed.lastIndexOf('\n') + 1).trimmed());
    DigestNumbers numbers;
    if (!object)
        return numbers;
    for (auto member = object.value().begin(); member != object.value().end() && numbers.size() < kNumbersMax; ++member) {
        const QString &name = member.key();
        if (member.value().isDouble() && std::isfinite(member.value().toDouble()) && name.size() <= kNameMax && name != kCycles
            && name != kDuration)
            numbers.insert(name, member.value().toDouble());
    }
    return numbers;
}

Result<void> addToPendingDigest(const DaemonStateFile &daemonState, const DigestNumbers &numbers)
{
    return daemonState.update([&numbers](QJsonObject &state) {
        addAll(state, numbers);
        return true;
    });
}

Result<void> addCycleToPendingDigest(const DaemonStateFile &daemonState, const DigestNumbers &numbers, WallTime now)
{
    return daemonState.update([&numbers, now](QJsonObject &state) {
        DigestNumbers all = numbers;
        all.insert(kCycles, 1);
        addAll(state, all);
        state.insert(kLastLearnedAt, formatTimestamp(now));
        return true;
    });
}

} // namespace dormouse
