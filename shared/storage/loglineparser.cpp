// SPDX-License-Identifier: MIT
#include "shared/storage/loglineparser.h"

#include <optional>

namespace dormouse {
namespace {

constexpr qsizetype kKnownMax = 512; // a log has few kinds of line; these are bounds on memory, not on what is read
constexpr qsizetype kKnownBytesMax = 512;

} // namespace

const LogEntry *LogLineParser::parse(QByteArrayView line, WallTime since, WallTime until)
{
    const auto inRange = [since, until](WallTime time) { return since <= time && time < until; };
    const std::optional<LineTime> quick = m_times.read(line);
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
