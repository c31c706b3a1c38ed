// SPDX-License-Identifier: MIT
#include "shared/records/timestamp.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace dormouse {
namespace {

using namespace std::chrono;

/// Walks over the text without copying it: ten thousand heartbeats are read in one scan.
class Cursor
{
public:
    explicit Cursor(QStringView text) : m_at(text.utf16()), m_end(text.utf16() + text.size()) {}

    [[nodiscard]] bool atEnd() const { return m_at == m_end; }
    [[nodiscard]] bool atDigit() const { return m_at != m_end && *m_at >= u'0' && *m_at <= u'9'; }

    bool take(char16_t wanted)
    {
        if (m_at == m_end || *m_at != wanted)
            return false;
        ++m_at;
        return true;
    }

    int takeDigit() { return *m_at++ - u'0'; }

    /// Exactly `count` ASCII digits.
    bool takeNumber(int count, int &number)
    {
        number = 0;
        for (int i = 0; i < count; ++i) {
            if (!atDigit())
                return false;
            number = number * 10 + takeDigit();
        }
        return true;
    }

private:
    const char16_t *m_at;
    const char16_t *m_end;
};

bool takeDate(Cursor &cursor, sys_days &date)
{
    int y = 0;
    int m = 0;
    int d = 0;
    if (!cursor.takeNumber(4, y) || !cursor.take(u'-') || !cursor.takeNumber(2, m) || !cursor.take(u'-')
        || !cursor.takeNumber(2, d))
        return false;
    const year_month_day calendar{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
    if (y < 1 || !calendar.ok())
        return false;
    date = sys_days(calendar);
    return true;
}

/// Any number of digits, at least one; what is finer than a microsecond is cut.
bool takeFraction(Cursor &cursor, microseconds &fraction)
{
    if (!cursor.atDigit())
        return false;
    int value = 0;
    int digits = 0;
    for (; cursor.atDigit(); ++digits) {
        const int digit = cursor.takeDigit();
        if (digits < 6)
            value = value * 10 + digit;
    }
    for (; digits < 6; ++digits)
        value *= 10;
    fraction = microseconds(value);
    return true;
}

bool takeTime(Cursor &cursor, microseconds &time)
{
    int h = 0;
    int min = 0;
    int s = 0;
    microseconds fraction{0};
    if (!cursor.takeNumber(2, h) || !cursor.take(u':') || !cursor.takeNumber(2, min))
        return false;
    if (cursor.take(u':')) {
        if (!cursor.takeNumber(2, s))
            return false;
        if ((cursor.take(u'.') || cursor.take(u',')) && !takeFraction(cursor, fraction))
            return false;
    }
    // The reference's datetime knows neither hour 24 nor leap seconds.
    if (h > 23 || min > 59 || s > 59)
        return false;
    time = hours(h) + minutes(min) + seconds(s) + fraction;
    return true;
}

/// `Z`, `±HH:MM`, `±HHMM`, `±HH`, or nothing, up to the end of the text.
bool takeOffset(Cursor &cursor, minutes &offset)
{
    offset = minutes{0};
    if (cursor.atEnd() || cursor.take(u'Z'))
        return cursor.atEnd();
    const bool isNegative = cursor.take(u'-');
    if (!isNegative && !cursor.take(u'+'))
        return false;
    int h = 0;
    int min = 0;
    if (!cursor.takeNumber(2, h))
        return false;
    if (cursor.take(u':') || !cursor.atEnd()) {
        if (!cursor.takeNumber(2, min))
            return false;
    }
    if (h > 23 || min > 59 || !cursor.atEnd())
        return false;
    offset = hours(h) + minutes(min);
    if (isNegative)
        offset = -offset;
    return true;
}

/// Times outside the years 1 to 9999 have no such text; they come only from a broken clock.
WallTime clamped(WallTime time)
{
    constexpr WallTime kFirst = sys_days(year(1) / January / 1);
    constexpr WallTime kLast = sys_days(year(10'000) / January / 1) - microseconds(1);
    return std::clamp(time, kFirst, kLast);
}

QString dateText(sys_days date)
{
    const year_month_day calendar(date);
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(calendar.year()),
                                     static_cast<unsigned>(calendar.month()), static_cast<unsigned>(calendar.day()));
    return QString::fromLatin1(text.data(), length);
}

template<typename Fraction>
QString timeText(WallTime wall, int digits)
{
    const WallTime time = clamped(wall);
    const sys_days date = floor<days>(time);
    const hh_mm_ss<Fraction> clock(floor<Fraction>(time - date));
    std::array<char, 48> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d.%0*d+00:00", static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()), digits,
                      static_cast<int>(clock.subseconds().count()));
    return dateText(date) + QLatin1StringView(text.data(), length);
}

} // namespace

std::optional<WallTime> parseTimestamp(QStringView text)
{
    Cursor cursor(text);
    sys_days date;
    microseconds time{0};
    minutes offset{0};
    if (!takeDate(cursor, date) || (!cursor.take(u'T') && !cursor.take(u' ')) || !takeTime(cursor, time)
        || !takeOffset(cursor, offset))
        return std::nullopt;
    return WallTime(date) + time - offset;
}

QString formatTimestamp(WallTime time)
{
    return timeText<milliseconds>(time, 3);
}

QString formatExactTimestamp(WallTime time)
{
    return timeText<microseconds>(time, 6);
}

QString formatUtcDay(WallTime time)
{
    return dateText(floor<days>(clamped(time)));
}

QString timeTag(WallTime time)
{
    QString text = formatTimestamp(time).first(23); // without the offset
    text.removeIf([](QChar character) { return !character.isLetterOrNumber(); });
    return text;
}

} // namespace dormouse
