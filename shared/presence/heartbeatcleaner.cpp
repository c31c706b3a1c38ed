// SPDX-License-Identifier: MIT
#include "shared/base/defaults.h"
#include "shared/presence/heartbeatfolder.h"
#include "shared/presence/heartbeatscanner.h"

#include <cerrno>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

constexpr int kPassesMax = 8;

/// One clean-up of one open folder.
class Cleaner
{
public:
    Cleaner(HeartbeatFolder &folder, QString path, const ProcessTable &processes, CleanScope scope, WallTime now,
            Millis staleAfter, const std::atomic<bool> *isOver)
        : m_folder(folder), m_path(std::move(path)), m_processes(processes), m_scope(scope), m_now(now), m_staleAfter(staleAfter),
          m_isOver(isOver)
    {
    }

    CleanResult run()
    {
        // A listing that shrinks while it is read may skip some: once more, as long as something went. No names are collected, of a flood they take megabytes.
        for (int pass = 0, before = -1; pass < kPassesMax && m_result.removed != before; ++pass) {
            before = m_result.removed;
            m_result.failures.clear();
            if (!cleanOnce())
                break;
            m_folder.rewind();
        }
        return std::move(m_result);
    }

private:
    /// False when there is no point in going on.
    bool cleanOnce()
    {
        while (const std::optional<HeartbeatFolder::Candidate> candidate = m_folder.next()) {
            if (m_isOver != nullptr && *m_isOver)
                return false;
            if (candidate->mayBeRegular)
                clean({candidate->name.data(), static_cast<qsizetype>(candidate->name.size())});
        }
        if (m_folder.listError() != 0)
            m_result.failures.push_back({ErrorCode::Io, u"cannot list the folder"_s, m_path, m_folder.listError()});
        return m_folder.listError() == 0;
    }

    void clean(const QByteArray &name)
    {
        const FileLook judged = m_folder.read(name.constData(), m_buffer.data());
        if (judged.state == FileState::Failed && judged.systemError != EACCES) {
            fail(u"cannot read the heartbeat"_s, name, judged.systemError);
            return;
        }
        const std::optional<Heartbeat> heartbeat = heartbeatOf(judged, name);
        if (!heartbeat || !isLitter(*heartbeat))
            return;
        // Wrappers rename a new file into place: another inode, or a newer time, is a heartbeat that was refreshed meanwhile. The instant between this look
        // and the unlink is left open on purpose: setting the file aside first would hide a live heartbeat for longer, and lose it for good in a crash.
        const FileLook current = m_folder.stat(name.constData());
        if (current.state == FileState::Failed)
            return fail(u"cannot look at the heartbeat"_s, name, current.systemError);
        if (current.state != FileState::Gone && (current.state != FileState::Regular || current.stamp != judged.stamp))
            return;
        const int failure = m_folder.remove(name.constData());
        if (failure == 0 || failure == ENOENT)
            ++m_result.removed;
        else
            fail(u"cannot remove the heartbeat"_s, name, failure);
    }

    [[nodiscard]] bool isLitter(const Heartbeat &heartbeat) const
    {
        const bool alive = m_processes.isAlive(heartbeat.pid);
        switch (m_scope) {
        case CleanScope::StaleAndOrphan:
            return heartbeatStatus(heartbeat.lastRefresh, alive, m_now, m_staleAfter) != HeartbeatStatus::Fresh;
        case CleanScope::DeadAndOld: return !alive && heartbeat.lastRefresh < m_now - m_staleAfter;
        }
        return false;
    }

    void fail(const QString &what, const QByteArray &name, int systemError)
    {
        m_result.failures.push_back({ErrorCode::Io, what, heartbeatPath(m_path, name), systemError});
    }

    HeartbeatFolder &m_folder;
    const QString m_path;
    const ProcessTable &m_processes;
    const CleanScope m_scope;
    const WallTime m_now;
    const Millis m_staleAfter;
    const std::atomic<bool> *const m_isOver;
    QByteArray m_buffer{defaults::kHeartbeatBytesMax + 1, Qt::Uninitialized};
    CleanResult m_result;
};

} // namespace

CleanResult cleanHeartbeats(const QString &folder, const ProcessTable &processes, CleanScope scope, WallTime now,
                            Millis staleAfter, const std::atomic<bool> *isOver)
{
    Result<HeartbeatFolder> opened = HeartbeatFolder::open(folder);
    if (opened)
        return Cleaner(opened.value(), folder, processes, scope, now, staleAfter, isOver).run();
    CleanResult result;
    if (opened.error().code != ErrorCode::NotFound)
        result.failures.push_back(opened.error());
    return result;
}

} // namespace dormouse
