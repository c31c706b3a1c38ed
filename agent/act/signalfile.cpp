// SPDX-License-Identifier: MIT
#include "agent/act/signalfile.h"

#include "shared/base/logging.h"
#include "shared/records/timestamp.h"

#include <QFile>

#include <cerrno>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Put there while others could write in the root: their word wakes nobody.
bool isForeign(const struct stat &info)
{
    return info.st_uid != ::geteuid() && info.st_uid != 0;
}

qint64 mtimeNs(const struct stat &info)
{
#ifdef __APPLE__
    const timespec &time = info.st_mtimespec;
#else
    const timespec &time = info.st_mtim;
#endif
    return qint64(time.tv_sec) * 1'000'000'000 + qint64(time.tv_nsec);
}

} // namespace

SignalFile::SignalFile(QString path, const Clock &clock) : m_path(std::move(path)), m_clock(clock) {}

std::optional<CountedSignal> SignalFile::look() const
{
    struct stat info {
    };
    if (::lstat(QFile::encodeName(m_path).constData(), &info) != 0 || isForeign(info))
        return std::nullopt;
    return CountedSignal{qint64(info.st_ino), mtimeNs(info)};
}

std::optional<CountedSignal> SignalFile::take() const
{
    const QByteArray path = QFile::encodeName(m_path);
    struct stat info {
    };
    if (::lstat(path.constData(), &info) != 0)
        return std::nullopt;
    if (isForeign(info) && !S_ISDIR(info.st_mode)) {
        const bool isGone = ::unlink(path.constData()) == 0; // a service manager would start an agent for it, over and over
        qCWarning(lcStorage).noquote() << u"wake.signal belongs to another user (uid %1) and does not count; it %2 removed: %3"_s
                                              .arg(info.st_uid)
                                              .arg(isGone ? u"is"_s : u"cannot be"_s, m_path);
        return std::nullopt;
    }
    if (S_ISDIR(info.st_mode)) {
        const QString aside = m_path + u".folder-"_s + timeTag(m_clock.now().wall);
        if (std::rename(path.constData(), QFile::encodeName(aside).constData()) == 0)
            qCWarning(lcStorage).noquote() << "a folder stood in the place of wake.signal; it is now" << aside;
    }
    return CountedSignal{qint64(info.st_ino), mtimeNs(info)};
}

Result<void> SignalFile::remove(const CountedSignal &signal) const
{
    if (look() != signal)
        return {};
    if (::unlink(QFile::encodeName(m_path).constData()) == 0 || errno == ENOENT)
        return {};
    return Error{ErrorCode::Io, u"cannot remove wake.signal"_s, m_path, errno};
}

} // namespace dormouse
