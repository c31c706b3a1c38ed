// SPDX-License-Identifier: MIT
#include "shared/presence/heartbeatscanner.h"

#include "shared/base/defaults.h"
#include "shared/presence/heartbeatfolder.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <string>
#include <unordered_map>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

/// Facts cost a file each on Linux: a full scan asks for this many in turn, so that a tick stays cheap with 10 000 wrappers.
constexpr std::size_t kFactsPerScan = 500;
/// So few files are stat'ed at every scan: it costs nothing, and no inode number can mislead.
constexpr std::size_t kSmallFolder = 256;
/// How many files that were changing at the last scan a hint scan stats, too.
constexpr int kChangingMax = 64;
/// Files that are no heartbeat are remembered as such, up to so many beyond the bound.
constexpr std::size_t kKnownMax = 2 * std::size_t{defaults::kHeartbeatsMax};
/// Kernels stamp files with a clock that moves each 1 to 10 ms: a file that changed less than this before it was read may change again under the same stamp.
constexpr Millis kStampGrain{20};

struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
};

/// What is remembered of one file.
struct Known {
    HeartbeatEntry entry;
    FileStamp stamp;
    std::optional<qint64> firstStartTime; // of the process at first sight of (pid, uuid)
    quint64 direntInode = 0;              // what the directory said; 0: not to be trusted
    quint64 seenIn = 0;                   // number of the scan that saw it last
    quint64 changedIn = 0;                // number of the scan that found it changed
    std::size_t place = 0;                // where it stood in the last listing
    bool isEntry = false;
    bool hasFacts = false;                // asked since it was read last
    bool unsettled = false;               // may have changed under the same stamp, or could not be read: read it again
    bool staleConfirmed = false;          // was read again and found stale
};

using KnownFiles = std::unordered_map<std::string, Known, NameHash, std::equal_to<>>;

struct Newcomer {
    std::string name;
    quint64 inode = 0;
};

} // namespace

class HeartbeatScanner::Impl
{
public:
    Impl(QString folder, const ProcessTable &processes)
        : m_folderPath(std::move(folder)), m_processes(processes), m_buffer(defaults::kHeartbeatBytesMax + 1, Qt::Uninitialized),
          m_pathBytes(QFile::encodeName(m_folderPath) + '/'), m_prefixBytes(m_pathBytes.size()),
          m_prefixLength(QFile::decodeName(m_pathBytes).size())
    {
    }

    HeartbeatScan scan(ScanDepth depth, WallTime now, Millis staleAfter);

private:
    struct Facts {
        ProcessFacts process;
        bool parentIsReaper = false;
    };

    void begin(ScanDepth depth, WallTime now, Millis staleAfter);
    void walk();
    void visitUnlisted();
    void visitNewcomer(Newcomer newcomer);
    void list(KnownFiles::value_type &file);
    KnownFiles::value_type *find(std::string_view name);
    bool visit(KnownFiles::value_type &file, quint64 direntInode);
    bool isTrusted(const Known &known, quint64 direntInode);
    void setPath(KnownFiles::value_type &file);
    bool read(KnownFiles::value_type &file);
    bool keepAfterFailure(KnownFiles::value_type &file, const FileLook &look);
    void take(Known &known, Heartbeat heartbeat);
    void judge(Known &known);
    [[nodiscard]] bool isFactsTurn() const;
    void askFacts(Known &known);

    const QString m_folderPath;
    const ProcessTable &m_processes;
    QByteArray m_buffer;
    QByteArray m_pathBytes; // the folder and a slash, then whatever name is looked at
    const qsizetype m_prefixBytes;
    const qsizetype m_prefixLength; // in UTF-16 units
    KnownFiles m_known;
    std::vector<KnownFiles::value_type *> m_listing; // in the order of the last listing: the next one will hardly differ
    std::pair<quint64, quint64> m_identity;
    quint64 m_number = 0;
    std::size_t m_factsCursor = 0;
    std::size_t m_lastCount = 0;

