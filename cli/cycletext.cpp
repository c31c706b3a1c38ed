// SPDX-License-Identifier: MIT
#include "cli/cycletext.h"

#include "cli/lines.h"
#include "cli/times.h"
#include "shared/base/text.h"
#include "shared/records/timestamp.h"

#include <QJsonArray>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kTextMax = 500;

QString textOf(const QJsonObject &object, QLatin1StringView key)
{
    return sanitized(object.value(key).toString(), kTextMax);
}

QString timesText(int count)
{
    return count == 1 ? u"once"_s : QString(QString::number(count) + u" times"_s);
}

QStringList stepsOf(const QJsonObject &cycle)
{
    QStringList names;
    for (const QJsonValue &name : cycle.value("steps"_L1).toArray())
        names.append(sanitized(name.toString(), 100));
    return names;
}

int stepsDone(const QJsonObject &cycle)
{
    return qMax(0, cycle.value("progress"_L1).toObject().value("last_completed_step"_L1).toInt());
}

QString progressText(const QJsonObject &cycle, WallTime now)
{
    const QStringList steps = stepsOf(cycle);
    const QString running = textOf(cycle, "running_step"_L1);
    if (const qsizetype index = steps.indexOf(running); !running.isEmpty() && index >= 0)
        return u"running: %1 (step %2 of %3)"_s.arg(running).arg(index + 1).arg(steps.size());
    if (!running.isEmpty())
        return u"running: "_s + running + u" (built in)"_s;
    const QJsonObject progress = cycle.value("progress"_L1).toObject();
    if (!cycle.value("progress"_L1).isObject())
        return u"none is under way"_s;
    const int done = stepsDone(cycle);
    QString text = u"unfinished: %1 of %2 steps done"_s.arg(done).arg(steps.size());
    if (done < steps.size())
        text += u", next is "_s + steps.at(done);
    const QString begun = textOf(progress, "started_at"_L1);
    return begun.isEmpty() ? text : QString(text + u"; begun "_s + localTimeOf(begun, now));
}

QString stepsText(const QJsonObject &cycle)
{
    const QStringList steps = stepsOf(cycle);
    return steps.isEmpty() ? u"none of yours in dormouse.toml; the built-in housekeeping alone"_s : steps.join(u", "_s);
}

/// A program says last what went wrong.
QString lastLine(const QString &output)
{
    const QStringList lines = output.split(u'\n', Qt::SkipEmptyParts);
    return lines.isEmpty() ? QString() : sanitized(lines.constLast().trimmed());
}

void addFailures(Lines &lines, const CycleReport &report, WallTime now, const Palette &palette)
{
    for (const QJsonValue &value : report.cycle.value("strikes"_L1).toArray()) {
        const QJsonObject strike = value.toObject();
        const int count = strike.value("count"_L1).toInt();
        const QString times = count > 1 ? QString(timesText(count) + u" in a row, last "_s) : QString();
        const QString at = localTimeOf(strike.value("ts"_L1).toString(), now);
        lines.add("Failed"_L1, palette.paint(Style::Bad, textOf(strike, "step"_L1)) + u' ' + times + u"at "_s + at + u": "_s
                                   + textOf(strike, "error"_L1));
        const QString printed = lastLine(report.outputs.value(strike.value("step"_L1).toString()));
        if (!printed.isEmpty())
            lines.add("Failed"_L1, u"it printed: "_s + printed);
    }
    if (const int deferrals = report.cycle.value("deferrals"_L1).toInt(); deferrals > 0)
        lines.add("Deferred"_L1,
                  timesText(deferrals) + u" without progress: interrupted, or put off by the step itself (exit 75)"_s);
}

/// The end of a quarantine that still holds.
std::optional<WallTime> quarantinedUntil(const QJsonObject &cycle, WallTime now)
{
    const QString text = cycle.value("quarantine"_L1).toObject().value("until_ts"_L1).toString();
    const std::optional<WallTime> until = parseTimestamp(text);
    return until && *until > now ? until : std::nullopt;
}

void addQuarantine(Lines &lines, const QJsonObject &cycle, WallTime now, const Palette &palette)
{
    if (!cycle.value("quarantine"_L1).isObject())
        return;
    const QJsonObject quarantine = cycle.value("quarantine"_L1).toObject();
    const QString reason = textOf(quarantine, "reason"_L1);
    if (!quarantinedUntil(cycle, now)) {
        lines.add("Quarantine"_L1, u"over: it lifts itself as soon as an agent looks ("_s + reason + u')');
        return;
    }
    const QString until = localTimeOf(quarantine.value("until_ts"_L1).toString(), now);
    lines.add("Quarantine"_L1, palette.paint(Style::Warning, u"until "_s + until + u": "_s + reason));
    lines.add("Quarantine"_L1, u"end it: dormouse cycle reset-quarantine; run once all the same: dormouse cycle run"_s);
}

QString inSleepText(const std::optional<Snapshot> &snapshot, WallTime now)
{
    if (!snapshot)
        return u"in the next SLEEP"_s;
    if (snapshot->state == State::Sleep)
        return sanitized(snapshot->why, kTextMax);
    if (snapshot->next && snapshot->next->state == State::Sleep)
        return u"in SLEEP, at "_s + localTimeOf(snapshot->next->at, now) + u" if nobody comes"_s;
    return u"in the next SLEEP; the state is "_s + toString(snapshot->state) + u" now"_s;
}

/// When a cycle may start by itself.
QString nextText(const CycleReport &report, WallTime now)
{
    if (const std::optional<WallTime> until = quarantinedUntil(report.cycle, now))
        return u"not before "_s + localTime(*until, now);
    const std::optional<WallTime> retry = parseTimestamp(report.cycle.value("retry_at"_L1).toString());
    if (retry && *retry > now) {
        const QString left = formatCountdown(std::chrono::duration_cast<Millis>(*retry - now));
        return u"not before "_s + localTime(*retry, now) + u" (in "_s + left + u"), and in SLEEP only"_s;
    }
    return inSleepText(report.snapshot, now);
}

} // namespace

QString cycleText(const CycleReport &report, WallTime now, const Palette &palette)
{
    Lines lines(palette);
    lines.add("Cycle"_L1, progressText(report.cycle, now));
    lines.add("Steps"_L1, stepsText(report.cycle));
    addFailures(lines, report, now, palette);
    addQuarantine(lines, report.cycle, now, palette);
    if (!report.cycle.value("running_step"_L1).isString())
        lines.add("Next"_L1, nextText(report, now));
    if (report.last)
        lines.add("Last"_L1, u"completed at "_s + localTime(report.last->at, now) + u", took "_s + tookText(report.last->took));
    return lines.text();
}

} // namespace dormouse
