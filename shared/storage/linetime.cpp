// SPDX-License-Identifier: MIT
#include "shared/storage/linetime.h"

#include <bit>
#include <cstring>
#include <string_view>

namespace dormouse {
namespace {

/// The number of two digits; over 99 when they are none.
unsigned twoDigits(const char *text)
{
    const auto tens = static_cast<unsigned>(text[0]) - '0';
    const auto ones = static_cast<unsigned>(text[1]) - '0';
    return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

// "2026-05-02"
std::optional<std::chrono::sys_days> readDay(const char *text)
{
    using namespace std::chrono;
    const unsigned century = twoDigits(text), rest = twoDigits(text + 2), m = twoDigits(text + 5), d = twoDigits(text + 8);
    if (text[4] != '-' || text[7] != '-' || century > 99 || rest > 99)
        return std::nullopt;
    const auto y = static_cast<int>(century * 100 + rest);
    const year_month_day date{year(y), month(m), day(d)};
    if (y == 0 || !date.ok())
        return std::nullopt;
    return sys_days(date);
}

// "T15:14:30"
std::optional<std::chrono::seconds> readTimeOfDay(const char *text)
{
    const unsigned h = twoDigits(text + 1), min = twoDigits(text + 4), s = twoDigits(text + 7);
    if (text[0] != 'T' || text[3] != ':' || text[6] != ':' || h > 23 || min > 59 || s > 59)
        return std::nullopt;
    return std::chrono::seconds((h * 60 + min) * 60 + s);
}

/// "T15:14:30.123+00:00"", as the agent writes them: eight digits and colons at once, as bytes of one number. Nothing for any other form.
std::optional<std::chrono::milliseconds> readQuickly(const char *text)
{
    if constexpr (std::endian::native != std::endian::little)
        return std::nullopt;
    constexpr std::string_view kZone("+00:00\"");
    constexpr quint64 kPattern = 0x30303a30303a3030;   // "00:00:00"
    constexpr quint64 kToHighBit = 0x76767f76767f7676; // lifts what is over 9, and what is no colon
    constexpr quint64 kHighBits = 0x8080808080808080;
    quint64 digits = 0;
    std::memcpy(&digits, text + 1, sizeof digits);
    digits ^= kPattern;
    const char *fraction = text + 9;
    const auto hundreds = static_cast<unsigned>(fraction[1]) - '0';
    const unsigned rest = twoDigits(fraction + 2);
    if (text[0] != 'T' || (((digits + kToHighBit) | digits) & kHighBits) != 0 || fraction[0] != '.' || hundreds > 9 || rest > 99
        || std::memcmp(fraction + 4, kZone.data(), kZone.size()) != 0)
        return std::nullopt;
    const quint64 pairs = digits * 10 + (digits >> 8);
    const auto h = static_cast<unsigned>(pairs & 0xff), min = static_cast<unsigned>(pairs >> 24 & 0xff),
               s = static_cast<unsigned>(pairs >> 48 & 0xff);
    if (h > 23 || min > 59 || s > 59)
        return std::nullopt;
    return std::chrono::milliseconds(((h * 60 + min) * 60 + s) * 1000 + hundreds * 100 + rest);
}

} // namespace

std::optional<LineTime> LineTimeReader::read(QByteArrayView line)
{
    constexpr std::size_t kLength = 19; // without fraction and offset
    const std::string_view text(line.data(), static_cast<std::size_t>(line.size()));
    if (text.size() < 8 + kLength + 2)
        return std::nullopt;
    const std::size_t at = std::memcmp(text.data(), "{\"ts\":\"", 7) == 0    ? 7
                           : std::memcmp(text.data(), "{\"ts\": \"", 8) == 0 ? 8
                                                                             : 0;
    if (at == 0)
        return std::nullopt;
    const char *begin = text.data() + at;
    if (std::memcmp(m_dayText.data(), begin, m_dayText.size()) != 0) {
        const auto found = readDay(begin);
        if (!found)
            return std::nullopt;
        m_day = *found;
        std::memcpy(m_dayText.data(), begin, m_dayText.size());
    }
    constexpr std::size_t kQuickLength = 30; // with milliseconds, offset and quote
    if (text.size() >= at + kQuickLength) {
        if (const auto quick = readQuickly(begin + m_dayText.size()))
            return LineTime{m_day + *quick, static_cast<qsizetype>(at + kQuickLength)};
    }
    const auto timeOfDay = readTimeOfDay(begin + m_dayText.size());
    if (!timeOfDay)
        return std::nullopt;
    std::size_t end = at + kLength;
    unsigned micros = 0;
    if (text[end] == '.') {
        const std::size_t fraction = ++end;
        unsigned unit = 100'000;
        for (; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end, unit /= 10)
            micros += unit * (static_cast<unsigned>(text[end]) - '0');
        if (end == fraction)
            return std::nullopt;
    }
    const std::string_view zone = text.substr(end);
    end += zone.starts_with("+00:00\"") ? 7 : zone.starts_with("Z\"") ? 2 : 0;
    if (text[end - 1] != '"')
        return std::nullopt;
    return LineTime{m_day + *timeOfDay + std::chrono::microseconds(micros), static_cast<qsizetype>(end)};
}

} // namespace dormouse
