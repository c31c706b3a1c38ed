// SPDX-License-Identifier: MIT
#pragma once

#include <QDir>
#include <QFile>
#include <QString>
#include <QTemporaryDir>

#include <sys/stat.h>
#include <sys/time.h>

namespace dormouse::test {

/// Writes a file as other programs do: in place. The test fails where it cannot.
inline bool put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size() && file.flush();
}

inline QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
}

/// The rights of a file or folder (of a link itself), -1 when there is none.
inline int modeOf(const QString &path)
{
    struct stat status {
    };
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 ? static_cast<int>(status.st_mode & 07777) : -1;
}

inline bool setMode(const QString &path, int mode)
{
    return ::chmod(QFile::encodeName(path).constData(), static_cast<mode_t>(mode)) == 0;
}

inline bool setMtime(const QString &path, qint64 seconds)
{
    timeval times[2]{};
    times[0].tv_sec = times[1].tv_sec = static_cast<decltype(timeval::tv_sec)>(seconds);
    return ::utimes(QFile::encodeName(path).constData(), times) == 0;
}

inline QStringList namesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
}

/// Sets the umask for a scope.
class Umask
{
public:
    explicit Umask(int mask) : m_before(::umask(static_cast<mode_t>(mask))) {}
    ~Umask() { ::umask(m_before); }
    Umask(const Umask &) = delete;
    Umask &operator=(const Umask &) = delete;

private:
    mode_t m_before;
};

} // namespace dormouse::test
