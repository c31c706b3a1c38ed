// SPDX-License-Identifier: MIT
#include "agent/decide/batterywait.h"

#include "shared/base/defaults.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

std::optional<QString> BatteryWait::heldBack(bool isAcRequired, std::optional<bool> isOnBattery, ElapsedTime now)
{
    if (!isAcRequired || isOnBattery != true) {
        m_since.reset();
        return std::nullopt;
    }
    if (!m_since)
        m_since = now;
    if (now - *m_since >= defaults::kBatteryWaitMax)
        return std::nullopt;
    return u"on battery (sleep.require_ac)"_s;
}

} // namespace dormouse
