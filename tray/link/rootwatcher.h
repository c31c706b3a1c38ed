// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"
#include "tray/link/foldernotice.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace dormouse {

/// Tells when names come, go or are replaced in the root folder, or the root itself does, while nobody else would tell (there is no connection to the agent). Watches
/// the root and its nearest existing ancestor, and finds folders that are replaced. No timer runs while nothing changes; only where the system refuses to watch
/// it tells every 30 s that it might have. Main thread.
class RootWatcher : public QObject
{
    Q_OBJECT

public:
    /// `canWatch`: asked before a watcher is made.
    explicit RootWatcher(RootPaths paths, std::function<bool()> canWatch = canWatchFolders, QObject *parent = nullptr);
    ~RootWatcher() override;

    void start();
    /// Watches nothing until the next start(): the agent's own writes wake nobody then.
    void stop();
    /// False while stopped, and where it has to look from time to time instead.
    [[nodiscard]] bool isWatching() const;

Q_SIGNALS:
    /// At the first change at once, at most every 250 ms in a row, and a last time 250 ms after them: a file that was made is written by then.
    void changed();

private:
    using Identity = std::pair<quint64, quint64>;

    void refresh();
    void forgetAllBut(const QStringList &paths);
    void refuse(const char *cause);
    [[nodiscard]] bool ensureWatcher();
    [[nodiscard]] bool ensureFolder(const QString &path);
    void handleChange(const QString &path);
    void tell();

    RootPaths m_paths;
    std::function<bool()> m_canWatch;
    std::unique_ptr<QFileSystemWatcher> m_watcher;
    std::map<QString, Identity> m_watched; ///< what each watched path was when it was added
    std::optional<Identity> m_root;        ///< the root as last seen
    QTimer m_settle;                       ///< runs after a change
    QTimer m_look;                         ///< runs only where watching is refused
    int m_looksUntilRetry = 0;
    bool m_isStarted = false;
    bool m_isRefusalLogged = false;
};

} // namespace dormouse