    // Of the scan that runs.
    HeartbeatFolder *m_folder = nullptr;
    HeartbeatScan m_scan;
    ScanDepth m_depth = ScanDepth::Full;
    bool m_asksInTurn = false;
    Millis m_staleAfter{0};
    WallTime m_started; // system time: stamps of files are compared with it
    std::vector<KnownFiles::value_type *> m_listed;
    std::size_t m_expected = 0; // place in m_listing that is likely to be listed next
    std::vector<Newcomer> m_newcomers;
    std::unordered_map<qint64, Facts> m_facts;
    int m_changingLeft = 0;
};

void HeartbeatScanner::Impl::begin(ScanDepth depth, WallTime now, Millis staleAfter)
{
    ++m_number;
    m_scan = {};
    m_scan.at = now;
    m_scan.entries.reserve(std::min<std::size_t>(m_lastCount + 16, defaults::kHeartbeatsMax));
    m_depth = m_known.size() <= kSmallFolder ? ScanDepth::Full : depth;
    m_asksInTurn = depth == ScanDepth::Full;
    m_staleAfter = staleAfter;
    m_listed.clear();
    m_listed.reserve(m_listing.size());
    m_expected = 0;
    m_newcomers.clear();
    m_facts.clear();
    m_changingLeft = kChangingMax;
}

HeartbeatScan HeartbeatScanner::Impl::scan(ScanDepth depth, WallTime now, Millis staleAfter)
{
    const Instants start = SystemClock().now();
    m_started = start.wall;
    begin(depth, now, staleAfter);
    Result<HeartbeatFolder> folder = HeartbeatFolder::open(m_folderPath);
    if (folder) {
        m_folder = &folder.value();
        if (const auto identity = m_folder->identity(); identity != m_identity) {
            m_identity = identity; // another folder: its inode numbers mean nothing to us
            m_depth = ScanDepth::Full;
        }
        walk();
        visitUnlisted();
        for (Newcomer &newcomer : m_newcomers)
            visitNewcomer(std::move(newcomer));
        m_listing.swap(m_listed);
        m_folder = nullptr;
    } else if (folder.error().code == ErrorCode::NotFound) {
        m_known.clear();
        m_listing.clear();
    } else {
        m_scan.error = folder.error();
    }
    m_lastCount = m_scan.entries.size();
    if (m_asksInTurn)
        m_factsCursor = m_factsCursor + kFactsPerScan >= m_lastCount ? 0 : m_factsCursor + kFactsPerScan;
    m_scan.took = SystemClock().now().elapsed - start.elapsed;
    return std::move(m_scan);
}

void HeartbeatScanner::Impl::walk()
{
    // Those known come first when there are too many: newcomers wait until all of them are seen. The first scan knows none.
    const bool waits = !m_known.empty();
    while (const std::optional<HeartbeatFolder::Candidate> candidate = m_folder->next()) {
        if (KnownFiles::value_type *file = find(candidate->name)) {
            if (file->second.seenIn == m_number)
                continue; // listed twice, as may happen while others rename
            if (visit(*file, candidate->mayBeRegular ? candidate->inode : 0))
                list(*file);
        } else if (!candidate->mayBeRegular) {
            continue;
        } else if (!waits) {
            visitNewcomer({std::string(candidate->name), candidate->inode});
        } else if (m_newcomers.size() < kKnownMax) {
            m_newcomers.push_back({std::string(candidate->name), candidate->inode});
        } else {
            ++m_scan.overflow;
        }
    }
    if (m_folder->listError() != 0)
        m_scan.error = Error{ErrorCode::Io, u"cannot list the folder"_s, m_folderPath, m_folder->listError()};
}

/// Listings hardly change: the file that followed last time is tried first, the hash only when it is another one.
KnownFiles::value_type *HeartbeatScanner::Impl::find(std::string_view name)
{
    if (m_expected < m_listing.size() && m_listing[m_expected]->first == name)
        return m_listing[m_expected++];
    const auto found = m_known.find(name);
    if (found == m_known.end())
        return nullptr;
    if (found->second.seenIn != m_number) // else its place is in the new listing
        m_expected = found->second.place + 1;
    return &*found;
}

