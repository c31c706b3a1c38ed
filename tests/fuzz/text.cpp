// SPDX-License-Identifier: MIT
#include "shared/base/text.h"

#include "shared/base/settings.h"
#include "shared/records/timestamp.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <algorithm>
#include <cstring>

namespace dormouse::fuzz {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// UTF-8; after a byte that is none, UTF-16 as it comes, with halves of characters.
QString textFrom(const QByteArray &input)
{
    if (!input.startsWith('\xff'))
        return QString::fromUtf8(input);
    QString text((input.size() - 1) / 2, QChar(0));
    std::memcpy(text.data(), input.constData() + 1, static_cast<std::size_t>(text.size()) * 2);
    return text;
}

void checkTime(const QString &text)
{
    const std::optional<WallTime> time = parseTimestamp(text);
    if (!time)
        return;
    const std::optional<WallTime> exact = parseTimestamp(formatExactTimestamp(*time));
    require(exact.has_value() && parseTimestamp(formatTimestamp(*time)).has_value(), "a time that is written can be read");
    // An offset carries the calendar's first and last day out of it, and writing stops at its ends.
    require(exact == time || std::chrono::abs(*exact - *time) <= 24h, "a time is written as it is");
    require(formatUtcDay(*time).size() == 10 && timeTag(*time).size() == 18, "a time names a file");
}

void checkDuration(const QString &text)
{
    const std::optional<Millis> duration = parseDuration(text);
    if (!duration)
        return;
    require(*duration >= 0ms && duration->count() <= 1'000'000'000'000'000, "a duration is never negative, and bounded");
    require(parseDuration(QString(QString::number(duration->count()) + u"ms"_s)) == duration,
            "a duration in milliseconds is the same");
    require(!formatDuration(*duration).isEmpty() && !formatCountdown(*duration).isEmpty(), "a duration can be shown");
}

void checkShown(const QString &text, int maximum)
{
    const QString shown = sanitized(text, maximum);
    require(shown.size() <= maximum, "what is shown is bounded");
    require(shown.isValidUtf16(), "what is shown is text");
    const bool isOneLine = std::ranges::none_of(shown, [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Separator_Line
               || c.category() == QChar::Separator_Paragraph || (c >= QChar(0x202A) && c <= QChar(0x202E))
               || (c >= QChar(0x2066) && c <= QChar(0x2069));
    });
    require(isOneLine, "what is shown is one line, in the order that it has");
    require(sanitized(shown, maximum) == shown, "what is safe to show stays as it is");
}

void checkSetting(const QString &line)
{
    const qsizetype equals = line.indexOf(u'=');
    if (equals <= 0)
        return;
    Settings settings;
    const Result<void> applied = applySetting(settings, line.left(equals), line.mid(equals + 1));
    if (applied) {
        require(settings.tick > 0ms && settings.drowsyAfter > 0ms && settings.drowsyAfter <= 365 * 24h && settings.strikes >= 1,
                "a setting that is taken is in its range");
    } else {
        require(settings == Settings(), "a setting that is refused changes nothing");
        require(!applied.error().message.isEmpty() && applied.error().message.size() < 600, "a setting that is refused says why");
    }
    Settings others;
    const Result<void> environment = applyEnvironment(others, {{line.left(equals), line.mid(equals + 1)}});
    require(environment || others == Settings(), "a variable that is refused changes nothing");
}

} // namespace

void text(const QByteArray &input)
{
    static const QStringList known = settingKeys();
    const QString text = textFrom(input);
    checkTime(text);
    checkDuration(text);
    checkShown(text, static_cast<int>(choice(input) % 64U));
    checkSetting(text);
    const std::optional<QString> near = nearestWord(text, known);
    require(!near || known.contains(*near), "what is proposed is one of those that there are");
}

} // namespace dormouse::fuzz
