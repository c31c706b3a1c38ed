// SPDX-License-Identifier: MIT
#include "tray/link/instancefolder.h"

#include "shared/control/agentclient.h"
#include "shared/storage/descriptor.h"
#include "tray/link/singleinstance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <sys/stat.h>
#include <unistd.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr int kHashLength = 16; // 64 bits tell a user's roots apart, and leave room in the socket's path

bool isPrivateFolder(const QString &path)
{
    struct stat data {
    };
    return ::stat(QFile::encodeName(path).constData(), &data) == 0 && S_ISDIR(data.st_mode) && data.st_uid == ::geteuid()
           && (data.st_mode & kOthers) == 0;
}

/// Anybody may have put something there before us, so it is looked at without following links.
Result<void> makePrivateFolder(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), S_IRWXU) != 0 && errno != EEXIST)
        return ioError(SingleInstance::tr("the folder for the tray's lock cannot be made"), path);
    struct stat data {
    };
    if (::lstat(name.constData(), &data) != 0)
        return ioError(SingleInstance::tr("the folder for the tray's lock cannot be looked at"), path);
    if (!S_ISDIR(data.st_mode))
        return Error{ErrorCode::Refused, SingleInstance::tr("the tray keeps its lock in a folder of this name, but it is none"),
                     path, 0};
    if (data.st_uid != ::geteuid())
        return Error{ErrorCode::Permission, SingleInstance::tr("the folder for the tray's lock belongs to another user"), path,
                     0};
    if ((data.st_mode & kOthers) != 0 && ::chmod(name.constData(), S_IRWXU) != 0)
        return ioError(SingleInstance::tr("the folder for the tray's lock cannot be made private"), path);
    return {};
}

/// Without symbolic links, also while the last folders of it are still to be made.
QString canonicalRoot(const QString &root)
{
    QString folder = QDir::cleanPath(root);
    QString rest;
    while (!QFileInfo::exists(folder) && folder != QFileInfo(folder).path()) {
        rest = u'/' + QFileInfo(folder).fileName() + rest;
        folder = QFileInfo(folder).path();
    }
    return QDir::cleanPath(QFileInfo(folder).canonicalFilePath() + rest);
}

InstancePaths pathsIn(const QString &folder, const QString &root)
{
    const QByteArray name = QFile::encodeName(canonicalRoot(root));
    const QByteArray hash = QCryptographicHash::hash(name, QCryptographicHash::Sha256).toHex().first(kHashLength);
    const QString base = folder + u"/dormouse-tray-"_s + QString::fromLatin1(hash);
    return {base + u".lock"_s, base + u".sock"_s};
}

} // namespace

Result<InstancePaths> instancePaths(const QString &root)
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (QDir::isAbsolutePath(runtime) && isPrivateFolder(runtime)) {
        const InstancePaths paths = pathsIn(QDir::cleanPath(runtime), root);
        if (checkSocketPath(paths.socket))
            return paths;
    }
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::TempLocation) + u"/dormouse-%1"_s.arg(::geteuid());
    if (const Result<void> made = makePrivateFolder(folder); !made)
        return made.error();
    const InstancePaths paths = pathsIn(folder, root);
    if (!checkSocketPath(paths.socket))
        return Error{
            ErrorCode::Configuration,
            SingleInstance::tr(
                "the path of the tray's socket is too long; let XDG_RUNTIME_DIR or TMPDIR name a folder with a shorter one"),
            paths.socket, 0};
    return paths;
}

} // namespace dormouse
