// SPDX-License-Identifier: MIT
#include "shared/records/logentry.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kTime{"ts"};
constexpr QLatin1StringView kKind{"event"};

/// The members of an object as they stand between its braces.
QByteArray members(const QJsonObject &object)
{
    return formatJsonLine(object).sliced(1).chopped(1);
}

} // namespace

QByteArray formatLogLine(const LogEntry &entry)
{
    // QJsonObject sorts its keys; people who read the file want the time first.
    QByteArray line = '{' + members({{kTime, formatTimestamp(entry.time)}}) + ',' + members({{kKind, entry.kind}});
    QJsonObject fields = entry.fields;
    fields.remove(kTime);
    fields.remove(kKind);
    if (!fields.isEmpty())
        line += ',' + members(fields);
    return line + "}\n";
}

std::optional<LogEntry> parseLogLine(const QByteArray &line)
{
    const Result<QJsonObject> parsed = parseJsonObject(line);
    if (!parsed)
        return std::nullopt;
    QJsonObject fields = parsed.value();
    const std::optional<WallTime> time = parseTimestamp(fields.take(kTime).toString());
    const QString kind = fields.take(kKind).toString();
    if (!time || kind.isEmpty())
        return std::nullopt;
    return LogEntry{*time, kind, fields};
}

LogEntry transitionEntry(WallTime time, State from, State to, Event trigger)
{
    return {time,
            logkind::kStateTransition,
            {{"from"_L1, QString(toString(from))}, {"to"_L1, QString(toString(to))}, {"trigger"_L1, QString(toString(trigger))}}};
}

LogEntry shadowRunWarning(WallTime time)
{
    return {time,
            logkind::kShadowRunWarning,
            {{"would_action"_L1, u"hibernate_kill_process"_s},
             {"blocked_by"_L1, u"shadow_run=True"_s},
             {"note"_L1, u"HIBERNATION entered; services and agent go on because of --shadow-run"_s}}};
}

} // namespace dormouse
