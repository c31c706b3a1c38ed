// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace dormouse {

/// Identifies the running boot: /proc/sys/kernel/random/boot_id, on macOS kern.bootsessionuuid. "" when unknown.
[[nodiscard]] QString currentBootId();

} // namespace dormouse
