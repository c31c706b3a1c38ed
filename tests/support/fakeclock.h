// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

namespace dormouse {

/// A clock that a test moves: awake, elapsed and wall time independently. It starts at values that differ, so that mixing the clocks up shows.
class FakeClock final : public Clock
{
public:
    [[nodiscard]] Instants now() const override { return m_now; }

    /// The machine runs.
    void advance(Millis by)
    {
        m_now.awake += by;
        m_now.elapsed += by;
        m_now.wall += by;
    }
    /// The machine is suspended: the awake clock stands still.
    void suspend(Millis by)
    {
        m_now.elapsed += by;
        m_now.wall += by;
    }
    /// Somebody sets the wall clock, forwards or back.
    void stepWall(Millis by) { m_now.wall += by; }
    /// The machine is off and starts again: both steady clocks start anew.
    void reboot(Millis off)
    {
        m_now.awake = AwakeTime(std::chrono::minutes(1));
        m_now.elapsed = ElapsedTime(std::chrono::minutes(1));
        m_now.wall += off;
    }

private:
    Instants m_now{AwakeTime(std::chrono::hours(100)), ElapsedTime(std::chrono::hours(250)),
                   WallTime(std::chrono::hours(24 * 20'000))};
};

} // namespace dormouse
