// SPDX-License-Identifier: MIT
#include "shared/presence/heartbeatscanner_p.h"

#include <QFile>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

/// So few files are stat'ed at every scan: it costs nothing, and no inode number can mislead.
constexpr std::size_t kSmallFolder = 256;
/// How many files that were changing at the last scan a hint scan stats, too.
constexpr int kChangingMax = 64;
/// Files that are no heartbeat are remembered as such, up to so many beyond the bound.
constexpr std::size_t kKnownMax = 2 * std::size_t{defaults::kHeartbeatsMax};

QByteArray bytesOf(std::string_view name)
{
    return {name.data(), static_cast<qsizetype>(name.size())};
}

} // namespace

HeartbeatScanner::Impl::Impl(QString folder, const ProcessTable &processes)
    : m_folderPath(std::move(folder)), m_processes(processes), m_buffer(defaults::kHeartbeatBytesMax + 1, Qt::Uninitialized)
{
}

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
    m_parents.clear();
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
        m_scan.entries.reserve(std::min<std::size_t>(m_scan.entries.size() + m_newcomers.size(), defaults::kHeartbeatsMax));
        for (Newcomer &newcomer : m_newcomers)
            visitNewcomer(std::move(newcomer));
        m_newcomers = {}; // of very many the names alone take megabytes
        m_listing = std::exchange(m_listed, {});
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
            visitNewcomer({bytesOf(candidate->name), candidate->inode});
        } else if (m_newcomers.size() < kKnownMax) {
            m_newcomers.push_back({bytesOf(candidate->name), candidate->inode});
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
    if (m_expected < m_listing.size() && viewOf(m_listing[m_expected]->first) == name)
        return m_listing[m_expected++];
    const auto found = m_known.find(name);
    if (found == m_known.end())
        return nullptr;
    if (found->second.seenIn != m_number) // else its place is in the new listing
        m_expected = std::size_t{found->second.place} + 1;
    return &*found;
}

void HeartbeatScanner::Impl::list(KnownFiles::value_type &file)
{
    file.second.place = static_cast<quint32>(m_listed.size());
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

QString heartbeatPath(const QString &folder, const QByteArray &name)
{
    return folder % u'/' % QFile::decodeName(name);
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
