// SPDX-License-Identifier: MIT
#include "tray/history/historytext.h"

#include "shared/base/text.h"
#include "tray/history/localtime.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace dormouse::historytext {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::floor;

/// Gives this file's texts their context.
struct HistoryText {
    Q_DECLARE_TR_FUNCTIONS(HistoryText)
};

QString clock(const QDateTime &time, bool withSeconds)
{
    return time.toString(withSeconds ? u"HH:mm:ss"_s : u"HH:mm"_s);
}

/// The trigger of the transition that began the span; "" where it began otherwise, or before the range.
QString triggerOf(const History &history, const HistorySpan &span)
{
    const auto isBefore = [](const HistoryTransition &transition, WallTime at) { return transition.at < at; };
    auto found = std::lower_bound(history.transitions.begin(), history.transitions.end(), span.from, isBefore);
    for (; found != history.transitions.end() && found->at == span.from; ++found) {
        if (found->to == span.state)
            return trigger(found->trigger);
    }
    return {};
}

/// "suspended for 7 h 2 min", for the suspends that lie in the span.
QString suspendedIn(const History &history, const HistorySpan &span)
{
    WallTime::duration sum{};
    for (const HistorySuspend &suspend : history.suspends)
        sum += std::max(std::min(suspend.to, span.to) - std::max(suspend.from, span.from), WallTime::duration::zero());
    if (sum <= 0s)
        return {};
    return HistoryText::tr("machine suspended for %1").arg(duration(std::chrono::round<Millis>(sum)));
}

} // namespace

QString stateName(std::optional<State> state)
{
    if (!state)
        return HistoryText::tr("Not running");
    switch (*state) {
    case State::Wake: return HistoryText::tr("Awake");
    case State::Drowsy: return HistoryText::tr("Drowsy");
    case State::Sleep: return HistoryText::tr("Asleep");
    case State::Hibernation: return HistoryText::tr("Hibernating");
    }
    return {};
}

QString duration(Millis duration)
{
    const QLocale locale;
    const auto number = [&locale](auto time) { return locale.toString(qint64(time.count())); };
    if (duration < 10s)
        return HistoryText::tr("%1 s", "duration").arg(locale.toString(double(duration.count()) / 1000, 'f', 1));
    if (duration < 1min)
        return HistoryText::tr("%1 s", "duration").arg(number(floor<std::chrono::seconds>(duration)));
    const auto minutes = floor<std::chrono::minutes>(duration);
    if (minutes < 1h)
        return HistoryText::tr("%1 min", "duration").arg(number(minutes));
    const auto hours = floor<std::chrono::hours>(minutes);
    if (hours < 24h) {
        const auto rest = minutes - hours;
        return rest == 0min ? HistoryText::tr("%1 h", "duration").arg(number(hours))
                            : HistoryText::tr("%1 h %2 min", "duration").arg(number(hours), number(rest));
    }
    const auto days = floor<std::chrono::days>(hours);
    const auto rest = hours - days;
    return rest == 0h ? HistoryText::tr("%1 d", "duration").arg(number(days))
                      : HistoryText::tr("%1 d %2 h", "duration").arg(number(days), number(rest));
}

QString percent(double part)
{
    const QLocale locale;
    if (part > 0 && part < 0.0005)
        return HistoryText::tr("< %1 %", "percent").arg(locale.toString(0.1, 'f', 1));
    return HistoryText::tr("%1 %", "percent").arg(locale.toString(part * 100, 'f', 1));
}

QString saved(double gigabyteHours)
{
    const QLocale locale;
    const double megabyteHours = gigabyteHours * 1000;
    if (megabyteHours < 999.5)
        return HistoryText::tr("%1 MB·h", "memory × time").arg(locale.toString(megabyteHours, 'f', 0));
    return HistoryText::tr("%1 GB·h", "memory × time").arg(locale.toString(gigabyteHours, 'f', gigabyteHours < 99.95 ? 1 : 0));
}

QString trigger(const QString &name)
{
    const std::optional<Event> event = eventFromString(name);
    if (!event)
        return sanitized(name, 60);
    switch (*event) {
    case Event::HeartbeatRefresh: return HistoryText::tr("a wrapper was used");
    case Event::Idle5Min: return HistoryText::tr("nobody used it for a while");
    case Event::Idle30Min: return HistoryText::tr("nobody used it for long");
    case Event::SleepEligible: return HistoryText::tr("it was free to sleep");
    case Event::RequestArrived: return HistoryText::tr("somebody asked for it");
    case Event::SleepCycleDone: return HistoryText::tr("maintenance was done");
    case Event::HibernationGraceExpired: return HistoryText::tr("nobody came back in time");
    case Event::WakeSignal: return HistoryText::tr("the wake signal was given");
    case Event::Tick: return HistoryText::tr("its time had come");
    }
    return {};
}

QString day(QDate date)
{
    return QLocale().toString(date, HistoryText::tr("ddd d MMM", "date format of a day's row"));
}

QString period(WallTime from, WallTime to, const QTimeZone &zone)
{
    const QDateTime begin = localDateTime(from, zone);
    const QDateTime end = localDateTime(to, zone);
    const bool isShort = to - from < 2min;
    const QString first = HistoryText::tr("%1, %2", "day, time").arg(day(begin.date()), clock(begin, isShort));
    const QString last = begin.date() == end.date()
                             ? clock(end, isShort)
                             : HistoryText::tr("%1, %2", "day, time").arg(day(end.date()), clock(end, isShort));
    return HistoryText::tr("%1 – %2", "from, to").arg(first, last);
}

QString details(const History &history, const StripSegment &segment, const QTimeZone &zone)
{
    const HistorySpan &span = history.spans.at(segment.span);
    QStringList parts{stateName(span.state), period(span.from, span.to, zone),
                      duration(std::chrono::round<Millis>(span.to - span.from))};
    if (const QString why = triggerOf(history, span); !why.isEmpty())
        parts.append(why);
    if (const QString suspended = suspendedIn(history, span); !suspended.isEmpty())
        parts.append(suspended);
    if (segment.others > 0)
        parts.append(HistoryText::tr("and %n shorter here", nullptr, segment.others));
    return parts.join(u" · "_s);
}

QString ready(const HistorySummary &summary)
{
    return summary.readyMedian ? duration(*summary.readyMedian) : u"–"_s;
}

QString readyNote(const HistorySummary &summary)
{
    if (!summary.readySlowest)
        return HistoryText::tr("no service was waited for");
    return HistoryText::tr("median of %n; slowest %1", nullptr, summary.timedWakes).arg(duration(*summary.readySlowest));
}

QString nothingYet()
{
    return HistoryText::tr(
        "Nothing has been recorded for this time.\nOnce Dormouse has run for a while, its days and nights appear here.");
}

} // namespace dormouse::historytext
