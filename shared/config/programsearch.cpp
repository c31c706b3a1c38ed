// SPDX-License-Identifier: MIT
#include "shared/config/configuration.h"

#include <QFile>

#include <sys/stat.h>
#include <unistd.h>

namespace dormouse {
namespace {

bool isExecutable(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    struct stat info {
    };
    return ::stat(name.constData(), &info) == 0 && S_ISREG(info.st_mode) && ::access(name.constData(), X_OK) == 0;
}

} // namespace

std::optional<QString> findProgram(const QString &program, const QString &path)
{
    if (program.isEmpty() || program.contains(QChar(u'\0')))
        return std::nullopt;
    if (program.contains(u'/'))
        return isExecutable(program) ? std::optional(program) : std::nullopt;
    for (const QString &folder : path.split(u':')) {
        // As execvp has it, an empty element is the current folder.
        const QString candidate = (folder.isEmpty() ? QStringLiteral(".") : folder) + u'/' + program;
        if (isExecutable(candidate))
            return candidate;
    }
    return std::nullopt;
}

} // namespace dormouse
