// SPDX-License-Identifier: MIT
#include "tray/model/words.h"

#include "shared/base/text.h"

#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>
#include <QTextBoundaryFinder>

#include <algorithm>
#include <array>
#include <cmath>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono;

namespace {

constexpr QChar kFirstStrongIsolate(0x2068);
constexpr QChar kPopIsolate(0x2069);

QString number(qint64 value)
{
    return QLocale().toString(value);
}

/// The C locale's own short formats are those of machines: with seconds, and a date without separators that people know.
bool isPlainLocale(const QLocale &locale)
{
    return locale.language() == QLocale::C;
}

QString clockText(const QDateTime &at)
{
    const QLocale locale;
    return locale.toString(at.time(), isPlainLocale(locale) ? u"HH:mm"_s : locale.timeFormat(QLocale::ShortFormat));
}

QString dateText(const QDateTime &at)
{
    const QLocale locale;
    return locale.toString(at.date(), isPlainLocale(locale) ? u"yyyy-MM-dd"_s : locale.dateFormat(QLocale::ShortFormat));
}

QDateTime toLocal(WallTime at)
{
    return QDateTime::fromMSecsSinceEpoch(duration_cast<Millis>(at.time_since_epoch()).count());
}

/// How long a line looks: every number as three characters.
qsizetype measured(QStringView text)
{
    constexpr qsizetype kNumberWidth = 3;
    qsizetype length = 0;
    bool isInNumber = false;
    for (const QChar c : text) {
        const bool isDigit = c.isDigit();
        if (!isDigit)
            ++length;
        else if (!isInNumber)
            length += kNumberWidth;
        isInNumber = isDigit;
    }
    return length;
}

} // namespace

QString timeText(WallTime at, WallTime now)
{
    constexpr qint64 kWeek = 7;
    const QDateTime then = toLocal(at);
    const qint64 days = then.date().daysTo(toLocal(now).date());
    if (days == 0)
        return clockText(then);
    if (days > -kWeek && days < kWeek)
        return TrayView::tr("%1 %2", "weekday, time").arg(QLocale().toString(then.date(), u"ddd"_s), clockText(then));
    return TrayView::tr("%1 %2", "date, time").arg(dateText(then), clockText(then));
}

QString durationText(Millis duration)
{
    if (duration < 1s)
        return duration > 0ms ? TrayView::tr("%1 ms").arg(number(duration.count())) : TrayView::tr("%1 s").arg(number(0));
    if (duration < 1min)
        return TrayView::tr("%1 s").arg(number(floor<seconds>(duration).count()));
    if (duration < 1h)
        return TrayView::tr("%1 min").arg(number(floor<minutes>(duration).count()));
    if (duration < 24h) {
        const qint64 wholeHours = floor<hours>(duration).count();
        const qint64 rest = floor<minutes>(duration % 1h).count();
        return rest == 0 ? TrayView::tr("%1 h").arg(number(wholeHours))
                         : TrayView::tr("%1 h %2 min").arg(number(wholeHours), number(rest));
    }
    const qint64 wholeDays = floor<days>(duration).count();
    const qint64 rest = floor<hours>(duration % 24h).count();
    return rest == 0 ? TrayView::tr("%1 d").arg(number(wholeDays))
                     : TrayView::tr("%1 d %2 h").arg(number(wholeDays), number(rest));
}

QString bytesText(qint64 bytes)
{
    static constexpr std::array kUnits{QT_TRANSLATE_NOOP("TrayView", "%1 B"),  QT_TRANSLATE_NOOP("TrayView", "%1 kB"),
                                       QT_TRANSLATE_NOOP("TrayView", "%1 MB"), QT_TRANSLATE_NOOP("TrayView", "%1 GB"),
                                       QT_TRANSLATE_NOOP("TrayView", "%1 TB"), QT_TRANSLATE_NOOP("TrayView", "%1 PB"),
                                       QT_TRANSLATE_NOOP("TrayView", "%1 EB")};
    double value = std::max(0.0, static_cast<double>(bytes));
    std::size_t unit = 0;
    // 999.5 would be shown as "1000" of its unit.
    while (value >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = unit > 0 && value < 9.95 ? 1 : 0;
    return TrayView::tr(kUnits.at(unit)).arg(QLocale().toString(value, 'f', decimals));
}

Millis fromJsonSeconds(double seconds)
{
    constexpr double kMost = 1e12;
    return Millis(std::llround(std::isfinite(seconds) ? qBound(0.0, seconds, kMost) * 1000 : 0));
}

QString stateName(State state)
{
    switch (state) {
    case State::Wake: return TrayView::tr("Awake");
    case State::Drowsy: return TrayView::tr("Drowsy");
    case State::Sleep: return TrayView::tr("Asleep");
    case State::Hibernation: return TrayView::tr("Hibernating");
    }
    return {};
}

QString foreign(const QString &text, int maximum)
{
    return kFirstStrongIsolate + sanitized(text.trimmed(), maximum) + kPopIsolate;
}

QString withoutMnemonics(QString text)
{
    return text.replace(u'&', u"&&"_s);
}

QString withoutMarkup(QString text)
{
    static const QRegularExpression entity(u"&(?=#?\\w+;)"_s);
    text.replace(u'<', QChar(0x2039)).replace(u'>', QChar(0x203A));
    return text.replace(entity, QString(QChar(0xFF06)));
}

QString listed(const QStringList &parts)
{
    QStringList present = parts;
    present.removeAll(QString());
    return present.join(u" · "_s);
}

QStringList listedLines(const QStringList &parts, int width)
{
    QStringList lines;
    for (const QString &part : parts) {
        if (part.isEmpty())
            continue;
        const QString joined = lines.isEmpty() ? part : listed({lines.last(), part});
        if (!lines.isEmpty() && measured(joined) <= width)
            lines.last() = joined;
        else
            lines.append(wrapped(part, 3, width));
    }
    return lines;
}

QStringList wrapped(const QString &text, int linesMax, int width)
{
    constexpr int kLineMax = 100; // a word longer than that (a path) is cut
    QStringList lines;
    const QStringView all(text);
    qsizetype start = 0;
    qsizetype lastBreak = 0;
    QTextBoundaryFinder breaks(QTextBoundaryFinder::Line, text);
    for (qsizetype at = breaks.toNextBoundary(); at >= 0; at = breaks.toNextBoundary()) {
        if (measured(all.sliced(start, at - start).trimmed()) > width && lastBreak > start) {
            lines.append(all.sliced(start, lastBreak - start).trimmed().toString());
            start = lastBreak;
        }
        lastBreak = at;
    }
    if (const QStringView rest = all.sliced(start).trimmed(); !rest.isEmpty())
        lines.append(rest.toString());
    if (lines.size() > linesMax) {
        lines.resize(linesMax);
        lines.last() += u'…';
    }
    for (QString &line : lines) {
        if (line.size() > kLineMax)
            line = line.first(kLineMax - 1) + u'…';
    }
    return lines;
}

} // namespace dormouse
