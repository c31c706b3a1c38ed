// SPDX-License-Identifier: MIT
#include "shared/storage/eventlogfiles.h"

#include "shared/records/timestamp.h"
#include "shared/storage/eventlog.h"

#include <QDate>
#include <QDir>

#include <map>
#include <optional>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using std::chrono::days;
using std::chrono::sys_days;

constexpr QLatin1StringView kStart{"lifecycle-events-"};
constexpr QLatin1StringView kPlainEnd{".jsonl"};
constexpr QLatin1StringView kArchiveEnd{".jsonl.gz"};
constexpr qsizetype kDayLength = 10; // 2026-05-02

std::optional<sys_days> dayOf(QStringView name)
{
    const QStringView text = name.mid(kStart.size(), kDayLength);
    const QDate date = QDate::fromString(text.toString(), Qt::ISODate);
    if (text.size() != kDayLength || !date.isValid())
        return std::nullopt;
    return sys_days(days(QDate(1970, 1, 1).daysTo(date)));
}

} // namespace

std::vector<EventLogDay> eventLogDays(const QString &folder)
{
    std::map<sys_days, EventLogDay> found;
    const QDir::Filters filters = QDir::Files | QDir::NoSymLinks | QDir::Hidden;
    const QStringList names = QDir(folder).entryList(filters); // a name filter would compile a regular expression to machine code
    for (const QString &name : names) {
        if (!name.startsWith(kStart))
            continue;
        const QStringView end = QStringView(name).mid(kStart.size() + kDayLength);
        const std::optional<sys_days> day = dayOf(name);
        if (!day || (end != kPlainEnd && end != kArchiveEnd))
            continue;
        EventLogDay &entry = found[*day];
        entry.day = *day;
        (end == kPlainEnd ? entry.plain : entry.archive) = folder + u'/' + name;
    }
    std::vector<EventLogDay> result;
    result.reserve(found.size());
    for (auto &[day, entry] : found)
        result.push_back(std::move(entry));
    return result;
}

QString eventLogPath(const QString &folder, sys_days day)
{
    return folder + u'/' + kStart + formatUtcDay(day) + kPlainEnd;
}

QString archivePath(const QString &plain)
{
    return plain + u".gz";
}

QStringList eventLogFiles(const QString &folder)
{
    QStringList files;
    for (const EventLogDay &day : eventLogDays(folder))
        files += day.plain.isEmpty() ? day.archive : day.plain;
    return files;
}

} // namespace dormouse
