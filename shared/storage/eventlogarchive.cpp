// SPDX-License-Identifier: MIT
// Old days of the event log become gzip files. Nothing is ever lost on the way: the plain file goes only when the archive is durable.
#include "shared/storage/eventlog.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/storage/descriptor.h"
#include "shared/storage/durable.h"
#include "shared/storage/eventlogfiles.h"
#include "shared/storage/gzipfile.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qsizetype kPiece = 64 * 1024;

using Flag = const std::atomic<bool> *;

bool isOverNow(Flag isOver)
{
    return isOver != nullptr && *isOver;
}

Error brokenOff(const QString &plain)
{
    return {ErrorCode::Busy, u"the archiving of the event log was broken off; it is made again"_s, plain};
}

// What an archive that is already there holds, compared with its plain file.
enum class Present {
    Same,      ///< all of it: a crash came between the archive and the removal of the plain file
    Beginning, ///< a beginning of it, or nothing: half made
    Other,     ///< other entries of that day: the clock was set back, and the day was written to again
    Damaged,   ///< something else, and cut short or no gzip file
};

struct Compared {
    Present present = Present::Beginning;
    qint64 size = 0; ///< of the archive, uncompressed
};

// Reads until `size` bytes are there or the end is reached.
qsizetype readFully(GzipReader &reader, char *buffer, qsizetype size)
{
    qsizetype filled = 0;
    while (filled < size) {
        const qsizetype got = reader.read(buffer + filled, size - filled);
        if (got == 0)
            break;
        filled += got;
    }
    return filled;
}

Result<Compared> compare(const QString &archive, const QString &plain, Flag isOver)
{
    auto left = GzipReader::open(archive);
    if (!left)
        return left.error();
    auto right = GzipReader::open(plain);
    if (!right)
        return right.error();
    QByteArray leftBytes(kPiece, Qt::Uninitialized);
    QByteArray rightBytes(kPiece, Qt::Uninitialized);
    Compared result;
    bool isBeginning = true;
    bool isSame = true;
    for (;;) {
        const qsizetype got = readFully(left.value(), leftBytes.data(), kPiece);
        const qsizetype wanted = readFully(right.value(), rightBytes.data(), kPiece);
        isSame = isSame && got == wanted;
        isBeginning = isBeginning && got <= wanted
                      && std::memcmp(leftBytes.constData(), rightBytes.constData(), static_cast<std::size_t>(got)) == 0;
        result.size += got;
        if (got < kPiece)
            break;
        if (isOverNow(isOver))
            return brokenOff(plain);
    }
    if (right.value().isDamaged())
        return ioError(u"cannot be read to its end"_s, plain);
    const bool isWhole = left.value().isCompressed() && !left.value().isDamaged();
    if (isBeginning)
        result.present = isSame && isWhole ? Present::Same : Present::Beginning;
    else
        result.present = isWhole ? Present::Other : Present::Damaged;
    return result;
}

// Copies the compressed bytes as they are: gzip members stand one behind the other in a file.
int copyMembers(int to, const QString &archive)
{
    const Descriptor from(uninterrupted(
        [&] { return ::open(QFile::encodeName(archive).constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK); }));
    if (!from.isOpen())
        return errno;
    QByteArray piece(kPiece, Qt::Uninitialized);
    for (;;) {
        const auto got = uninterrupted([&] { return ::read(from.get(), piece.data(), static_cast<std::size_t>(piece.size())); });
        if (got <= 0)
            return got == 0 ? 0 : errno;
        if (const int failure = writeAll(to, QByteArray::fromRawData(piece.constData(), got)); failure != 0)
            return failure;
    }
}

// Reads an archive back to its end; the gzip checksums are checked on the way.
bool holds(const QString &archive, qint64 size, Flag isOver)
{
    auto reader = GzipReader::open(archive);
    if (!reader)
        return false;
    QByteArray piece(kPiece, Qt::Uninitialized);
    qint64 total = 0;
    while (const qsizetype got = isOverNow(isOver) ? 0 : reader.value().read(piece.data(), piece.size()))
        total += got;
    return total == size && !reader.value().isDamaged() && reader.value().isCompressed();
}

