// SPDX-License-Identifier: MIT
#include "shared/storage/eventlog.h"

#include "shared/storage/descriptor.h"
#include "shared/storage/eventlogfiles.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtEndian>

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>
#include <vector>
#include <zlib.h>

namespace dormouse::fuzz {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

constexpr qsizetype kDaysMax = 3;

/// One day's file: in which form, and the lines in it.
struct Day {
    char form = 'p'; ///< plain, 'z' archived, 'c' an archive that is cut short, 'g' an archive of these very bytes
    QByteArray content;
};

/// What the first line says, 'p', 'z', 'c' and 'g' each a day, 'L' look back, and a digit the hours/6 at which the range begins.
struct Case {
    std::vector<Day> days;
    bool looksBack = false;
    WallTime since;
    WallTime until;
};

sys_days dayNumber(std::size_t number)
{
    return std::chrono::floor<days>(someTime()) + days(number);
}

Case caseFrom(QByteArray input)
{
    Case result;
    const QByteArray head = takeLine(input);
    int begin = 0;
    QByteArrayView rest(input);
    for (const char c : head) {
        result.looksBack |= c == 'L';
        if (c >= '0' && c <= '9')
            begin = c - '0';
        if (!QByteArrayView("pzcg").contains(c) || std::ssize(result.days) == kDaysMax)
            continue;
        const qsizetype end = rest.indexOf("\n===\n");
        result.days.push_back({c, rest.first(end < 0 ? rest.size() : end).toByteArray()});
        rest = end < 0 ? QByteArrayView() : rest.sliced(end + 5);
    }
    result.since = WallTime(dayNumber(0)) + begin * 6h;
    result.until = result.since + 24h;
    return result;
}

/// A gzip file that stores the bytes as they are: an archive's frame without the time that compressing takes.
QByteArray archived(const QByteArray &bytes)
{
    QByteArray result("\x1f\x8b\x08\0\0\0\0\0\0\xff\x01", 11);
    const auto size = static_cast<quint16>(bytes.size());
    const quint16 sizes[2] = {qToLittleEndian(size), qToLittleEndian(static_cast<quint16>(~size))};
    result.append(reinterpret_cast<const char *>(sizes), sizeof sizes);
    result.append(bytes);
    const uLong sum = crc32(0, reinterpret_cast<const Bytef *>(bytes.constData()), static_cast<uInt>(bytes.size()));
    const quint32 trailer[2] = {qToLittleEndian(static_cast<quint32>(sum)), qToLittleEndian(static_cast<quint32>(bytes.size()))};
    return result.append(reinterpret_cast<const char *>(trailer), sizeof trailer);
}

/// A folder in memory where there is one: a disk would be worn out.
const QString &folder()
{
    static const QTemporaryDir temporary((QFile::exists(u"/dev/shm"_s) ? u"/dev/shm"_s : QDir::tempPath())
                                         + u"/dormouse-fuzz-XXXXXX"_s);
    static const QString path = temporary.path();
    return path;
}

QByteArray fileName(std::size_t number, char form)
{
    const QString plain = eventLogPath(folder(), dayNumber(number));
    return QFile::encodeName(form == 'p' ? plain : archivePath(plain));
}

void write(const QByteArray &path, const QByteArray &bytes)
{
    const Descriptor file(::open(path.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    require(file.isOpen() && ::write(file.get(), bytes.constData(), static_cast<std::size_t>(bytes.size())) == bytes.size(),
            "a file of the fuzzer's can be written");
}

void write(const std::vector<Day> &files)
{
    for (std::size_t i = 0; i < files.size(); ++i) {
        const Day &day = files[i];
        QByteArray bytes = day.form == 'z' || day.form == 'c' ? archived(day.content) : day.content;
        if (day.form == 'c')
            bytes.chop(8 + day.content.size() / 3); // no trailer, and not all of the lines
        write(fileName(i, day.form), bytes);
    }
}

/// What a reader without any cleverness takes from a day.
std::vector<LogEntry> entriesOf(const QByteArray &content, WallTime since, WallTime until)
{
    std::vector<LogEntry> entries;
    for (const QByteArray &line : content.split('\n')) {
        const std::optional<LogEntry> entry = parseLogLine(line);
        if (entry && entry->time >= since && entry->time < until)
            entries.push_back(*entry);
    }
    return entries;
}

bool isWhole(const Day &day)
{
    // zlib hands out plain bytes as they are, so what stands in a day's own file may be an archive.
    return (day.form == 'p' && !day.content.startsWith('\x1f')) || day.form == 'z';
}

} // namespace

void eventlog(const QByteArray &input)
{
    const Case now = caseFrom(input);
    write(now.days);
    std::vector<LogEntry> visited;
    readEventLog(folder(), now.since, now.until, now.looksBack, [&visited](const LogEntry &entry) { visited.push_back(entry); });
    for (std::size_t i = 0; i < now.days.size(); ++i)
        ::unlink(fileName(i, now.days[i].form).constData());

    require(std::ranges::all_of(visited, [&now](const LogEntry &entry) { return entry.time < now.until; }),
            "nothing is read after the range");
    std::erase_if(visited, [&now](const LogEntry &entry) { return entry.time < now.since; });
    std::vector<LogEntry> expected;
    for (std::size_t i = 0; i < now.days.size(); ++i) {
        const bool isRead = now.looksBack || dayNumber(i) >= std::chrono::floor<days>(now.since);
        if (isRead && dayNumber(i) <= std::chrono::floor<days>(now.until) + days(1))
            std::ranges::copy(entriesOf(now.days[i].content, now.since, now.until), std::back_inserter(expected));
    }
    if (std::ranges::all_of(now.days, isWhole) && !now.looksBack)
        require(visited == expected, "all that stands in the log is read, whatever stands beside it");
    const bool isKnown = std::ranges::none_of(now.days, [](const Day &day) { return !isWhole(day) && day.form != 'c'; });
    // The line at which an archive is cut may be an entry now, without the rubbish that followed.
    const auto cuts = static_cast<std::size_t>(std::ranges::count(now.days, 'c', &Day::form));
    if (isKnown)
        require(visited.size() <= expected.size() + cuts, "a damaged archive adds nothing");
}

} // namespace dormouse::fuzz
