// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <memory>
#include <optional>

namespace dormouse {

/// Whether the tray starts with the user's session (XDG autostart, on macOS a LaunchAgent). Main thread.
class StartAtLogin
{
public:
    virtual ~StartAtLogin() = default;
    /// Nothing where it cannot be told.
    [[nodiscard]] virtual std::optional<bool> isEnabled() const = 0;
    /// Errors: Io, Permission, with the path.
    [[nodiscard]] virtual Result<void> setEnabled(bool enabled) = 0;
};

[[nodiscard]] std::unique_ptr<StartAtLogin> makeStartAtLogin();

} // namespace dormouse
