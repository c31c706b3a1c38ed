// SPDX-License-Identifier: MIT
#include "shared/records/heartbeat.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kPrefix{"heartbeat-"};
constexpr QLatin1StringView kSuffix{".json"};

/// ASCII digits only: QStringView::toLongLong would also take signs and blanks.
std::optional<qint64> decimalInteger(QStringView text)
{
    const bool areDigits = std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    bool ok = false;
    const qint64 number = areDigits ? text.toLongLong(&ok) : 0;
    if (!ok)
        return std::nullopt;
    return number;
}

} // namespace

QLatin1StringView toString(HeartbeatStatus status)
{
    switch (status) {
    case HeartbeatStatus::Fresh: return "fresh"_L1;
    case HeartbeatStatus::Stale: return "stale"_L1;
    case HeartbeatStatus::Orphan: return "orphan"_L1;
    }
    return {};
}

bool isHeartbeatName(QStringView fileName)
{
    return fileName.size() >= kPrefix.size() + kSuffix.size() && fileName.startsWith(kPrefix) && fileName.endsWith(kSuffix);
}

std::optional<Heartbeat> parseHeartbeat(const QByteArray &bytes)
{
    const Result<QJsonObject> parsed = parseJsonObject(bytes);
    if (!parsed)
        return std::nullopt;
    const QJsonObject &object = parsed.value();
    const std::optional<qint64> pid = jsonIntegerMember(bytes, "pid"_L1);
    const QJsonValue uuid = object.value("uuid"_L1);
    const QJsonValue lastRefresh = object.value("last_refresh"_L1);
    if (!pid || !lastRefresh.isString() || !(uuid.isUndefined() || uuid.isString()))
        return std::nullopt;
    const std::optional<WallTime> refreshed = parseTimestamp(lastRefresh.toString());
    if (!refreshed)
        return std::nullopt;
    // The optional fields are ours: a wrapper that gets them wrong is still a wrapper.
    return Heartbeat{*pid, uuid.toString(), *refreshed, parseTimestamp(object.value("last_active"_L1).toString()),
                     object.value("name"_L1).toString()};
}

std::optional<Heartbeat> heartbeatFromName(QStringView fileName, WallTime mtime)
{
    if (!isHeartbeatName(fileName))
        return std::nullopt;
    const QStringView stem = fileName.sliced(kPrefix.size()).chopped(kSuffix.size());
    const qsizetype dash = stem.indexOf(u'-');
    if (dash < 0)
        return std::nullopt;
    const std::optional<qint64> pid = decimalInteger(stem.first(dash));
    if (!pid)
        return std::nullopt;
    return Heartbeat{*pid, stem.sliced(dash + 1).toString(), mtime, std::nullopt, {}};
}

HeartbeatStatus heartbeatStatus(WallTime lastRefresh, bool alive, WallTime now, Millis staleAfter)
{
    const auto age = now - lastRefresh;
    if (age > staleAfter || age < -staleAfter)
        return HeartbeatStatus::Stale;
    return alive ? HeartbeatStatus::Fresh : HeartbeatStatus::Orphan;
}

} // namespace dormouse