void HeartbeatScanner::Impl::list(KnownFiles::value_type &file)
{
    file.second.place = m_listed.size();
    m_listed.push_back(&file);
}

/// A rename during the listing may hide a name: only a file that is asked for by its name and not there is gone.
void HeartbeatScanner::Impl::visitUnlisted()
{
    if (m_listed.size() == m_known.size())
        return;
    for (auto file = m_known.begin(); file != m_known.end();) {
        if (file->second.seenIn != m_number && visit(*file, 0))
            list(*file);
        file = file->second.seenIn == m_number ? std::next(file) : m_known.erase(file);
    }
}

void HeartbeatScanner::Impl::visitNewcomer(Newcomer newcomer)
{
    if (m_scan.entries.size() >= std::size_t{defaults::kHeartbeatsMax} || m_known.size() >= kKnownMax) {
        ++m_scan.overflow;
        return;
    }
    const auto [file, isNew] = m_known.try_emplace(std::move(newcomer.name));
    if (!isNew)
        return; // listed twice
    if (visit(*file, newcomer.inode))
        list(*file);
    else
        m_known.erase(file);
}

/// False when the file is gone, or is none; then it is not to be remembered.
bool HeartbeatScanner::Impl::visit(KnownFiles::value_type &file, quint64 direntInode)
{
    Known &known = file.second;
    const bool isNew = known.seenIn == 0;
    bool readNow = isNew;
    if (!isNew && !isTrusted(known, direntInode)) {
        const FileLook look = m_folder->stat(file.first.c_str());
        if (look.state == FileState::Gone || look.state == FileState::NotRegular)
            return false;
        readNow = known.unsettled || look.stamp != known.stamp;
    }
    if (readNow && !read(file))
        return false;
    if (!readNow && known.isEntry && !known.staleConfirmed
        && heartbeatStatus(known.entry.heartbeat.lastRefresh, true, m_scan.at, m_staleAfter) == HeartbeatStatus::Stale) {
        readNow = true;
        if (!read(file))
            return false;
    }
    known.direntInode = direntInode == known.stamp.inode ? direntInode : 0;
    known.seenIn = m_number;
    if (known.isEntry)
        judge(known);
    known.staleConfirmed = known.entry.status == HeartbeatStatus::Stale && (readNow || known.staleConfirmed);
    return true;
}

/// Whether a hint scan may take the directory's word that the file is the one it knows.
bool HeartbeatScanner::Impl::isTrusted(const Known &known, quint64 direntInode)
{
    if (m_depth == ScanDepth::Full || direntInode == 0 || direntInode != known.direntInode || known.unsettled)
        return false;
    // A file in quick change gets its old inode number back now and then.
    return known.changedIn + 1 != m_number || m_changingLeft-- <= 0;
}

void HeartbeatScanner::Impl::setPath(KnownFiles::value_type &file)
{
    if (!file.second.entry.path.isEmpty())
        return;
    m_pathBytes.truncate(m_prefixBytes);
    m_pathBytes.append(file.first.data(), qsizetype(file.first.size()));
    file.second.entry.path = QFile::decodeName(m_pathBytes);
}

bool HeartbeatScanner::Impl::read(KnownFiles::value_type &file)
{
    Known &known = file.second;
    const FileLook look = m_folder->read(file.first.c_str(), m_buffer.data());
    if (look.state == FileState::Gone || look.state == FileState::NotRegular)
        return false;
    if (look.state == FileState::Failed)
        return keepAfterFailure(file, look);
    if (known.seenIn != 0 && known.stamp != look.stamp)
        known.changedIn = m_number;
    known.stamp = look.stamp;
    known.unsettled = look.stamp.changed() > m_started - kStampGrain;
    setPath(file);
    std::optional<Heartbeat> heartbeat = heartbeatOf(look, QStringView(known.entry.path).sliced(m_prefixLength));
    known.isEntry = heartbeat.has_value();
    if (heartbeat)
        take(known, std::move(*heartbeat));
    return true;
}

