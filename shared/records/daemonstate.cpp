// SPDX-License-Identifier: MIT
#include "shared/records/daemonstate.h"

#include "shared/records/timestamp.h"

#include <QJsonArray>

#include <algorithm>
#include <utility>
#include <vector>

namespace dormouse::daemonstate {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kFirstTurns{"first_turn_pending"};
constexpr QLatin1StringView kPendingDigest{"pending_digest"};
constexpr QLatin1StringView kDigestShownAt{"last_digest_shown_at"};

/// A value that is no string is no time either.
std::optional<WallTime> timeOf(const QJsonValue &value)
{
    return parseTimestamp(value.toString());
}

/// What Python takes for false.
bool isFalsy(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined: return true;
    case QJsonValue::Bool: return !value.toBool();
    case QJsonValue::Double: return value.toDouble() == 0;
    case QJsonValue::String: return value.toString().isEmpty();
    case QJsonValue::Array: return value.toArray().isEmpty();
    case QJsonValue::Object: return value.toObject().isEmpty();
    }
    return true;
}

/// Removes the entries older than `ttl` and those that are no time; the ids that went. What stays is put into a new object: taking members out one by one moves all that
/// follow, and a file full of them would hold the agent up for half a minute.
QStringList dropExpired(QJsonObject &entries, WallTime now, Millis ttl)
{
    QStringList dropped;
    QJsonObject kept;
    for (auto entry = entries.constBegin(); entry != entries.constEnd(); ++entry) {
        const std::optional<WallTime> at = timeOf(entry.value());
        if (at && now - *at <= ttl)
            kept.insert(entry.key(), entry.value());
        else
            dropped.append(entry.key());
    }
    if (!dropped.isEmpty())
        entries = kept;
    return dropped;
}

/// Keeps the newest `maximum`, among equal times the first; how many went.
int dropOldest(QJsonObject &entries, int maximum)
{
    const qsizetype before = entries.size();
    if (before <= maximum)
        return 0;
    std::vector<std::pair<WallTime, QString>> byAge;
    for (auto entry = entries.constBegin(); entry != entries.constEnd(); ++entry)
        byAge.emplace_back(timeOf(entry.value()).value_or(WallTime()), entry.key());
    std::stable_sort(byAge.begin(), byAge.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    byAge.resize(static_cast<std::size_t>(std::max(maximum, 0)));
    QJsonObject kept;
    for (const auto &[at, id] : byAge)
        kept.insert(id, entries.value(id));
    entries = kept;
    return static_cast<int>(before - entries.size());
}

} // namespace

int pruneStaleFirstTurns(QJsonObject &state, WallTime now, Millis ttl, int maximum)
{
    if (!state.value(kFirstTurns).isObject())
        return 0;
    QJsonObject entries = state.value(kFirstTurns).toObject();
    const int dropped = static_cast<int>(dropExpired(entries, now, ttl).size()) + dropOldest(entries, maximum);
    if (dropped != 0)
        state.insert(kFirstTurns, entries);
    return dropped;
}

QStringList prunePendingFirstTurns(QJsonObject &state, WallTime now, Millis ttl)
{
    if (!state.value(kFirstTurns).isObject())
        return {};
    QJsonObject entries = state.value(kFirstTurns).toObject();
    QStringList dropped = dropExpired(entries, now, ttl);
    if (!dropped.isEmpty())
        state.insert(kFirstTurns, entries);
    return dropped;
}

bool markSessionOpened(QJsonObject &state, const QString &sessionId, WallTime now)
{
    if (sessionId.isEmpty())
        return false;
    QJsonObject entries = state.value(kFirstTurns).toObject(); // anything but a map is replaced by one
    entries.insert(sessionId, formatTimestamp(now));
    state.insert(kFirstTurns, entries);
    pruneStaleFirstTurns(state, now);
    return true;
}

FirstTurn consumeFirstTurn(QJsonObject &state, const QString &sessionId)
{
    QJsonObject entries = state.value(kFirstTurns).toObject();
    if (!entries.contains(sessionId))
        return {};
    const bool first = !isFalsy(entries.take(sessionId));
    state.insert(kFirstTurns, entries);
    return {first, first};
}

Digest takePendingDigest(QJsonObject &state, WallTime now)
{
    const std::optional<WallTime> shown = timeOf(state.value(kDigestShownAt));
    const QJsonObject pending = state.value(kPendingDigest).toObject();
    if (pending.isEmpty() || (shown && now - *shown < defaults::kDigestPeriod))
        return {};
    state.insert(kDigestShownAt, formatTimestamp(now));
    state.remove(kPendingDigest);
    return {pending, true};
}

std::optional<QString> fsmStateFor(State state, bool cycleRunning)
{
    switch (state) {
    case State::Wake: return u"WAKE"_s;
    case State::Drowsy: return u"TRANSITIONING"_s;
    case State::Sleep: return cycleRunning ? u"DREAMING"_s : u"SLEEP"_s;
    case State::Hibernation: return std::nullopt;
    }
    return std::nullopt;
}

} // namespace dormouse::daemonstate
