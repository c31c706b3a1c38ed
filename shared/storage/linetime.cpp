// SPDX-License-Identifier: MIT
#include "shared/storage/linetime.h"

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

} // namespace

std::optional<LineTime> LineTimeReader::read(QByteArrayView line)
{
    constexpr std::size_t kLength = 19; // without fraction and offset
    const std::string_view text(line.data(), static_cast<std::size_t>(line.size()));
    const std::size_t at = text.starts_with("{\"ts\":\"") ? 7 : text.starts_with("{\"ts\": \"") ? 8 : 0;
    if (at == 0 || text.size() < at + kLength + 2)
        return std::nullopt;
    const char *begin = text.data() + at;
    if (std::memcmp(m_dayText.data(), begin, m_dayText.size()) != 0) {
        const auto found = readDay(begin);
        if (!found)
            return std::nullopt;
        m_day = *found;
        std::memcpy(m_dayText.data(), begin, m_dayText.size());
    }
    const auto timeOfDay = readTimeOfDay(begin + m_dayText.size());
    if (!timeOfDay)
        return std::nullopt;
    std::size_t end = at + kLength;
    unsigned micros = 0;
    if (text[end] == '.' && text.size() > end + 10 && text[end + 4] == '+') { // milliseconds, as the agent writes them
        const unsigned two = twoDigits(begin + kLength + 1), one = static_cast<unsigned>(text[end + 3]) - '0';
        if (two > 99 || one > 9)
            return std::nullopt;
        micros = (two * 10 + one) * 1000;
        end += 4;
    } else if (text[end] == '.') {
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
