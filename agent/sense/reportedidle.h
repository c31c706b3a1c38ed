// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"

namespace dormouse {

class ReportedIdleness;

/// What clients report by `user_idle`, as one idle source among the others: "tray". Knows at once, so it answers at once. Both arguments must outlive it.
class ReportedIdle final : public IdleBackend
{
    Q_OBJECT

public:
    ReportedIdle(const ReportedIdleness &reported, const Clock &clock, QObject *parent = nullptr);
    [[nodiscard]] QString name() const override;
    void ask() override;

private:
    const ReportedIdleness &m_reported;
    const Clock &m_clock;
};

} // namespace dormouse
