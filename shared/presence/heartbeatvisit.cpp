// SPDX-License-Identifier: MIT
#include "shared/presence/heartbeatscanner_p.h"

#include <cerrno>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

/// Kernels stamp files with a clock that moves each 1 to 10 ms: a file that changed less than this before it was read may change again under the same stamp.
constexpr Millis kStampGrain{20};

} // namespace

/// False when the file is gone, or is none; then it is not to be remembered.
bool HeartbeatScanner::Impl::visit(KnownFiles::value_type &file, quint64 direntInode)
{
    KnownFile &known = file.second;
    const bool isNew = known.seenIn == 0;
    bool readNow = isNew;
    if (!isNew && !isTrusted(known, direntInode)) {
        const FileLook look = m_folder->stat(file.first.constData());
        if (look.state == FileState::Gone || look.state == FileState::NotRegular)
            return false;
        readNow = known.unsettled || look.stamp != known.stamp;
    }
    if (readNow && !read(file))
        return false;
    if (!readNow && known.isEntry && !known.staleConfirmed
        && heartbeatStatus(known.heartbeat.lastRefresh, true, m_scan.at, m_staleAfter) == HeartbeatStatus::Stale) {
        readNow = true;
        if (!read(file))
            return false;
    }
    known.listsInode = direntInode == known.stamp.inode;
    known.seenIn = m_number;
    const HeartbeatStatus status = known.isEntry ? judge(file) : HeartbeatStatus::Fresh;
    known.staleConfirmed = status == HeartbeatStatus::Stale && (readNow || known.staleConfirmed);
    return true;
}

/// Whether a hint scan may take the directory's word that the file is the one it knows.
bool HeartbeatScanner::Impl::isTrusted(const KnownFile &known, quint64 direntInode)
{
    if (m_depth == ScanDepth::Full || direntInode == 0 || !known.listsInode || direntInode != known.stamp.inode
        || known.unsettled)
        return false;
    // A file in quick change gets its old inode number back now and then.
    return known.changedIn + 1 != m_number || m_changingLeft-- <= 0;
}

bool HeartbeatScanner::Impl::read(KnownFiles::value_type &file)
{
    KnownFile &known = file.second;
    const FileLook look = m_folder->read(file.first.constData(), m_buffer.data());
    if (look.state == FileState::Gone || look.state == FileState::NotRegular)
        return false;
    if (look.state == FileState::Foreign)
        return leaveOut(file, look);
    if (look.state == FileState::Failed)
        return keepAfterFailure(file, look);
    if (known.seenIn != 0 && known.stamp != look.stamp)
        known.changedIn = m_number;
    known.stamp = look.stamp;
    known.unsettled = look.stamp.changed() > m_started - kStampGrain;
    std::optional<Heartbeat> heartbeat = heartbeatOf(look, file.first);
    known.isEntry = heartbeat.has_value();
    if (heartbeat)
        take(known, std::move(*heartbeat));
    return true;
}

/// Put there while others could write in the folder: its word keeps nobody awake.
bool HeartbeatScanner::Impl::leaveOut(KnownFiles::value_type &file, const FileLook &look)
{
    ++m_scan.unreadable;
    if (!m_scan.fileError)
        m_scan.fileError =
            Error{ErrorCode::Permission,
                  u"the heartbeat belongs to another user (uid %1) and does not count; remove it"_s.arg(look.owner),
                  heartbeatPath(m_folderPath, file.first)};
    return false;
}

/// A file that is there but cannot be read: what is known of it stands when the cause is ours (out of descriptors), else name and mtime do.
bool HeartbeatScanner::Impl::keepAfterFailure(KnownFiles::value_type &file, const FileLook &look)
{
    KnownFile &known = file.second;
    ++m_scan.unreadable;
    if (!m_scan.fileError)
        m_scan.fileError =
            Error{ErrorCode::Io, u"cannot read the heartbeat"_s, heartbeatPath(m_folderPath, file.first), look.systemError};
    known.unsettled = true;
    const bool forbidden = look.systemError == EACCES || look.systemError == EPERM;
    if (known.isEntry && !forbidden)
        return true;
    std::optional<Heartbeat> heartbeat = heartbeatOf(look, file.first);
    known.stamp = look.stamp;
    known.isEntry = heartbeat.has_value();
    if (heartbeat)
        take(known, std::move(*heartbeat));
    return true;
}

void HeartbeatScanner::Impl::take(KnownFile &known, Heartbeat heartbeat)
{
    if (known.heartbeat == heartbeat)
        return; // read again, and the same
    if (known.heartbeat.pid != heartbeat.pid || known.heartbeat.uuid != heartbeat.uuid) {
        known.firstStartTime.reset();
        known.reused = false;
    }
    known.heartbeat = std::move(heartbeat);
    known.startTime.reset();
    known.parent = ParentKind::Unknown;
    known.hasFacts = false;
}

HeartbeatStatus HeartbeatScanner::Impl::judge(KnownFiles::value_type &file)
{
    KnownFile &known = file.second;
    const bool wasAlive = std::exchange(known.alive, isAlive(known));
    HeartbeatStatus status = heartbeatStatus(known.heartbeat.lastRefresh, known.alive, m_scan.at, m_staleAfter);
    if (known.alive && (!known.hasFacts || !wasAlive || (status == HeartbeatStatus::Fresh && isFactsTurn())))
        askFacts(known);
    if (known.reused && status == HeartbeatStatus::Fresh)
        status = HeartbeatStatus::Orphan;
    m_scan.entries.push_back({.name = file.first,
                              .heartbeat = known.heartbeat,
                              .status = status,
                              .alive = known.alive,
                              .reused = known.reused,
                              .parent = known.parent,
                              .startTime = known.startTime});
    return status;
}

/// A process that told its start time within this scan lives: one process may have many heartbeats, a uuid each.
bool HeartbeatScanner::Impl::isAlive(const KnownFile &known) const
{
    if (!known.hasFacts) {
        if (const auto asked = m_facts.find(known.heartbeat.pid); asked != m_facts.end() && asked->second.startTime)
            return true;
    }
    return m_processes.isAlive(known.heartbeat.pid);
}

bool HeartbeatScanner::Impl::isFactsTurn() const
{
    const std::size_t place = m_scan.entries.size();
    return m_asksInTurn && place >= m_factsCursor && place < m_factsCursor + kFactsPerScan;
}

/// Wrappers by the dozen have the same parent.
ParentKind HeartbeatScanner::Impl::parentKind(qint64 parent)
{
    const auto [found, isNew] = m_parents.try_emplace(parent, ParentKind::Other);
    if (isNew && m_processes.isReaper(parent))
        found->second = ParentKind::Reaper;
    return found->second;
}

void HeartbeatScanner::Impl::askFacts(KnownFile &known)
{
    const auto [found, isNew] = m_facts.try_emplace(known.heartbeat.pid);
    if (isNew) {
        const ProcessFacts facts = m_processes.facts(known.heartbeat.pid);
        found->second = {facts.startTime, facts.parent ? parentKind(*facts.parent) : ParentKind::Unknown};
    }
    known.hasFacts = true;
    known.startTime = found->second.startTime;
    known.parent = found->second.parent;
    if (!known.firstStartTime)
        known.firstStartTime = known.startTime;
    known.reused = known.startTime.hasValue() && known.startTime != known.firstStartTime;
}

} // namespace dormouse
