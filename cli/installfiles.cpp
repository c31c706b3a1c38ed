// SPDX-License-Identifier: MIT
#include "cli/installfiles.h"

#include "shared/storage/file.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>

#include <sys/stat.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qint64 kBytesMax = 256 * 1024;
constexpr qsizetype kShownMax = 8000; // of a file that is only told

QString indented(const QByteArray &text)
{
    QString result;
    for (const QString &line : QString::fromUtf8(text.left(kShownMax)).split(u'\n', Qt::SkipEmptyParts))
        result += u"\n    "_s + line;
    return result;
}

Error fileError(const QString &what, const QString &path)
{
    return {ErrorCode::Io, what, path, errno};
}

} // namespace

InstallFiles::InstallFiles(bool isRehearsal, Say say) : m_isRehearsal(isRehearsal), m_say(std::move(say)) {}

Result<std::optional<QByteArray>> InstallFiles::read(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists() && !info.isSymLink())
        return std::optional<QByteArray>();
    if (info.isSymLink())
        return Error{ErrorCode::Refused, u"a symbolic link stands there (a masked unit is one)"_s, path, 0};
    Result<QByteArray> bytes = readBounded(path, kBytesMax);
    if (!bytes)
        return bytes.error();
    return std::optional(bytes.value());
}

Result<void> InstallFiles::write(const InstallFile &file, bool keepsOld)
{
    if (m_isRehearsal) {
        m_say(u"would write "_s + file.path + indented(file.content));
        return {};
    }
    Former former{file.path, std::nullopt, {}};
    if (keepsOld) {
        former.backup = file.path + u".bak-"_s + QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd-HHmmss"_s);
        errno = 0;
        if (!QFile::rename(file.path, former.backup))
            return fileError(u"the old file cannot be kept"_s, file.path);
        m_say(u"kept the old one as "_s + former.backup);
    } else {
        const auto before = read(file.path);
        if (!before)
            return before.error();
        former.content = before.value();
    }
    m_former.push_back(former);
    if (auto made = makeFolder(QFileInfo(file.path).absolutePath()); !made)
        return made;
    const Result<void> written = writeAtomically(file.path, file.content);
    if (!written && written.error().code != ErrorCode::NotDurable)
        return written;
    m_say(u"wrote "_s + file.path);
    return {};
}

Result<void> InstallFiles::remove(const QString &path)
{
    if (m_isRehearsal) {
        m_say(u"would remove "_s + path);
        return {};
    }
    const auto before = read(path);
    if (!before)
        return before.error();
    if (!before.value())
        return {};
    m_former.push_back({path, before.value(), {}});
    errno = 0;
    if (!QFile::remove(path))
        return fileError(u"the file cannot be removed"_s, path);
    m_say(u"removed "_s + path);
    return {};
}

void InstallFiles::removeEmpty(const QString &folder, const QString &top)
{
    if (m_isRehearsal)
        return;
    // rmdir takes nothing away that has something in it.
    for (QString at = folder; at.startsWith(top + u'/') && QDir().rmdir(at);)
        at = QFileInfo(at).absolutePath();
}

QStringList InstallFiles::undo()
{
    QStringList failures;
    for (auto former = m_former.rbegin(); former != m_former.rend(); ++former) {
        bool isBack = true;
        if (!former->backup.isEmpty())
            isBack =
                (!QFileInfo::exists(former->path) || QFile::remove(former->path)) && QFile::rename(former->backup, former->path);
        else if (former->content)
            isBack = writeAtomically(former->path, *former->content).ok();
        else if (QFileInfo::exists(former->path))
            isBack = QFile::remove(former->path);
        if (!isBack)
            failures.append(u"the former state of "_s + former->path + u" could not be put back"_s);
    }
    m_former.clear();
    for (auto folder = m_madeFolders.crbegin(); folder != m_madeFolders.crend(); ++folder)
        QDir().rmdir(*folder);
    m_madeFolders.clear();
    return failures;
}

Result<void> InstallFiles::makeFolder(const QString &folder)
{
    QStringList missing;
    for (QString at = folder; !QFileInfo::exists(at) && at != u"/"_s; at = QFileInfo(at).absolutePath())
        missing.prepend(at);
    for (const QString &path : missing) {
        errno = 0;
        if (::mkdir(QFile::encodeName(path).constData(), S_IRWXU) != 0) // whatever the umask: units are commands
            return fileError(u"the folder cannot be made"_s, path);
        m_madeFolders.append(path);
    }
    return {};
}

} // namespace dormouse
