// SPDX-License-Identifier: MIT
#include <QObject>

class Source : public QObject
{
public:
    void changed(double) {}
    void take(int) {}
    void join() { connect(this, &Source::changed, this, &Source::take); }
};
