// SPDX-License-Identifier: MIT
// Reads the event log in bounded memory.
#include "shared/storage/eventlog.h"

#include "shared/base/logging.h"
#include "shared/storage/eventlogfiles.h"
#include "shared/storage/gzipfile.h"
#include "shared/storage/historylineparser.h"
#include "shared/storage/loglineparser.h"

#include <QByteArrayView>
#include <QFileInfo>

#include <algorithm>
#include <cstring>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using std::chrono::days;
using std::chrono::sys_days;

using Flag = const std::atomic<bool> *;

constexpr qsizetype kBufferBytes = 128 * 1024; // stays in the processor's cache
constexpr days kLookBack{40};
constexpr qint64 kExpectedMax = 100'000;

/// The lines of one file, without their newlines. Lines over the bound are passed over.
class LineReader
{
public:
    /// The buffer is kept by the caller, for the next file.
    LineReader(GzipReader reader, Flag isOver, QByteArray &buffer)
        : m_reader(std::move(reader)), m_isOver(isOver), m_buffer(buffer)
    {
    }

    /// False at the end, and soon once it is broken off. The line is valid until the next call.
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
        if (m_isOver != nullptr && *m_isOver)
            return false;
        const qsizetype got = m_reader.read(m_buffer.data() + m_end, m_buffer.size() - m_end);
        m_end += got;
        return got > 0;
    }

    GzipReader m_reader;
    Flag m_isOver;
    QByteArray &m_buffer;
    qsizetype m_begin = 0;    // of the line under way
    qsizetype m_searched = 0; // up to here it has no newline
    qsizetype m_end = 0;
    bool m_skipping = false;
};

// Opens the day's file; the other form when it was archived, or its archive removed, since the folder was listed.
std::optional<LineReader> openDay(const EventLogDay &day, Flag isOver, QByteArray &buffer)
{
    const QString first = day.plain.isEmpty() ? day.archive : day.plain;
    auto reader = GzipReader::open(first);
    if (!reader && reader.error().code == ErrorCode::NotFound && !day.plain.isEmpty())
        reader = GzipReader::open(archivePath(day.plain));
    if (!reader) {
        qCWarning(lcStorage).noquote() << reader.error().text();
        return std::nullopt;
    }
    return LineReader(std::move(reader).value(), isOver, buffer);
}

template<typename Parser, typename Visit>
void visitDay(const EventLogDay &day, Parser &parser, WallTime since, WallTime until, const Visit &visit, Flag isOver,
              QByteArray &buffer)
{
    std::optional<LineReader> lines = openDay(day, isOver, buffer);
    if (!lines)
        return;
    QByteArrayView line;
    while (lines->next(line)) {
        if (const auto *entry = parser.parse(line, since, until))
            visit(*entry);
    }
    if (lines->isDamaged())
        qCWarning(lcStorage).noquote() << u"an event log is damaged; what stands before that place was read: "_s
                                              + (day.plain.isEmpty() ? day.archive : day.plain);
}

// Whether the day has an entry before `since` that tells the state.
bool tellsState(const EventLogDay &day, WallTime since, Flag isOver, QByteArray &buffer)
{
    std::optional<LineReader> lines = openDay(day, isOver, buffer);
    HistoryLineParser parser;
    QByteArrayView line;
    while (lines && lines->next(line)) {
        // A stop tells none: what the next start begins in was told before it.
        const HistoryEvent *event = parser.parse(line, WallTime::min(), since);
        if (event && (event->kind == HistoryEvent::Kind::Transition || event->kind == HistoryEvent::Kind::HibernationExit))
            return true;
    }
    return false;
}

template<typename Parser, typename Visit>
void readLog(const std::vector<EventLogDay> &all, WallTime since, WallTime until, bool lookBack, const Visit &visit, Flag isOver)
{
    const sys_days sinceDay = std::chrono::floor<days>(since);
    // One more: of what is written at midnight the time may be the day before its file's.
    const sys_days lastDay = std::chrono::floor<days>(until) + days(1);
    const auto isBefore = [](const EventLogDay &entry, sys_days day) { return entry.day < day; };
    auto first = std::lower_bound(all.begin(), all.end(), sinceDay, isBefore);
    QByteArray buffer(kBufferBytes, Qt::Uninitialized);
    Parser parser;
    WallTime from = since;
    if (lookBack) {
        auto candidate = std::lower_bound(all.begin(), all.end(), sinceDay + days(1), isBefore);
        while (candidate != all.begin() && std::prev(candidate)->day >= sinceDay - kLookBack) {
            --candidate;
            from = WallTime::min();
            first = std::min(first, candidate);
            if (tellsState(*candidate, since, isOver, buffer))
                break;
        }
    }
    for (; first != all.end() && first->day <= lastDay; ++first)
        visitDay(*first, parser, from, until, visit, isOver, buffer);
}

} // namespace

void readEventLog(const QString &folder, WallTime since, WallTime until, bool lookBack,
                  const std::function<void(const LogEntry &)> &visit, const std::atomic<bool> *isOver)
{
    readLog<LogLineParser>(eventLogDays(folder), since, until, lookBack, visit, isOver);
}

void readHistory(const QString &folder, WallTime since, WallTime until, bool lookBack, HistoryBuilder &into,
                 const std::atomic<bool> *isOver)
{
    // Address space, not memory: a list that grows by doubling would touch twice as much of it.
    constexpr qint64 kLineBytes = 128;
    qint64 bytes = 0;
    const std::vector<EventLogDay> all = eventLogDays(folder);
    for (const EventLogDay &day : all) {
        if (day.day >= std::chrono::floor<days>(since) && day.day <= std::chrono::floor<days>(until))
            bytes += QFileInfo(day.plain).size();
    }
    into.expectEntries(static_cast<std::size_t>(std::min(bytes / kLineBytes, kExpectedMax)));
    const auto add = [&into](const HistoryEvent &event) { into.add(event); };
    readLog<HistoryLineParser>(all, since, until, lookBack, add, isOver);
}

} // namespace dormouse
