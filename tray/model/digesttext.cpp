// SPDX-License-Identifier: MIT
#include "shared/base/text.h"
#include "shared/records/timestamp.h"
#include "tray/model/notice.h"
#include "tray/model/words.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kLinesMax = 40;   ///< the agent's own bound on the steps' numbers is near
constexpr qsizetype kNoticeLines = 6; ///< more is cut by notification servers

struct NoticeText {
    Q_DECLARE_TR_FUNCTIONS(Notices)
};

struct Counter {
    QLatin1StringView key;
    const char *name;
};

/// The counters that every digest has, in the order in which people want them.
constexpr std::array kCounters{
    Counter{QLatin1StringView("rem_cycles_completed"), QT_TRANSLATE_NOOP("Notices", "Sleep cycles completed")},
    Counter{QLatin1StringView("episodes_processed"), QT_TRANSLATE_NOOP("Notices", "Episodes processed")},
    Counter{QLatin1StringView("schemas_induced_tier0"), QT_TRANSLATE_NOOP("Notices", "Schemas induced")},
    Counter{QLatin1StringView("duration_sec"), QT_TRANSLATE_NOOP("Notices", "Time taken")},
    Counter{QLatin1StringView("freed_bytes"), QT_TRANSLATE_NOOP("Notices", "Memory freed")},
};

bool isKnown(const QString &key)
{
    return std::ranges::any_of(kCounters, [&key](const Counter &counter) { return counter.key == key; });
}

/// A step's own name for a number: its unit is told by the value.
QString nameOf(QString key)
{
    for (const QLatin1StringView unit : {"_bytes"_L1, "_sec"_L1}) {
        if (key.endsWith(unit))
            key.chop(unit.size());
    }
    return foreign(key.replace(u'_', u' '), 60);
}

QString valueText(const QString &key, const QJsonValue &value, WallTime now)
{
    constexpr double kMost = 1e15;
    if (value.isDouble()) {
        const double number = value.toDouble();
        if (key.endsWith("_bytes"_L1))
            return bytesText(std::llround(qBound(0.0, number, kMost)));
        if (key.endsWith("_sec"_L1))
            return durationText(fromJsonSeconds(number));
        return QLocale().toString(number, 'g', 12);
    }
    const QString text = value.toVariant().toString();
    const auto moment = parseTimestamp(text);
    return moment ? timeText(*moment, now) : foreign(text, 80);
}

bool isZero(const QJsonValue &value)
{
    return value.isDouble() && value.toDouble() == 0;
}

} // namespace

std::vector<std::pair<QString, QString>> digestLines(const QJsonObject &digest, WallTime now)
{
    std::vector<std::pair<QString, QString>> lines;
    for (const Counter &counter : kCounters) {
        if (const QJsonValue value = digest.value(counter.key); !value.isUndefined() && !value.isNull())
            lines.emplace_back(NoticeText::tr(counter.name), valueText(counter.key, value, now));
    }
    for (auto entry = digest.begin(); entry != digest.end() && std::ssize(lines) < kLinesMax; ++entry) {
        if (!isKnown(entry.key()))
            lines.emplace_back(nameOf(entry.key()), valueText(entry.key(), entry.value(), now));
    }
    return lines;
}

Notice digestNotice(const QJsonObject &digest, WallTime now)
{
    QJsonObject telling = digest; // what did not happen is no news
    for (const QString &key : digest.keys()) {
        if (isZero(digest.value(key)))
            telling.remove(key);
    }
    QStringList lines;
    for (const auto &[name, value] : digestLines(telling, now))
        lines.append(NoticeText::tr("%1: %2", "counter, value").arg(name, value));
    if (const auto more = lines.size() - kNoticeLines; more > 0) {
        lines.resize(kNoticeLines);
        lines.append(NoticeText::tr("and %Ln more…", nullptr, static_cast<int>(more)));
    }
    Notice notice;
    notice.id = u"digest:"_s + formatTimestamp(now);
    notice.title = NoticeText::tr("While everybody slept");
    notice.text =
        lines.isEmpty() ? NoticeText::tr("Maintenance ran; there was nothing to do.") : withoutMarkup(lines.join(u'\n'));
    return notice;
}

} // namespace dormouse
