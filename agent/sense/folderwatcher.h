// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/rootpaths.h"

#include <QObject>

#include <memory>

namespace dormouse {

/// Watches wrappers/ and its parent, the root. Only a hint: whoever uses it also looks at every tick. Covers what QFileSystemWatcher does not: a folder that
/// comes later, is deleted, or is moved away and made again; and no inotify instance left (then it does not watch at all). Main thread.
class FolderWatcher : public QObject
{
    Q_OBJECT

public:
    explicit FolderWatcher(RootPaths paths, QObject *parent = nullptr);
    ~FolderWatcher() override;

    /// Adds or re-adds what has to be watched; called at start and at every tick (compares device and inode). True when both folders are watched. A watch that
    /// begins, or begins anew, is followed by wrappersChanged: what happened before it was not seen. What the system refuses (no inotify instance or watch left)
    /// is logged once and tried again at most every 5 min.
    bool refresh();
    [[nodiscard]] bool isWatching() const;
    /// The last scan's duration: the debounce grows to 20 × this, at least 50 ms, at most one default tick.
    void setScanDuration(Millis took);

Q_SIGNALS:
    /// Something changed in wrappers/; debounced, single shot, not restarted by further signals.
    void wrappersChanged();
    /// A name came, went or was replaced in the root folder (wake.signal, dormouse.toml); not debounced. The agent's own writes of its files there are told,
    /// too: whoever listens looks only for what concerns it, and that must be cheap.
    void rootChanged();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
