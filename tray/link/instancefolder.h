// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QString>

namespace dormouse {

/// Where the tray of one root keeps its lock and its socket: not in the root, which is shared with other programs.
struct InstancePaths {
    QString lock;
    QString socket;

    bool operator==(const InstancePaths &) const = default;
};

/// In $XDG_RUNTIME_DIR, where that is a private folder of ours; else in `dormouse-<uid>` in the folder for temporary files, made with 0700. Named after the root, by
/// whatever way it is written. Errors: Permission (somebody else made that folder), Refused (it is none), Io, Configuration (the path is too long).
[[nodiscard]] Result<InstancePaths> instancePaths(const QString &root);

} // namespace dormouse
