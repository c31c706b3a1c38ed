// SPDX-License-Identifier: MIT
#include <QByteArray>

const char *pointer(const QByteArray &bytes)
{
    return bytes;
}
