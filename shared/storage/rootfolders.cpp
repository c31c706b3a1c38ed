// SPDX-License-Identifier: MIT
// Makes the folders of a root, and makes sure that they are the user's own. What goes wrong here is the last line a person sees before the
// agent ends, so each message says what to do.
#include "shared/storage/rootpaths.h"

#include "shared/storage/descriptor.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>

#include <array>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

enum class Links { Follow, Refuse };

QString userName(uid_t uid)
{
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd *found = nullptr;
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return u"uid %1"_s.arg(uid);
    return u"%1 (uid %2)"_s.arg(QString::fromLocal8Bit(found->pw_name)).arg(uid);
}

// In single quotes, as a shell wants it pasted.
QString quoted(const QString &path)
{
    QString inner = path;
    return u'\'' + inner.replace(u'\'', u"'\\''"_s) + u'\'';
}

Error failed(const QString &message, const QString &path, int systemError)
{
    const bool rights = systemError == EACCES || systemError == EPERM || systemError == EROFS;
    return {rights ? ErrorCode::Permission : ErrorCode::Io, message, path, systemError};
}

Error foreignOwner(const QString &what, const QString &path, uid_t owner)
{
    const uid_t self = ::geteuid();
    const QString remedy =
        self == 0
            ? u"run it as that user, or name another folder with --root"_s
            : u"name another folder with --root, or take this one over with: sudo chown -R %1 %2"_s.arg(self).arg(quoted(path));
    return {ErrorCode::Permission,
            u"%1 belongs to %2, but this runs as %3; %4"_s.arg(what, userName(owner), userName(self), remedy), path};
}

Error notAFolder(const QString &what, const QString &path, mode_t mode)
{
    if (S_ISLNK(mode)) {
        const QString target = QFile::symLinkTarget(path);
        return {ErrorCode::Refused,
                u"%1 must be a real folder but is a symbolic link to %2; replace it by a folder"_s.arg(what, target), path};
    }
    return {ErrorCode::Refused, u"%1 must be a folder but something else has its name; move that away"_s.arg(what), path};
}

// What a name stands for; links where they may be followed. The name itself is looked at first: where others may write beside it, as in /tmp, one that is
// theirs may be something else a moment later, one that is ours may not.
Result<struct stat> lookAt(const QString &what, const QString &path, Links links)
{
    const QByteArray name = QFile::encodeName(path);
    struct stat status {
    };
    bool isThere = ::lstat(name.constData(), &status) == 0;
    if (isThere && S_ISLNK(status.st_mode) && links == Links::Follow) {
        if (status.st_uid != ::geteuid() && status.st_uid != 0)
            return Error{
                ErrorCode::Permission,
                u"%1 is a symbolic link that %2 made; name another folder with --root"_s.arg(what, userName(status.st_uid)),
                path};
        isThere = ::stat(name.constData(), &status) == 0;
    }
    if (isThere)
        return status;
    const int failure = errno;
    if (failure == ENOENT || failure == ELOOP) // it could be made, or had been: only a link can still lead nowhere
        return Error{ErrorCode::Refused,
                     u"%1 is a symbolic link that leads nowhere (%2); mend or remove it"_s.arg(what, QFile::symLinkTarget(path)),
                     path};
    return failed(u"%1 cannot be looked at"_s.arg(what), path, failure);
}

Result<void> checkFolder(const QString &what, const QString &path, Links links)
{
    const QByteArray name = QFile::encodeName(path);
    const auto looked = lookAt(what, path, links);
    if (!looked)
        return looked.error();
    const struct stat &status = looked.value();
    if (!S_ISDIR(status.st_mode))
        return notAFolder(what, path, status.st_mode);
    if (status.st_uid != ::geteuid())
        return foreignOwner(what, path, status.st_uid);
    constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
    if ((status.st_mode & kOthers) != 0 && ::chmod(name.constData(), status.st_mode & S_IRWXU) != 0)
        return failed(u"%1 is open to other users, and that cannot be changed; try: chmod 700 %2"_s.arg(what, quoted(path)), path,
                      errno);
    if (::faccessat(AT_FDCWD, name.constData(), R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
        const int failure = errno;
        const QString remedy = failure == EROFS ? u"its file system is mounted read-only; name another folder with --root"_s
                                                : u"try: chmod 700 "_s + quoted(path);
        return failed(u"%1 is not writable; %2"_s.arg(what, remedy), path, failure);
    }
    return {};
}

Result<void> checkAbove(const QString &root)
{
    const Result<QString> open = folderOpenAbove(root);
    if (!open)
        return open.error();
    if (open.value().isEmpty())
        return {};
    return Error{
        ErrorCode::Permission,
        u"everybody may write in this folder, and so put another root in the place of %1; try: chmod o-w %2, or name another root with --root"_s
            .arg(root, quoted(open.value())),
        open.value()};
}

Result<void> prepareFolder(const QString &what, const QString &path)
{
    if (const auto made = makePrivateFolder(what, path); !made)
        return made;
    return checkFolder(what, path, Links::Refuse);
}

} // namespace

Result<QString> folderOpenAbove(const QString &root)
{
    QString folder = QFileInfo(root).canonicalFilePath();
    while (!folder.isEmpty() && folder != u'/') {
        folder = QFileInfo(folder).path();
        struct stat status {
        };
        if (::stat(QFile::encodeName(folder).constData(), &status) != 0)
            return failed(u"a folder above the root cannot be looked at"_s, folder, errno);
        if ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0)
            return folder;
    }
    return QString();
}

Result<void> makePrivateFolder(const QString &what, const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), S_IRWXU) == 0) {
        ::chmod(name.constData(), S_IRWXU); // a umask may have taken rights of the owner as well
        return {};
    }
    if (errno == EEXIST)
        return {};
    const int failure = errno;
    const QString parent = QFileInfo(path).absolutePath();
    if (failure == ENOENT && parent != path) {
        struct stat status {
        };
        if (::lstat(QFile::encodeName(parent).constData(), &status)
            == 0) // a parent that exists and yet does not: it leads nowhere
            return Error{ErrorCode::Refused,
                         u"%1 cannot be made: the folder above it is a symbolic link that leads nowhere"_s.arg(what), path};
        if (const auto made = makePrivateFolder(what, parent); !made)
            return made;
        return makePrivateFolder(what, path);
    }
    if (failure == ENOTDIR)
        return Error{ErrorCode::Refused, u"%1 cannot be made: a part of its path is a file"_s.arg(what), path, failure};
    return failed(u"%1 cannot be made; make it yourself, or name another folder with --root"_s.arg(what), path, failure);
}

Result<void> prepareRoot(const RootPaths &paths)
{
    const QString what = u"the root folder"_s;
    if (const auto made = makePrivateFolder(what, paths.root); !made)
        return made;
    if (const auto above = checkAbove(paths.root); !above)
        return above;
    if (const auto root = checkFolder(what, paths.root, Links::Follow); !root)
        return root;
    if (const auto wrappers = prepareFolder(u"the folder of heartbeats"_s, paths.wrappers()); !wrappers)
        return wrappers;
    return prepareFolder(u"the folder of logs"_s, paths.logs());
}

} // namespace dormouse
