// SPDX-License-Identifier: MIT
#include "agent/sense/folderwatcher.h"

#include "agent/sense/inotifycount.h"
#include "shared/base/defaults.h"
#include "shared/base/logging.h"

#include <QFile>
#include <QFileSystemWatcher>
#include <QTimer>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <sys/stat.h>

namespace dormouse {
namespace {

/// Trying again costs a system call or two, and a log line of Qt's where watches have run out.
constexpr Millis kRetryAfter{std::chrono::minutes(5)};

using Identity = std::pair<quint64, quint64>;

/// Device and inode of a folder; nothing when it is missing. The root may be a symbolic link of the user's; wrappers/ may not.
std::optional<Identity> identityOf(const QString &path, bool followLink)
{
    struct stat data {
    };
    const QByteArray encoded = QFile::encodeName(path);
    if ((followLink ? ::stat(encoded.constData(), &data) : ::lstat(encoded.constData(), &data)) != 0 || !S_ISDIR(data.st_mode))
        return std::nullopt;
    return Identity{data.st_dev, data.st_ino};
}

} // namespace

class FolderWatcher::Impl
{
public:
    Impl(FolderWatcher *owner, const RootPaths &paths);

    bool refresh();
    [[nodiscard]] bool isWatching() const;
    void setScanDuration(Millis took);

private:
    struct Folder {
        QString path;
        bool followLink = false;
        std::optional<Identity> identity; // of what is watched; nothing: not watched
    };

    bool ensureWatcher();
    void ensureFolder(Folder &folder);
    void refuse(const char *cause);
    void handleChange(const QString &path);
    void scheduleWrappersChanged();

    FolderWatcher *const m_owner;
    std::array<Folder, 2> m_folders;
    Folder &m_root = m_folders[0];
    Folder &m_wrappers = m_folders[1];
    std::unique_ptr<QFileSystemWatcher> m_watcher;
    QTimer m_debounce;
    Millis m_interval = defaults::kWatchDebounce;
    QTimer m_retryPause; // active: the system has refused lately
    bool m_refusalLogged = false;
};

FolderWatcher::Impl::Impl(FolderWatcher *owner, const RootPaths &paths)
    : m_owner(owner), m_folders{Folder{paths.root, true, {}}, Folder{paths.wrappers(), false, {}}}
{
    m_debounce.setSingleShot(true);
    m_debounce.setTimerType(Qt::PreciseTimer); // somebody waits for it; a coarse one is up to 4 ms late
    QObject::connect(&m_debounce, &QTimer::timeout, m_owner, &FolderWatcher::wrappersChanged);
    m_retryPause.setSingleShot(true);
    m_retryPause.setTimerType(Qt::VeryCoarseTimer);
    m_retryPause.setInterval(kRetryAfter);
}

bool FolderWatcher::Impl::refresh()
{
    if (ensureWatcher()) {
        for (Folder &folder : m_folders)
            ensureFolder(folder);
        if (isWatching())
            m_refusalLogged = false;
    }
    return isWatching();
}

bool FolderWatcher::Impl::isWatching() const
{
    return std::all_of(m_folders.begin(), m_folders.end(), [](const Folder &folder) { return folder.identity.has_value(); });
}

/// Without an inotify instance Qt would poll once a second and say nothing: then rather no watcher.
bool FolderWatcher::Impl::ensureWatcher()
{
    if (m_watcher)
        return true;
    if (m_retryPause.isActive())
        return false;
    const std::optional<int> before = inotifyInstanceCount();
    auto watcher = std::make_unique<QFileSystemWatcher>();
    const std::optional<int> after = inotifyInstanceCount();
    if (before && after && *after <= *before) {
        refuse("no inotify instance is left (fs.inotify.max_user_instances)");
        return false;
    }
    m_watcher = std::move(watcher);
    QObject::connect(m_watcher.get(), &QFileSystemWatcher::directoryChanged, m_owner,
                     [this](const QString &path) { handleChange(path); });
    return true;
}

void FolderWatcher::Impl::ensureFolder(Folder &folder)
{
    // Looked at before it is added: should it be replaced in between, the next comparison tells.
    const std::optional<Identity> identity = identityOf(folder.path, folder.followLink);
    // Qt drops a deleted folder without a word; one that was moved away stays, by its old inode.
    const bool isListed = m_watcher->directories().contains(folder.path);
    if (identity && isListed && identity == folder.identity)
        return;
    const bool wasWatched = std::exchange(folder.identity, std::nullopt).has_value();
    if (isListed)
        m_watcher->removePath(folder.path);
    if (identity && !m_retryPause.isActive()) {
        if (m_watcher->addPath(folder.path))
            folder.identity = identity;
        else if (identityOf(folder.path, folder.followLink) == identity)
            refuse("the system refuses a watch (fs.inotify.max_user_watches, or the folder cannot be read)");
    }
    if (wasWatched || folder.identity)
        scheduleWrappersChanged();
}

void FolderWatcher::Impl::refuse(const char *cause)
{
    m_retryPause.start();
    if (!std::exchange(m_refusalLogged, true))
        qCWarning(lcSense, "cannot watch %s: %s; changes are found at each tick instead", qUtf8Printable(m_root.path), cause);
}

void FolderWatcher::Impl::handleChange(const QString &path)
{
    refresh();
    if (path == m_wrappers.path)
        scheduleWrappersChanged();
    else
        Q_EMIT m_owner->rootChanged();
}

void FolderWatcher::Impl::scheduleWrappersChanged()
{
    if (!m_debounce.isActive())
        m_debounce.start(m_interval);
}

void FolderWatcher::Impl::setScanDuration(Millis took)
{
    const Millis wanted = std::clamp(took, Millis(0), defaults::kTick) * defaults::kWatchDebounceFactor;
    m_interval =
        std::clamp(wanted, defaults::kWatchDebounce, defaults::kTick); // for the next one: a wait that has begun is not drawn out
}

FolderWatcher::FolderWatcher(RootPaths paths, QObject *parent) : QObject(parent), m_impl(std::make_unique<Impl>(this, paths)) {}

FolderWatcher::~FolderWatcher() = default;

bool FolderWatcher::refresh()
{
    return m_impl->refresh();
}

bool FolderWatcher::isWatching() const
{
    return m_impl->isWatching();
}

void FolderWatcher::setScanDuration(Millis took)
{
    m_impl->setScanDuration(took);
}

} // namespace dormouse
