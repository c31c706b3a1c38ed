// SPDX-License-Identifier: MIT
#include "shared/storage/historylineparser.h"

#include "shared/records/plainobject.h"

#include <charconv>
#include <cstring>

namespace dormouse {
namespace {

constexpr std::size_t kKnownMax = 32; // bounds on memory and time, not on what is read
constexpr std::size_t kKnownBytesMax = 512;

/// With a length that the compiler knows: a load or two, no call.
template<std::size_t N>
bool startsWith(std::string_view text, const char (&prefix)[N])
{
    return text.size() >= N - 1 && std::memcmp(text.data(), prefix, N - 1) == 0;
}

/// Of what follows the time: ,"event":"state_transition". Empty when the kind does not come next.
std::string_view kindIn(std::string_view rest)
{
    const std::size_t at = startsWith(rest, ",\"event\":\"") ? 10 : startsWith(rest, ", \"event\": \"") ? 12 : 0;
    const std::size_t end = at == 0 ? rest.npos : rest.find('"', at);
    return end != rest.npos ? rest.substr(at, end - at) : std::string_view();
}

} // namespace

const HistoryEvent *HistoryLineParser::parse(QByteArrayView line, WallTime since, WallTime until)
{
    const std::optional<LineTime> quick = m_times.read(line);
    const std::string_view text(line.data(), static_cast<std::size_t>(line.size()));
    const std::string_view rest = quick ? text.substr(static_cast<std::size_t>(quick->end)) : std::string_view();
    if (quick && since <= quick->time && quick->time < until) {
        if (const HistoryEvent *known = recall(rest, quick->time))
            return known;
        const std::string_view name = kindIn(rest);
        const HistoryEvent::Kind kind = historyKind(name);
        if (kind != HistoryEvent::Kind::Transition && !name.empty()) {
            m_plain.kind = kind;
            m_plain.time = quick->time;
            const bool isPlain = kind == HistoryEvent::Kind::Other ? takeOther(rest, name) : takePlain(text, kind);
            if (isPlain)
                return &m_plain;
        }
    } else if (quick && rest.find("\"ts\"") == rest.npos) {
        return nullptr;
    }
    const HistoryEvent *event = parseSlowly(line);
    if (event == nullptr || event->time < since || event->time >= until)
        return nullptr;
    if (event->kind == HistoryEvent::Kind::Transition && quick && quick->time == event->time && m_known.size() < kKnownMax
        && rest.size() <= kKnownBytesMax && rest.find("\"ts\"") == rest.npos)
        m_known.push_back({std::string(rest), *event});
    return event;
}

const HistoryEvent *HistoryLineParser::recall(std::string_view rest, WallTime time)
{
    for (Known &known : m_known) {
        if (known.rest == rest) {
            known.event.time = time;
            return &known.event;
        }
    }
    return nullptr;
}

const HistoryEvent *HistoryLineParser::parseSlowly(QByteArrayView line)
{
    const std::optional<LogEntry> entry = parseLogLine(QByteArray::fromRawData(line.data(), line.size()));
    if (!entry)
        return nullptr;
    m_event = historyEvent(*entry);
    return &m_event;
}

/// A sign of life, and nothing else.
bool HistoryLineParser::takeOther(std::string_view rest, std::string_view kind)
{
    if (!m_plain.name.isEmpty())
        m_plain.name.clear();
    m_plain.number = 0;
    return rest.ends_with('}') && kind.find('\\') == kind.npos;
}

/// Services that become ready and suspends: their figures differ from line to line. False where a full parser has to judge.
bool HistoryLineParser::takePlain(std::string_view line, HistoryEvent::Kind kind)
{
    if (kind != HistoryEvent::Kind::ServiceReady && kind != HistoryEvent::Kind::Resume)
        return false;
    PlainWalker walker(line);
    std::string_view key;
    PlainValue value;
    std::string_view name;
    int times = 0, kinds = 0, wanted = 0;
    double number = 0;
    while (walker.next(key, value)) {
        times += key == "ts" ? 1 : 0;
        kinds += key == "event" ? 1 : 0;
        if (kind == HistoryEvent::Kind::ServiceReady && (key == "service" || key == "name")) {
            wanted += value.kind == PlainKind::String ? 1 : 2;
            name = value.text;
        } else if (kind == HistoryEvent::Kind::Resume && key == "slept_sec") {
            const bool isNumber = value.kind == PlainKind::Integer || value.kind == PlainKind::Number;
            const auto [end, failure] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
            wanted += isNumber && failure == std::errc() ? 1 : 2;
        }
    }
    if (!walker.isWhole() || times != 1 || kinds != 1 || wanted != 1)
        return false;
    m_plain.name = QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    m_plain.number = number;
    return true;
}

} // namespace dormouse
