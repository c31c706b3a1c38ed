// SPDX-License-Identifier: MIT
#include "tray/link/rootwatcher.h"

#include "shared/base/clock.h"
#include "shared/base/logging.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

#include <vector>

namespace dormouse {
namespace {

using namespace std::chrono_literals;

constexpr Millis kSettle = 250ms;                 // QLockFile makes its file first and writes it then, of which nobody tells
constexpr std::chrono::seconds kLookPeriod = 30s; // without a watcher; a compromise between a stale icon and the battery
constexpr int kLooksPerRetry = 10;                // each refusal costs a line of Qt's on stderr
constexpr int kRounds = 8;

std::optional<std::pair<quint64, quint64>> identityOf(const QString &path)
{
    struct stat data {
    };
    if (::stat(QFile::encodeName(path).constData(), &data) != 0 || !S_ISDIR(data.st_mode))
        return std::nullopt;
    return std::pair<quint64, quint64>{data.st_dev, data.st_ino};
}

/// The parent, or where that is missing the next folder above it that is there.
QString nearestAncestor(const QString &path)
{
    QString folder = QFileInfo(path).path();
    while (!identityOf(folder) && folder != QFileInfo(folder).path())
        folder = QFileInfo(folder).path();
    return folder;
}

} // namespace

RootWatcher::RootWatcher(RootPaths paths, std::function<bool()> canWatch, QObject *parent)
    : QObject(parent), m_paths{QDir::cleanPath(paths.root)}, m_canWatch(std::move(canWatch))
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettle);
    connect(&m_settle, &QTimer::timeout, this, &RootWatcher::changed);
    m_look.setTimerType(Qt::VeryCoarseTimer);
    m_look.setInterval(kLookPeriod);
    connect(&m_look, &QTimer::timeout, this, [this] {
        refresh();
        Q_EMIT changed();
    });
}

RootWatcher::~RootWatcher() = default;

void RootWatcher::start()
{
    if (std::exchange(m_isStarted, true))
        return;
    m_root = identityOf(m_paths.root);
    refresh();
}

void RootWatcher::stop()
{
    m_isStarted = false;
    m_settle.stop();
    m_look.stop();
    if (m_watcher && !m_watcher->directories().isEmpty())
        m_watcher->removePaths(m_watcher->directories());
    m_watched.clear();
}

bool RootWatcher::isWatching() const
{
    return m_isStarted && !m_look.isActive();
}

/// Watches what is to be watched now; where that cannot be, looks from time to time.
void RootWatcher::refresh()
{
    if (m_look.isActive() && --m_looksUntilRetry > 0)
        return;
    if (!ensureWatcher())
        return refuse("no inotify instance is left (fs.inotify.max_user_instances)");
    bool isAncestorWatched = false;
    bool isRootWatched = false;
    QString ancestor;
    // Again where a folder came between the look and the watch: of that one nobody tells.
    for (int round = 0; round < kRounds && ancestor != nearestAncestor(m_paths.root); ++round) {
        ancestor = nearestAncestor(m_paths.root);
        forgetAllBut({ancestor, m_paths.root});
        isAncestorWatched = ensureFolder(ancestor);
        isRootWatched = ensureFolder(m_paths.root);
    }
    // With the root watched, an ancestor that cannot be (others' folders) would only have told of its replacement.
    if (!isRootWatched && (identityOf(m_paths.root) || !isAncestorWatched))
        return refuse("the system refuses a watch (fs.inotify.max_user_watches, or the folder cannot be read)");
    m_look.stop();
    m_isRefusalLogged = false;
}

void RootWatcher::forgetAllBut(const QStringList &paths)
{
    for (const QString &path : m_watcher->directories()) {
        if (paths.contains(path))
            continue;
        m_watcher->removePath(path);
        m_watched.erase(path);
    }
}

void RootWatcher::refuse(const char *cause)
{
    m_looksUntilRetry = kLooksPerRetry;
    m_look.start();
    if (!std::exchange(m_isRefusalLogged, true))
        qCWarning(lcControl, "cannot watch %s: %s; it is looked at every %lld s instead", qUtf8Printable(m_paths.root), cause,
                  static_cast<long long>(kLookPeriod.count()));
}

bool RootWatcher::ensureWatcher()
{
    if (m_watcher)
        return true;
    if (!m_canWatch())
        return false;
    m_watcher = std::make_unique<QFileSystemWatcher>();
    connect(m_watcher.get(), &QFileSystemWatcher::directoryChanged, this, &RootWatcher::handleChange);
    return true;
}

bool RootWatcher::ensureFolder(const QString &path)
{
    // Looked at before it is added: should it be replaced in between, the next comparison tells.
    const std::optional<Identity> identity = identityOf(path);
    // Qt drops a deleted folder without a word; one that was moved away stays, by its old inode.
    const bool isListed = m_watcher->directories().contains(path);
    const auto known = m_watched.find(path);
    if (identity && isListed && known != m_watched.end() && known->second == *identity)
        return true;
    if (isListed)
        m_watcher->removePath(path);
    m_watched.erase(path);
    if (!identity || !m_watcher->addPath(path))
        return false;
    m_watched.emplace(path, *identity);
    return true;
}

void RootWatcher::handleChange(const QString &path)
{
    if (!m_isStarted)
        return;
    refresh();
    const std::optional<Identity> before = std::exchange(m_root, identityOf(m_paths.root));
    if (path == m_paths.root || before != m_root) // other changes beside the root, as in a home folder, are nobody's business
        tell();
}

void RootWatcher::tell()
{
    if (m_settle.isActive())
        return; // it will be told
    m_settle.start();
    Q_EMIT changed();
}

} // namespace dormouse