// Writes the archive under another name, durable and read back; the caller removes it after an error.
Result<void> writeArchive(const QString &temporary, const QString &plain, const QString &older, qint64 olderSize, Flag isOver)
{
    const QByteArray name = QFile::encodeName(temporary);
    ::unlink(name.constData()); // left by a predecessor that was killed
    const Descriptor file(uninterrupted(
        [&] { return ::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR); }));
    if (!file.isOpen())
        return ioError(u"an archive of the event log cannot be made"_s, temporary);
    if (!older.isEmpty()) {
        if (const int failure = copyMembers(file.get(), older); failure != 0)
            return ioError(u"an archive of the event log cannot be made"_s, temporary, failure);
    }
    // The newline keeps a torn last line of the older part apart from what follows.
    const auto added = appendGzipped(file.get(), older.isEmpty() ? QByteArray() : QByteArrayLiteral("\n"), plain, isOver);
    if (!added)
        return added.error();
    if (const int failure = syncDescriptor(file.get()); failure != 0)
        return ioError(u"an archive of the event log cannot be made (step fsync)"_s, temporary, failure);
    const bool isWhole = holds(temporary, olderSize + added.value(), isOver);
    if (isOverNow(isOver))
        return brokenOff(plain);
    if (!isWhole)
        return Error{ErrorCode::Io, u"an archive of the event log does not read back as it was written"_s, temporary};
    return {};
}

Result<void> makeArchive(const QString &plain, const QString &archive, const Compared &compared, Flag isOver)
{
    const bool isOther = compared.present == Present::Other;
    const QString temporary = QFileInfo(archive).path() + u"/." + QFileInfo(archive).fileName() + u".tmp";
    const QByteArray temporaryName = QFile::encodeName(temporary);
    if (const auto written = writeArchive(temporary, plain, isOther ? archive : QString(), isOther ? compared.size : 0, isOver);
        !written) {
        ::unlink(temporaryName.constData());
        return written;
    }
    if (::rename(temporaryName.constData(), QFile::encodeName(archive).constData()) != 0) {
        const Error error = ioError(u"an archive of the event log cannot be put in place"_s, archive);
        ::unlink(temporaryName.constData());
        return error;
    }
    return {};
}

Result<void> archiveDay(const QString &folder, const EventLogDay &day, Flag isOver)
{
    // Locked, so that nobody appends to a file that is about to go.
    const Descriptor plain(uninterrupted(
        [&] { return ::open(QFile::encodeName(day.plain).constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK); }));
    if (!plain.isOpen())
        return ioError(u"the event log cannot be archived (step open)"_s, day.plain);
    if (const int failure = lockExclusively(plain.get(), Millis::zero()); failure != 0)
        return ioError(u"the event log cannot be archived (step flock)"_s, day.plain, failure);
    const QString archive = archivePath(day.plain);
    Compared compared;
    if (!day.archive.isEmpty()) {
        auto answer = compare(archive, day.plain, isOver);
        if (!answer)
            return answer.error();
        compared = answer.value();
    }
    if (compared.present == Present::Damaged) {
        if (const auto kept = keepBad(archive, u"damaged"_s); !kept && kept.error().code != ErrorCode::NotDurable)
            return kept;
    }
    if (compared.present == Present::Same) {
        const Descriptor made(uninterrupted(
            [&] { return ::open(QFile::encodeName(archive).constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK); }));
        if (!made.isOpen())
            return ioError(u"an archive of the event log cannot be opened"_s, archive);
        if (const int failure = syncDescriptor(made.get()); failure != 0)
            return ioError(u"an archive of the event log cannot be made durable"_s, archive, failure);
    } else if (const auto made = makeArchive(day.plain, archive, compared, isOver); !made) {
        return made;
    }
    if (const int failure = syncFolder(folder); failure != 0)
        return ioError(u"an archive of the event log cannot be made durable"_s, archive, failure);
    if (::unlink(QFile::encodeName(day.plain).constData()) != 0 && errno != ENOENT)
        return ioError(u"an archived event log cannot be removed"_s, day.plain);
    if (const int failure = syncFolder(folder); failure != 0)
        return ioError(u"the removal of an archived event log may not survive a power cut"_s, day.plain, failure);
    return {};
}

} // namespace

Result<int> EventLog::archive(WallTime now, const std::atomic<bool> *isOver) const
{
    const auto oldest = std::chrono::floor<std::chrono::days>(now - defaults::kArchiveAfter);
    int archived = 0;
    std::optional<Error> firstError;
    for (const EventLogDay &day : eventLogDays(m_folder)) {
        if (day.day >= oldest || day.plain.isEmpty())
            continue;
        if (isOverNow(isOver))
            return brokenOff(day.plain);
        if (const auto done = archiveDay(m_folder, day, isOver)) {
            ++archived;
        } else if (!isOverNow(isOver)) {
            qCWarning(lcStorage).noquote() << done.error().text(); // the others are tried all the same
            firstError = firstError ? firstError : done.error();
        }
    }
    if (firstError)
        return *firstError;
    return archived;
}

} // namespace dormouse
