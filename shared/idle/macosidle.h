// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"
#include "shared/idle/systempower.h"

namespace dormouse {

/// macOS: the HID system's counter of seconds since the last input (CoreGraphics), whether the main display sleeps, and when the system last woke (kern.waketime).
/// Calls that answer at once, so it answers at once, too.
class MacIdle final : public IdleBackend
{
    Q_OBJECT

public:
    explicit MacIdle(const Clock &clock, QObject *parent = nullptr);
    [[nodiscard]] QString name() const override;
    void start() override;
    void ask() override;

private:
    const Clock &m_clock;
    SystemPower m_power;
};

} // namespace dormouse
