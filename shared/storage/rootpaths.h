// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QString>

namespace dormouse {

/// Every path under one root folder (files specification).
struct RootPaths {
    QString root;

    [[nodiscard]] QString wrappers() const;      ///< wrappers/
    [[nodiscard]] QString record() const;        ///< lifecycle_state.json
    [[nodiscard]] QString lifecycleLock() const; ///< .lifecycle.lock
    [[nodiscard]] QString agentLock() const;     ///< agent.lock
    [[nodiscard]] QString daemonState() const;   ///< .daemon-state.json
    [[nodiscard]] QString memory() const;        ///< dormouse.json
    [[nodiscard]] QString services() const;      ///< services.json
    [[nodiscard]] QString wakeSignal() const;    ///< wake.signal
    [[nodiscard]] QString logs() const;          ///< logs/
    [[nodiscard]] QString configuration() const; ///< dormouse.toml
    [[nodiscard]] QString socket() const;        ///< agent.sock
    [[nodiscard]] QString pythonLocked() const;  ///< .locked
};

/// `option` (--root) when not empty, else DORMOUSE_ROOT, else IAI_MCP_STORE, else ~/.iai-mcp. Absolute and cleaned; `~/` is expanded.
[[nodiscard]] RootPaths resolveRoot(const QString &option);

/// mkdir with its parents, each 0700 from its first instant; what exists stays as it is. `what` names it in messages: "the folder of logs".
[[nodiscard]] Result<void> makePrivateFolder(const QString &what, const QString &path);

/// The nearest folder above the root in which everybody may rename (which is not sticky, as /tmp is), and so put another root in this one's place; "" when
/// there is none. Errors: Permission and Io when one cannot be looked at.
[[nodiscard]] Result<QString> folderOpenAbove(const QString &root);

/// Creates root, wrappers/ and logs/ (0700), narrows ours that are wider. Errors: Permission when one belongs to
/// somebody else, or a folder above them can be written by everybody (and is not sticky, as /tmp is); Refused when one is not a folder, Io.
[[nodiscard]] Result<void> prepareRoot(const RootPaths &paths);

} // namespace dormouse
