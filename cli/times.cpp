// SPDX-License-Identifier: MIT
#include "cli/times.h"

#include "shared/base/text.h"
#include "shared/records/timestamp.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono;

QDateTime toLocal(WallTime at)
{
    return QDateTime::fromMSecsSinceEpoch(duration_cast<Millis>(at.time_since_epoch()).count());
}

/// Takes the fields of a time that was read as UTC for local ones.
WallTime readAsLocal(WallTime utc)
{
    const QDateTime fields = QDateTime::fromMSecsSinceEpoch(duration_cast<Millis>(utc.time_since_epoch()).count(), Qt::UTC);
    return WallTime(Millis(QDateTime(fields.date(), fields.time()).toMSecsSinceEpoch()));
}

} // namespace

QString localTime(WallTime at, WallTime now)
{
    const QDateTime then = toLocal(at);
    const qint64 days = then.date().daysTo(toLocal(now).date());
    if (days == 0)
        return then.toString(u"HH:mm"_s);
    if (days > -7 && days < 7)
        return QLocale::c().toString(then, u"ddd HH:mm"_s);
    return then.toString(u"yyyy-MM-dd HH:mm"_s);
}

QString localTimeOf(const QString &timestamp, WallTime now)
{
    const std::optional<WallTime> at = parseTimestamp(timestamp);
    return at ? localTime(*at, now) : sanitized(timestamp, 40);
}

QString localDateTime(WallTime at)
{
    return toLocal(at).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString localClock(WallTime at)
{
    return toLocal(at).toString(u"HH:mm:ss"_s);
}

Millis ageOf(WallTime at, WallTime now)
{
    return std::max(Millis(0), duration_cast<Millis>(now - at));
}

Millis fromSeconds(double seconds)
{
    constexpr double most = 1e12; // far beyond any uptime, and far inside 64 bits of milliseconds
    return Millis(std::llround(qBound(0.0, seconds, most) * 1000));
}

QString tookText(Millis duration)
{
    constexpr Millis kWholeFrom = 10s;
    if (duration < 1s || duration >= kWholeFrom)
        return formatDuration(duration);
    return QString::number(std::chrono::duration<double>(duration).count(), 'f', 1) + u" s"_s;
}

std::optional<WallTime> parseMoment(const QString &text, WallTime now)
{
    if (const std::optional<Millis> before = parseDuration(text))
        return now - *before;
    static const QRegularExpression dateOnly(u"^\\d{4}-\\d{2}-\\d{2}$"_s);
    static const QRegularExpression zoned(u"[T ].*(?:Z|[+-]\\d{2}(?::?\\d{2})?)$"_s);
    const QString full = dateOnly.match(text).hasMatch() ? QString(text + u"T00:00"_s) : text;
    const std::optional<WallTime> moment = parseTimestamp(full);
    if (!moment || zoned.match(full).hasMatch())
        return moment;
    return readAsLocal(*moment);
}

} // namespace dormouse
