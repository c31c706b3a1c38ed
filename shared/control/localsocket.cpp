// SPDX-License-Identifier: MIT
#include "shared/control/agentclient.h"

#include <QFile>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {

Result<void> checkSocketPath(const QString &path)
{
    const qsizetype bytes = QFile::encodeName(path).size();
    if (path.isEmpty())
        return Error{ErrorCode::Configuration, u"the path of the control socket is empty"_s, path, 0};
    if (bytes > socketPathBytesMax())
        return Error{
            ErrorCode::Configuration,
            u"the path of the control socket is %1 bytes long, the system allows %2; choose a shorter one with --socket"_s
                .arg(bytes)
                .arg(socketPathBytesMax()),
            path, 0};
    return {};
}

} // namespace dormouse
