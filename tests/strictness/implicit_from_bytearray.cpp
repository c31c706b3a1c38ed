// SPDX-License-Identifier: MIT
#include <QByteArray>
#include <QString>

QString text(const QByteArray &bytes)
{
    return bytes;
}
