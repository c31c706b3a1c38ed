// SPDX-License-Identifier: MIT
#include "shared/base/result.h"

#include <cstring>

namespace dormouse {

QString Error::text() const
{
    QString result = message;
    if (!path.isEmpty())
        result += QStringLiteral(": ") + path;
    if (systemError != 0)
        result += QStringLiteral(" (") + QString::fromLocal8Bit(std::strerror(systemError)) + QLatin1Char(')');
    return result;
}

} // namespace dormouse
