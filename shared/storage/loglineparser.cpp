// SPDX-License-Identifier: MIT
#include "shared/storage/loglineparser.h"

#include <optional>

namespace dormouse {
namespace {

constexpr qsizetype kKnownMax = 512; // a log has few kinds of line; these are bounds on memory, not on what is read
constexpr qsizetype kKnownBytesMax = 512;

struct LineTime {
    WallTime time;
    qsizetype end = 0; ///< of the time's text in the line
};

bool readDigits(const char *text, int count, int &value)
{
    value = 0;
    for (int i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

// "2026-05-02T15:14:30"; nothing for whatever a full parser has to judge.
std::optional<std::chrono::sys_seconds> readSeconds(const char *text)
{
    using namespace std::chrono;
    int y = 0, mon = 0, d = 0, h = 0, min = 0, s = 0;
    if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    if (!readDigits(text, 4, y) || !readDigits(text + 5, 2, mon) || !readDigits(text + 8, 2, d) || !readDigits(text + 11, 2, h)
        || !readDigits(text + 14, 2, min) || !readDigits(text + 17, 2, s))
        return std::nullopt;
    const year_month_day date(year(y), month(static_cast<unsigned>(mon)), day(static_cast<unsigned>(d)));
    if (y == 0 || !date.ok() || h > 23 || min > 59 || s > 59)
        return std::nullopt;
    return sys_days(date) + hours(h) + minutes(min) + seconds(s);
}

// The time of a line that begins as all writers begin theirs: {"ts":"2026-05-02T15:14:30.123+00:00". Nothing for any other form.
std::optional<LineTime> readTime(QByteArrayView line)
{
    constexpr qsizetype kLength = 19; // without fraction and offset
    const qsizetype at = line.startsWith("{\"ts\":\"") ? 7 : line.startsWith("{\"ts\": \"") ? 8 : 0;
    if (at == 0 || line.size() < at + kLength + 2)
        return std::nullopt;
    const auto seconds = readSeconds(line.data() + at);
    if (!seconds)
        return std::nullopt;
    qsizetype end = at + kLength;
    int micros = 0;
    if (line[end] == '.') {
        const qsizetype begin = ++end;
        int unit = 100'000;
        for (; end < line.size() && line[end] >= '0' && line[end] <= '9'; ++end, unit /= 10)
            micros += unit * (line[end] - '0');
        if (end == begin)
            return std::nullopt;
    }
    const QByteArrayView zone = line.sliced(end);
    end += zone.startsWith("+00:00\"") ? 7 : zone.startsWith("Z\"") ? 2 : 0;
    if (line[end - 1] != '"')
        return std::nullopt;
    return LineTime{*seconds + std::chrono::microseconds(micros), end};
}

} // namespace

const LogEntry *LogLineParser::parse(QByteArrayView line, WallTime since, WallTime until)
{
    const auto inRange = [since, until](WallTime time) { return since <= time && time < until; };
    const std::optional<LineTime> quick = readTime(line);
    const QByteArrayView rest = quick ? line.sliced(quick->end) : QByteArrayView();
    if (quick && inRange(quick->time)) {
        if (const auto known = m_known.find(QByteArray::fromRawData(rest.data(), rest.size())); known != m_known.end()) {
            known->time = quick->time;
            return &*known;
        }
    } else if (quick && !rest.contains("\"ts\"")) {
        return nullptr;
    }
    std::optional<LogEntry> parsed = parseLogLine(QByteArray::fromRawData(line.data(), line.size()));
    if (!parsed || !inRange(parsed->time))
        return nullptr;
    m_entry = *std::move(parsed);
    const bool isUsual = quick && m_entry.time == quick->time && !rest.contains("\"ts\"");
    if (isUsual && m_known.size() < kKnownMax && rest.size() <= kKnownBytesMax)
        m_known.insert(rest.toByteArray(), m_entry);
    return &m_entry;
}

} // namespace dormouse
