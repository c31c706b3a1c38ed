// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <memory>

namespace dormouse {

/// The app bundle as a login item of this user, as System Settings, General, Login Items shows it. macOS starts it without options. Main thread.
class LoginItem
{
public:
    virtual ~LoginItem() = default;
    /// False too where the user has switched it off in System Settings.
    [[nodiscard]] virtual bool isEnabled() const = 0;
    /// Error: Refused, with what macOS says; also where the user must allow it in System Settings first.
    [[nodiscard]] virtual Result<void> setEnabled(bool enabled) = 0;
};

/// Nothing before macOS 13, and for a program that is in no bundle. macos/loginitem.mm.
[[nodiscard]] std::unique_ptr<LoginItem> makeLoginItem();

} // namespace dormouse
