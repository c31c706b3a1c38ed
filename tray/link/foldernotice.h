// SPDX-License-Identifier: MIT
#pragma once

namespace dormouse {

/// Whether the system can still tell this process of changes in folders. Where no inotify instance is left, QFileSystemWatcher would look once a second and
/// say nothing of it; then rather no watcher. True where watching needs no such thing (macOS). Any thread.
[[nodiscard]] bool canWatchFolders();

} // namespace dormouse
