// SPDX-License-Identifier: MIT
// Reads the event log in bounded memory.
#include "shared/storage/eventlog.h"

#include "shared/base/logging.h"
#include "shared/storage/eventlogfiles.h"
#include "shared/storage/gzipfile.h"
#include "shared/storage/loglineparser.h"

#include <QByteArrayView>

#include <algorithm>
#include <array>
#include <cstring>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using std::chrono::days;
using std::chrono::sys_days;

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

void visitDay(const EventLogDay &day, LogLineParser &parser, WallTime since, WallTime until,
              const std::function<void(const LogEntry &)> &visit)
{
    std::optional<LineReader> lines = openDay(day);
    if (!lines)
        return;
    QByteArrayView line;
    while (lines->next(line)) {
        if (const LogEntry *entry = parser.parse(line, since, until))
            visit(*entry);
    }
    if (lines->isDamaged())
        qCWarning(lcStorage).noquote() << u"an event log is damaged; what stands before that place was read: "_s
                                              + (day.plain.isEmpty() ? day.archive : day.plain);
}

// Whether the day has an entry before `since` that tells the state.
bool tellsState(const EventLogDay &day, LogLineParser &parser, WallTime since)
{
    std::optional<LineReader> lines = openDay(day);
    QByteArrayView line;
    while (lines && lines->next(line)) {
        const LogEntry *entry = parser.parse(line, WallTime::min(), since);
        if (entry && std::find(kTelling.begin(), kTelling.end(), entry->kind) != kTelling.end())
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
    // One more: of what is written at midnight the time may be the day before its file's.
    const sys_days lastDay = std::chrono::floor<days>(until) + days(1);
    const auto isBefore = [](const EventLogDay &entry, sys_days day) { return entry.day < day; };
    auto first = std::lower_bound(all.begin(), all.end(), sinceDay, isBefore);
    LogLineParser parser;
    WallTime from = since;
    if (lookBack) {
        auto candidate = std::lower_bound(all.begin(), all.end(), sinceDay + days(1), isBefore);
        while (candidate != all.begin() && std::prev(candidate)->day >= sinceDay - kLookBack) {
            --candidate;
            from = WallTime::min();
            first = std::min(first, candidate);
            if (tellsState(*candidate, parser, since))
                break;
        }
    }
    for (; first != all.end() && first->day <= lastDay; ++first)
        visitDay(*first, parser, from, until, visit);
}

} // namespace dormouse
