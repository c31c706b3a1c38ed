// SPDX-License-Identifier: MIT
#include "cli/statustext.h"

#include "cli/lines.h"
#include "cli/servicestext.h"
#include "cli/times.h"
#include "shared/base/text.h"
#include "shared/records/timestamp.h"

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kWhyMax = 500;

QString stateText(const Snapshot &snapshot, WallTime now, const Palette &palette)
{
    QString text = palette.paint(styleOf(snapshot.state), toString(snapshot.state));
    if (const std::optional<WallTime> since =
            parseTimestamp(snapshot.stateSinceTs.isEmpty() ? snapshot.sinceTs : snapshot.stateSinceTs))
        text += u" for "_s + formatDuration(ageOf(*since, now)) + u" (since "_s + localTime(*since, now) + u')';
    if (snapshot.shadowRun)
        text += u", shadow run: nothing is really stopped"_s;
    return text;
}

QString nextText(const NextState &next, WallTime now)
{
    const std::optional<WallTime> at = parseTimestamp(next.at);
    if (!at)
        return toString(next.state);
    const Millis left = std::chrono::duration_cast<Millis>(*at - now);
    const QString countdown = left > Millis(0) ? QString(u" (in "_s + formatCountdown(left) + u')') : u" (due)"_s;
    return toString(next.state) + u" at "_s + localTime(*at, now) + countdown;
}

QString holdText(const Snapshot &snapshot, WallTime now)
{
    const QString until = snapshot.pausedUntil ? localTimeOf(*snapshot.pausedUntil, now) : u"`dormouse resume`"_s;
    return u"kept awake until "_s + until + (snapshot.pausedUntil ? u"; end it: dormouse resume"_s : QString());
}

QString wishText(const QJsonObject &wish, WallTime now)
{
    const QString kind = wish.value("kind"_L1).toString();
    const QString since = wish.value("since"_L1).toString();
    const QString reason = wish.value("reason"_L1).toString();
    QString text = kind.isEmpty() ? u"some wrappers are ignored"_s : QString(sanitized(kind, 40) + u" was asked for"_s);
    if (!since.isEmpty())
        text += u" at "_s + localTimeOf(since, now);
    if (!reason.isEmpty())
        text += u": "_s + sanitized(reason);
    return text + u"; undo: dormouse wake"_s;
}

QString counted(int count, QLatin1StringView one, QLatin1StringView many)
{
    return QString::number(count) + u' ' + (count == 1 ? one : many);
}

QString wrappersText(const WrapperCounts &counts)
{
    QStringList parts{u"%1 fresh"_s.arg(counts.fresh)};
    if (counts.stale > 0)
        parts.append(u"%1 stale"_s.arg(counts.stale));
    if (counts.orphan > 0)
        parts.append(u"%1 orphaned"_s.arg(counts.orphan));
    if (counts.leaked > 0)
        parts.append(u"%1 leaked"_s.arg(counts.leaked));
    if (counts.leases > 0)
        parts.append(counted(counts.leases, "lease"_L1, "leases"_L1));
    if (counts.overflow > 0)
        parts.append(u"%1 more not read"_s.arg(counts.overflow));
    return parts.join(u", "_s);
}

QString serviceText(const ServiceView &service, const Palette &palette)
{
    QString text =
        sanitized(service.name, 64) + u' ' + palette.paint(serviceStyle(service.state), serviceStateText(service.state));
    if (service.pid)
        text += u", pid "_s + QString::number(*service.pid);
    if (service.rssBytes)
        text += u", "_s + formatBytes(*service.rssBytes);
    if (service.restarts > 0)
        text += u", "_s + counted(service.restarts, "restart"_L1, "restarts"_L1);
    return text;
}

QString cycleLine(const Snapshot &snapshot)
{
    const QJsonObject progress = snapshot.progress.value_or(QJsonObject());
    const int done = qBound(0, progress.value("last_completed_step"_L1).toInt(), 1'000'000);
    const QString soFar = done > 0 ? QString(u", "_s + counted(done, "step"_L1, "steps"_L1) + u" done"_s) : QString();
    if (snapshot.runningStep)
        return u"running: "_s + sanitized(*snapshot.runningStep) + soFar;
    if (!snapshot.progress)
        return {};
    const QString lastError = progress.value("last_error"_L1).toString();
    const bool isDeferred = lastError.startsWith("deferred:"_L1);
    return u"unfinished"_s + soFar
           + (lastError.isEmpty() || isDeferred ? QString() : QString(u", last error: "_s + sanitized(lastError)))
           + u"; more: dormouse cycle"_s;
}

