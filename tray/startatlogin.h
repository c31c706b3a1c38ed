// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/storage/rootpaths.h"

#include <memory>
#include <optional>

namespace dormouse {

/// Whether the tray starts with the user's session: XDG autostart, on macOS a login item of the app or a LaunchAgent. The file is the one that
/// `dormouse install --tray` writes. Main thread.
class StartAtLogin
{
public:
    virtual ~StartAtLogin() = default;
    /// Nothing where it cannot be told.
    [[nodiscard]] virtual std::optional<bool> isEnabled() const = 0;
    /// Errors: Io, Permission, with the path; Configuration where a path cannot be written into such a file.
    [[nodiscard]] virtual Result<void> setEnabled(bool enabled) = 0;
};

/// For this program on the root and control socket that it shows now: the next session has no environment and no options of this one.
[[nodiscard]] std::unique_ptr<StartAtLogin> makeStartAtLogin(const RootPaths &paths, const QString &socketPath);

} // namespace dormouse
