// SPDX-License-Identifier: MIT
#include <QString>

QString greeting()
{
    return "hello";
}