QString quarantineText(const QJsonObject &quarantine, WallTime now)
{
    return u"no sleep cycle until "_s + localTimeOf(quarantine.value("until_ts"_L1).toString(), now) + u": "_s
           + sanitized(quarantine.value("reason"_L1).toString());
}

QString freedText(const Snapshot &snapshot)
{
    const qint64 bytes = snapshot.freedBytes.value_or(0);
    return bytes > 0 ? QString(formatBytes(bytes) + u" freed"_s) : QString();
}

void addTrouble(Lines &lines, const Snapshot &snapshot, WallTime now, const Palette &palette)
{
    if (snapshot.quarantine) {
        lines.add("Quarantine"_L1, palette.paint(Style::Warning, quarantineText(*snapshot.quarantine, now)));
        lines.add("Quarantine"_L1, u"end it: dormouse cycle reset-quarantine"_s);
    }
    for (const Attention &mark : snapshot.attention) {
        if (mark.what == "quarantine"_L1 && snapshot.quarantine)
            continue; // told already
        const QString what = sanitized(mark.what, 60);
        const QString since = mark.since.isEmpty() ? QString() : QString(u", since "_s + localTimeOf(mark.since, now));
        lines.add("Attention"_L1, palette.paint(Style::Warning, sanitized(mark.text, kWhyMax)) + since
                                      + u" (dismiss: dormouse acknowledge "_s + what + u')');
    }
    const auto tellsLastError = [&snapshot](const Attention &mark) { return mark.text == snapshot.lastError; };
    if (snapshot.lastError && std::ranges::none_of(snapshot.attention, tellsLastError))
        lines.add("Last error"_L1, palette.paint(Style::Bad, sanitized(*snapshot.lastError, kWhyMax)));
}

} // namespace

QString statusText(const Snapshot &snapshot, WallTime now, const Palette &palette)
{
    Lines lines(palette);
    lines.add("State"_L1, stateText(snapshot, now, palette));
    if (snapshot.next)
        lines.add("Next"_L1, nextText(*snapshot.next, now));
    if (!snapshot.why.isEmpty())
        lines.add("Why"_L1, sanitized(snapshot.why, kWhyMax));
    if (snapshot.schedulerPaused)
        lines.add("Hold"_L1, holdText(snapshot, now));
    if (snapshot.wish)
        lines.add("Wish"_L1, wishText(*snapshot.wish, now));
    lines.add("Wrappers"_L1, wrappersText(snapshot.wrappers));
    for (const ServiceView &service : snapshot.services)
        lines.add("Services"_L1, serviceText(service, palette));
    if (const QString freed = freedText(snapshot); !freed.isEmpty())
        lines.add("Memory"_L1, freed);
    if (const QString cycle = cycleLine(snapshot); !cycle.isEmpty())
        lines.add("Cycle"_L1, cycle);
    if (snapshot.pendingDigest)
        lines.add("Digest"_L1, u"one is waiting: dormouse digest"_s);
    addTrouble(lines, snapshot, now, palette);
    lines.add("Agent"_L1, u"pid %1, version %2, up %3"_s.arg(QString::number(snapshot.pid), sanitized(snapshot.version, 40),
                                                             formatDuration(fromSeconds(snapshot.uptimeSec))));
    return lines.text();
}

QString statusLine(const Snapshot &snapshot, WallTime now)
{
    QStringList parts{QString(toString(snapshot.state))};
    if (snapshot.next) {
        const std::optional<WallTime> at = parseTimestamp(snapshot.next->at);
        parts.append(toString(snapshot.next->state) + (at ? QString(u" at "_s + localTime(*at, now)) : QString()));
    }
    parts.append(u"wrappers: "_s + wrappersText(snapshot.wrappers));
    if (const QString freed = freedText(snapshot); !freed.isEmpty())
        parts.append(freed);
    if (snapshot.runningStep)
        parts.append(u"running: "_s + sanitized(*snapshot.runningStep));
    if (snapshot.schedulerPaused)
        parts.append(holdText(snapshot, now));
    for (const Attention &mark : snapshot.attention)
        parts.append(u"attention: "_s + sanitized(mark.what, 60));
    if (!snapshot.why.isEmpty())
        parts.append(sanitized(snapshot.why, kWhyMax));
    return parts.join(u" · "_s);
}

} // namespace dormouse
