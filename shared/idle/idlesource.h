// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/useridleness.h"

#include <QObject>

namespace dormouse {

/// Where user idleness comes from. Asked only when the answer can matter; never blocks. Main thread.
class IdleSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    /// `answered` follows, before this returns or later; the caller waits 2 s at most.
    virtual void ask() = 0;
    /// Once the program runs: makes connections, for a source that only tells of changes has to see them to know anything. Never blocks.
    virtual void start() {}
    /// The shortest idleness that is to be told from none; for sources that only tell of changes.
    virtual void setFineness(Millis fineness) { Q_UNUSED(fineness) }

Q_SIGNALS:
    void answered(const dormouse::UserIdleness &idleness);
    /// The system says that it has come back from a suspend.
    void resumed();
};

} // namespace dormouse
