// SPDX-License-Identifier: MIT
// What lies beside our files and is none of them: malformed ones that are kept, temporaries that are removed.
#include "shared/storage/file.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/storage/descriptor.h"
#include "shared/storage/durable.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <optional>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qint64 kCopyMax = 4 * defaults::kStateBytesMax; // a larger one is linked: it would cost as much disk again

QString safeTag(const QString &timeTag)
{
    QString tag;
    for (const QChar c : timeTag)
        tag += c.unicode() < 128 && (c.isLetterOrNumber() || u"-_+.:"_s.contains(c)) ? c : u'-';
    return tag.isEmpty() ? u"unknown"_s : tag;
}

bool isOwnRegularFile(const QString &path, struct stat &status)
{
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
}

// Names in `folder` that `wanted` picks, as full paths; hidden ones too.
template<typename Wanted>
QStringList filesIn(const QString &folder, Wanted wanted)
{
    QStringList found;
    const QStringList names = QDir(folder).entryList(QDir::Files | QDir::Hidden | QDir::System | QDir::NoSymLinks, QDir::Name);
    for (const QString &name : names) {
        if (wanted(name))
            found += folder + u'/' + name;
    }
    return found;
}

QStringList keptBadFiles(const QString &path)
{
    const QFileInfo info(path);
    const QString start = info.fileName() + u".bad-";
    return filesIn(info.absolutePath(), [&start](const QString &name) { return name.startsWith(start); });
}

bool remove(const QString &path)
{
    if (::unlink(QFile::encodeName(path).constData()) == 0 || errno == ENOENT)
        return true;
    qCWarning(lcStorage).noquote() << ioError(u"cannot be removed"_s, path).text();
    return false;
}

// Writes a new file; on any error nothing of it is left.
int writeCopy(const QString &path, const QByteArray &bytes)
{
    const QByteArray name = QFile::encodeName(path);
    const Descriptor copy(uninterrupted(
        [&] { return ::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR); }));
    if (!copy.isOpen())
        return errno;
    int failure = writeAll(copy.get(), bytes);
    if (failure == 0)
        failure = syncDescriptor(copy.get());
    if (failure != 0)
        ::unlink(name.constData());
    return failure;
}

int linkTo(const QString &from, const QString &to)
{
    const QByteArray source = QFile::encodeName(from);
    const QByteArray target = QFile::encodeName(to);
    if (::link(source.constData(), target.constData()) != 0)
        return errno;
    ::chmod(target.constData(), S_IRUSR | S_IWUSR); // the same file under two names: both become private
    return 0;
}

// The newest stay, `kept` whatever its name: the clock may have been set back.
void dropOldest(const QString &path, const QString &kept)
{
    QStringList others = keptBadFiles(path);
    others.removeAll(kept);
    while (others.size() > defaults::kBadFilesKept - 1) {
        remove(others.first());
        others.removeFirst();
    }
}

bool isTemporaryLetters(const QString &letters)
{
    // What people append by hand has six letters as well, and is not ours to remove.
    static constexpr std::array kWords{"backup"_L1, "before"_L1, "broken"_L1, "edited"_L1, "manual"_L1, "origin"_L1, "sample"_L1};
    const auto isLetter = [](QChar c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); };
    return letters.size() == 6 && std::all_of(letters.begin(), letters.end(), isLetter)
           && std::none_of(kWords.begin(), kWords.end(),
                           [&](QLatin1StringView word) { return letters.compare(word, Qt::CaseInsensitive) == 0; });
}

} // namespace

Result<void> keepBad(const QString &path, const QString &timeTag)
{
    struct stat status {
    };
    if (::lstat(QFile::encodeName(path).constData(), &status) != 0)
        return errno == ENOENT ? Error{ErrorCode::NotFound, u"does not exist"_s, path}
                               : ioError(u"cannot be kept (step lstat)"_s, path);
    if (!S_ISREG(status.st_mode))
        return Error{ErrorCode::Refused, u"is not a regular file and cannot be kept"_s, path};

    std::optional<QByteArray> bytes;
    if (auto read = readBounded(path, kCopyMax))
        bytes = std::move(read).value();
    const QStringList present = keptBadFiles(path);
    const auto isSame = [&](const QString &other) {
        const auto read = readBounded(other, kCopyMax);
        return bytes && read && read.value() == *bytes;
    };
    if (std::any_of(present.begin(), present.end(), isSame))
        return {}; // an agent that restarts over and over must not push out what else was kept

    const QFileInfo info(path);
    const QString base = info.absolutePath() + u'/' + info.fileName() + u".bad-" + safeTag(timeTag);
    QString kept = base;
    for (int number = 2; present.contains(kept); ++number)
        kept = u"%1-%2"_s.arg(base).arg(number);
    int failure = bytes ? writeCopy(kept, *bytes) : linkTo(path, kept);
    if (failure != 0 && bytes)
        failure = linkTo(path, kept); // needs no room on a full disk
    if (failure != 0)
        return ioError(u"cannot be kept as %1"_s.arg(QFileInfo(kept).fileName()), path, failure);
    dropOldest(path, kept);
    if (const int unsynced = syncFolder(info.absolutePath()); unsynced != 0)
        return Error{ErrorCode::NotDurable, u"is kept, but that may not survive a power cut"_s, kept, unsynced};
    return {};
}

int sweepOwnTemporaries(const QString &folder, const QStringList &names)
{
    const auto isOurs = [&names](const QString &name) {
        const qsizetype dot = name.lastIndexOf(u'.');
        return dot > 0 && names.contains(name.left(dot)) && isTemporaryLetters(name.mid(dot + 1));
    };
    int removed = 0;
    for (const QString &path : filesIn(folder, isOurs)) {
        struct stat status {
        };
        if (isOwnRegularFile(path, status) && remove(path))
            ++removed;
    }
    return removed;
}

int sweepForeignTemporaries(const QString &folder, WallTime olderThan)
{
    int removed = 0;
    for (const QString &path : filesIn(folder, [](const QString &name) { return name.endsWith(".tmp"_L1); })) {
        struct stat status {
        };
        if (isOwnRegularFile(path, status) && WallTime(std::chrono::seconds(status.st_mtime)) < olderThan && remove(path))
            ++removed;
    }
    return removed;
}

} // namespace dormouse
