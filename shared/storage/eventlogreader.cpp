// SPDX-License-Identifier: MIT
// Reads the event log in one pass and bounded memory. Entries out of range are passed over by their first bytes, before anything is built.
#include "shared/storage/eventlog.h"

#include "shared/base/logging.h"
#include "shared/storage/eventlogfiles.h"
#include "shared/storage/gzipfile.h"

#include <QByteArrayView>

#include <algorithm>
#include <array>
#include <cstring>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr qsizetype kBufferBytes = 256 * 1024;
constexpr days kLookBack{40};

// Kinds after which the state is known, whatever came before. A stop is none: what the next start begins in was told before it.
constexpr std::array kTelling{logkind::kStateTransition, logkind::kHibernationExit};

/// The lines of one file, without their newlines. Lines over the bound are passed over.
class LineReader
{
public:
    explicit LineReader(GzipReader reader) : m_reader(std::move(reader)), m_buffer(kBufferBytes, Qt::Uninitialized) {}

    /// False at the end. The line is valid until the next call.
    bool next(QByteArrayView &line)
    {
        for (;;) {
            const char *from = m_buffer.constData() + m_searched;
            if (const void *found = std::memchr(from, '\n', static_cast<std::size_t>(m_end - m_searched))) {
                const qsizetype at = static_cast<const char *>(found) - m_buffer.constData();
                line = QByteArrayView(m_buffer.constData() + m_begin, at - m_begin);
                m_begin = m_searched = at + 1;
                if (std::exchange(m_skipping, false) || line.size() > kLogLineBytesMax)
                    continue;
                return true;
            }
            if (!fill())
                break;
        }
        line = QByteArrayView(m_buffer.constData() + m_begin, m_end - m_begin);
        m_begin = m_searched = m_end;
        return !line.isEmpty() && !m_skipping;
    }

    [[nodiscard]] bool isDamaged() const { return m_reader.isDamaged(); }

private:
    bool fill()
    {
        if (m_end - m_begin > kLogLineBytesMax || m_skipping) {
            m_skipping = true;
            m_begin = m_end = 0;
        }
        std::memmove(m_buffer.data(), m_buffer.constData() + m_begin, static_cast<std::size_t>(m_end - m_begin));
        m_end -= m_begin;
        m_begin = 0;
        m_searched = m_end;
        if (m_end == m_buffer.size())
            m_buffer.resize(m_buffer.size() * 2);
        const qsizetype got = m_reader.read(m_buffer.data() + m_end, m_buffer.size() - m_end);
        m_end += got;
        return got > 0;
    }

    GzipReader m_reader;
    QByteArray m_buffer;
    qsizetype m_begin = 0;    // of the line under way
    qsizetype m_searched = 0; // up to here it has no newline
    qsizetype m_end = 0;
    bool m_skipping = false;
};

std::optional<int> digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

// The second of a line that begins as all writers begin theirs: {"ts":"2026-05-02T15:14:30.123+00:00". Nothing for any other form.
std::optional<sys_seconds> quickTime(QByteArrayView line)
{
    constexpr qsizetype kLength = 19;
    qsizetype at = 0;
    if (line.startsWith("{\"ts\":\""))
        at = 7;
    else if (line.startsWith("{\"ts\": \""))
        at = 8;
    if (at == 0 || line.size() < at + kLength + 2)
        return std::nullopt;
    const char *text = line.data() + at;
    if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const auto year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    const auto hour = digits(text + 11, 2), minute = digits(text + 14, 2), second = digits(text + 17, 2);
    if (!year || !month || !day || !hour || !minute || !second)
        return std::nullopt;
    qsizetype end = at + kLength;
    if (line[end] == '.') {
        do {
            ++end;
        } while (end < line.size() && line[end] >= '0' && line[end] <= '9');
    }
    if (const QByteArrayView zone = line.sliced(end); !zone.startsWith("+00:00\"") && !zone.startsWith("Z\""))
        return std::nullopt;
    using namespace std::chrono;
    const year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                              std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok())
        return std::nullopt;
    return sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second);
}

struct Range {
    WallTime since;
    WallTime until;

    [[nodiscard]] bool mayHold(QByteArrayView line) const
    {
        const std::optional<sys_seconds> second = quickTime(line);
        return !second || (*second<until && * second + seconds(1)> since);
    }
    [[nodiscard]] bool holds(WallTime time) const { return since <= time && time < until; }
};

std::optional<LogEntry> parsed(QByteArrayView line)
{
    return parseLogLine(QByteArray::fromRawData(line.data(), line.size()));
}

// Opens the day's file; the other form when it was archived, or its archive removed, since the folder was listed.
std::optional<LineReader> openDay(const EventLogDay &day)
{
    const QString first = day.plain.isEmpty() ? day.archive : day.plain;
    auto reader = GzipReader::open(first);
    if (!reader && reader.error().code == ErrorCode::NotFound && !day.plain.isEmpty())
        reader = GzipReader::open(archivePath(day.plain));
    if (!reader) {
        qCWarning(lcStorage).noquote() << reader.error().text();
        return std::nullopt;
    }
    return LineReader(std::move(reader).value());
}

void visitDay(const EventLogDay &day, const Range &range, const std::function<void(const LogEntry &)> &visit)
{
    std::optional<LineReader> lines = openDay(day);
    if (!lines)
        return;
    QByteArrayView line;
    while (lines->next(line)) {
        if (!range.mayHold(line))
            continue;
        if (const auto entry = parsed(line); entry && range.holds(entry->time))
            visit(*entry);
    }
    if (lines->isDamaged())
        qCWarning(lcStorage).noquote() << u"an event log is damaged; what stands before that place was read: "_s
                                              + (day.plain.isEmpty() ? day.archive : day.plain);
}

// Whether the day has an entry before `since` that tells the state.
bool tellsState(const EventLogDay &day, WallTime since)
{
    std::optional<LineReader> lines = openDay(day);
    QByteArrayView line;
    while (lines && lines->next(line)) {
        const auto names = [line](QLatin1StringView kind) { return line.contains(QByteArrayView(kind.data(), kind.size())); };
        if (std::none_of(kTelling.begin(), kTelling.end(), names) || !Range{WallTime::min(), since}.mayHold(line))
            continue;
        if (const auto entry = parsed(line);
            entry && entry->time < since && std::find(kTelling.begin(), kTelling.end(), entry->kind) != kTelling.end())
            return true;
    }
    return false;
}

} // namespace

void readEventLog(const QString &folder, WallTime since, WallTime until, bool lookBack,
                  const std::function<void(const LogEntry &)> &visit)
{
    const std::vector<EventLogDay> all = eventLogDays(folder);
    const sys_days sinceDay = std::chrono::floor<days>(since);
    const sys_days lastDay =
        std::chrono::floor<days>(until) + days(1); // written at midnight: the entry's time may be the day before its file's
    const auto isBefore = [](const EventLogDay &entry, sys_days day) { return entry.day < day; };
    auto first = std::lower_bound(all.begin(), all.end(), sinceDay, isBefore);
    Range range{since, until};
    if (lookBack) {
        auto candidate = std::lower_bound(all.begin(), all.end(), sinceDay + days(1), isBefore);
        while (candidate != all.begin() && std::prev(candidate)->day >= sinceDay - kLookBack) {
            --candidate;
            range.since = WallTime::min();
            first = std::min(first, candidate);
            if (tellsState(*candidate, since))
                break;
        }
    }
    for (; first != all.end() && first->day <= lastDay; ++first)
        visitDay(*first, range, visit);
}

} // namespace dormouse