/// A file that is there but cannot be read: what is known of it stands when the cause is ours (out of descriptors), else name and mtime do.
bool HeartbeatScanner::Impl::keepAfterFailure(KnownFiles::value_type &file, const FileLook &look)
{
    Known &known = file.second;
    setPath(file);
    ++m_scan.unreadable;
    if (!m_scan.fileError)
        m_scan.fileError = Error{ErrorCode::Io, u"cannot read the heartbeat"_s, known.entry.path, look.systemError};
    known.unsettled = true;
    const bool forbidden = look.systemError == EACCES || look.systemError == EPERM;
    if (known.isEntry && !forbidden)
        return true;
    std::optional<Heartbeat> heartbeat = heartbeatOf(look, QStringView(known.entry.path).sliced(m_prefixLength));
    known.stamp = look.stamp;
    known.isEntry = heartbeat.has_value();
    if (heartbeat)
        take(known, std::move(*heartbeat));
    return true;
}

void HeartbeatScanner::Impl::take(Known &known, Heartbeat heartbeat)
{
    const Heartbeat &before = known.entry.heartbeat;
    if (before == heartbeat)
        return; // read again, and the same
    if (before.pid != heartbeat.pid || before.uuid != heartbeat.uuid) {
        known.firstStartTime.reset();
        known.entry.reused = false;
    }
    known.entry.heartbeat = std::move(heartbeat);
    known.entry.facts = {};
    known.hasFacts = false;
}

void HeartbeatScanner::Impl::judge(Known &known)
{
    HeartbeatEntry &entry = known.entry;
    const bool wasAlive = std::exchange(entry.alive, m_processes.isAlive(entry.heartbeat.pid));
    entry.status = heartbeatStatus(entry.heartbeat.lastRefresh, entry.alive, m_scan.at, m_staleAfter);
    if (entry.alive && (!known.hasFacts || !wasAlive || (entry.status == HeartbeatStatus::Fresh && isFactsTurn())))
        askFacts(known);
    if (entry.reused && entry.status == HeartbeatStatus::Fresh)
        entry.status = HeartbeatStatus::Orphan;
    m_scan.entries.push_back(entry);
}

bool HeartbeatScanner::Impl::isFactsTurn() const
{
    const std::size_t place = m_scan.entries.size();
    return m_asksInTurn && place >= m_factsCursor && place < m_factsCursor + kFactsPerScan;
}

void HeartbeatScanner::Impl::askFacts(Known &known)
{
    HeartbeatEntry &entry = known.entry;
    const auto [found, isNew] = m_facts.try_emplace(entry.heartbeat.pid);
    if (isNew) {
        found->second.process = m_processes.facts(entry.heartbeat.pid);
        const std::optional<qint64> parent = found->second.process.parent;
        found->second.parentIsReaper = parent && m_processes.isReaper(*parent);
    }
    known.hasFacts = true;
    entry.facts = found->second.process;
    entry.parentIsReaper = found->second.parentIsReaper;
    if (!known.firstStartTime)
        known.firstStartTime = entry.facts.startTime;
    entry.reused = entry.facts.startTime && entry.facts.startTime != known.firstStartTime;
}

HeartbeatScanner::HeartbeatScanner(QString folder, const ProcessTable &processes)
    : m_impl(std::make_unique<Impl>(std::move(folder), processes))
{
}

HeartbeatScanner::~HeartbeatScanner() = default;
HeartbeatScanner::HeartbeatScanner(HeartbeatScanner &&other) noexcept = default;

HeartbeatScan HeartbeatScanner::scan(ScanDepth depth, WallTime now, Millis staleAfter)
{
    return m_impl->scan(depth, now, staleAfter);
}

bool hasMoreHeartbeatsThan(const QString &folder, int count)
{
    Result<HeartbeatFolder> opened = HeartbeatFolder::open(folder);
    if (!opened)
        return false;
    int seen = 0;
    while (seen <= count && opened.value().next())
        ++seen;
    return seen > count;
}

} // namespace dormouse
