// SPDX-License-Identifier: MIT
#include "tray/settings/configurationwriter.h"

#include "shared/storage/file.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <sys/stat.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

Result<void> writeConfiguration(const RootPaths &paths, const QByteArray &text)
{
    if (!QFileInfo::exists(paths.root)) {
        if (Result<void> prepared = prepareRoot(paths); !prepared)
            return prepared;
    }
    const QString real = QFileInfo(paths.configuration()).canonicalFilePath();
    if (real.isEmpty())
        return writeAtomically(paths.configuration(), text);

    const QByteArray name = QFile::encodeName(real);
    struct stat before {
    };
    if (::stat(name.constData(), &before) != 0)
        return Error{ErrorCode::Io, u"cannot be looked at"_s, real, errno};
    Result<void> written = writeAtomically(real, text);
    // The writer narrows rights to the owner's, also those of the old file when it fails later on.
    if (::chmod(name.constData(), before.st_mode & 07777U) != 0 && written)
        return Error{ErrorCode::NotDurable, u"is in place, but its rights could not be kept"_s, real, errno};
    return written;
}

} // namespace dormouse
