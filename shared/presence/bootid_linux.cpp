// SPDX-License-Identifier: MIT
#include "shared/presence/bootid.h"

#include <QFile>

namespace dormouse {

QString currentBootId()
{
    QFile file(QStringLiteral("/proc/sys/kernel/random/boot_id"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromLatin1(file.read(64).trimmed());
}

} // namespace dormouse
