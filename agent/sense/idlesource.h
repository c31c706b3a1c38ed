// SPDX-License-Identifier: MIT
#pragma once

#include "agent/decide/observations.h"

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

Q_SIGNALS:
    void answered(const dormouse::UserIdleness &idleness);
};

/// Knows nothing: heartbeats alone decide.
class NullIdleSource final : public IdleSource
{
    Q_OBJECT

public:
    using IdleSource::IdleSource;
    void ask() override { Q_EMIT answered({}); }
};

} // namespace dormouse
