// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/table.h"
#include "cli/times.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/presence/heartbeatscanner.h"
#include "shared/records/timestamp.h"

#include <QFile>
#include <QJsonArray>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

double ageSeconds(const HeartbeatEntry &entry, WallTime now)
{
    return std::chrono::duration<double>(now - entry.heartbeat.lastRefresh).count();
}

QJsonObject toJson(const HeartbeatScan &scan, const QString &folder)
{
    QJsonArray entries;
    for (const HeartbeatEntry &entry : scan.entries) {
        entries.append(QJsonObject{{"path"_L1, heartbeatPath(folder, entry.name)},
                                   {"pid"_L1, entry.heartbeat.pid},
                                   {"uuid"_L1, entry.heartbeat.uuid},
                                   {"name"_L1, entry.heartbeat.name},
                                   {"last_refresh"_L1, formatTimestamp(entry.heartbeat.lastRefresh)},
                                   {"age_sec"_L1, ageSeconds(entry, scan.at)},
                                   {"status"_L1, QString(toString(entry.status))},
                                   {"alive"_L1, entry.alive}});
    }
    return {{"at"_L1, formatTimestamp(scan.at)},
            {"total"_L1, entries.size()},
            {"overflow"_L1, scan.overflow},
            {"wrappers"_L1, entries}};
}

Style styleOf(HeartbeatStatus status)
{
    switch (status) {
    case HeartbeatStatus::Fresh: return Style::Good;
    case HeartbeatStatus::Stale: return Style::Warning;
    case HeartbeatStatus::Orphan: return Style::Bad;
    }
    return Style::Plain;
}

QString tableText(const HeartbeatScan &scan, const Palette &palette)
{
    if (scan.entries.empty())
        return u"no heartbeat files\n"_s;
    Table table;
    table.addRow({Cell{u"NAME"_s, Style::Bold}, Cell{u"PID"_s, Style::Bold, true}, Cell{u"STATUS"_s, Style::Bold},
                  Cell{u"AGE"_s, Style::Bold, true}, Cell{u"FILE"_s, Style::Bold}});
    for (const HeartbeatEntry &entry : scan.entries) {
        const bool ahead = entry.heartbeat.lastRefresh > scan.at + std::chrono::seconds(1);
        const QString age = ahead ? u"in the future"_s : formatDuration(ageOf(entry.heartbeat.lastRefresh, scan.at));
        const QString name = sanitized(entry.heartbeat.name, 60);
        table.addRow({Cell{name.isEmpty() ? u"-"_s : name}, Cell{QString::number(entry.heartbeat.pid), Style::Plain, true},
                      Cell{toString(entry.status), styleOf(entry.status)}, Cell{age, Style::Plain, true},
                      Cell{sanitized(QFile::decodeName(entry.name), 120), Style::Dim}});
    }
    return table.text(palette);
}

int scan(const Context &context)
{
    Millis staleAfter = defaults::kStaleAfter;
    if (context.invocation.has("stale-after"_L1)) {
        const QString text = context.invocation.value("stale-after"_L1);
        const std::optional<Millis> parsed = parseDuration(text);
        if (!parsed || *parsed <= Millis(0))
            return context.failUsage(u"--stale-after '"_s + sanitized(text) + u"' is no duration like 90s or 5m"_s);
        staleAfter = *parsed;
    }
    const std::unique_ptr<ProcessTable> processes = systemProcessTable();
    HeartbeatScanner scanner(context.paths.wrappers(), *processes);
    HeartbeatScan found = scanner.scan(ScanDepth::Full, context.now(), staleAfter);
    std::sort(found.entries.begin(), found.entries.end(),
              [](const HeartbeatEntry &left, const HeartbeatEntry &right) { return left.name < right.name; });
    if (context.invocation.has("json"_L1))
        context.out.json(toJson(found, context.paths.wrappers()));
    else
        context.out.write(tableText(found, context.out.palette()));
    if (found.overflow > 0)
        context.err.line(u"dormouse: %1 more files were not read; dormouse clean removes what is stale"_s.arg(found.overflow));
    return found.error ? context.fail(*found.error) : kExitOk;
}

} // namespace

Command scanCommand()
{
    CommandSpec spec{u"scan"_s, group::kKeep, u"read the heartbeat files themselves"_s, u"[--json] [--stale-after DURATION]"_s,
                     u"Reads the wrappers' heartbeat files and judges them, without an agent. It changes and wakes nothing."_s};
    spec.options = {{u"json"_s, {}, u"as JSON"_s},
                    {u"stale-after"_s, u"DURATION"_s, u"older heartbeats are stale; default 90s"_s}};
    spec.example = u"dormouse scan --json | jq '.wrappers[] | select(.status == \"orphan\")'"_s;
    return {spec, &scan};
}

} // namespace dormouse
