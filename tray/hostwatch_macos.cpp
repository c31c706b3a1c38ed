// SPDX-License-Identifier: MIT
#include "tray/hostwatch.h"

namespace dormouse {

// The menubar is always there.
std::unique_ptr<HostWatch> makeHostWatch()
{
    return std::make_unique<HostWatch>();
}

} // namespace dormouse
