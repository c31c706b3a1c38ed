// SPDX-License-Identifier: MIT
#include <QStringList>

qsizetype total(const QStringList &names)
{
    qsizetype sum = 0;
    foreach (const QString &name, names)
        sum += name.size();
    return sum;
}
