// SPDX-License-Identifier: MIT
#include <QObject>

class Source : public QObject
{
signals:
    void changed();
};
