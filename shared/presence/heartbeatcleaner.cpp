// SPDX-License-Identifier: MIT
#include "shared/base/defaults.h"
#include "shared/presence/heartbeatfolder.h"
#include "shared/presence/heartbeatscanner.h"

#include <QFile>

#include <cerrno>
#include <string>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

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
        // All names first: a listing that shrinks while it is read may skip some.
        std::vector<std::string> names;
        while (const std::optional<HeartbeatFolder::Candidate> candidate = m_folder.next()) {
            if (candidate->mayBeRegular)
                names.emplace_back(candidate->name);
        }
        if (m_folder.listError() != 0)
            m_result.failures.push_back({ErrorCode::Io, u"cannot list the folder"_s, m_path, m_folder.listError()});
        for (const std::string &name : names) {
            if (m_isOver != nullptr && *m_isOver)
                break;
            clean(name);
        }
        return std::move(m_result);
    }

private:
    void clean(const std::string &name)
    {
        const FileLook judged = m_folder.read(name.c_str(), m_buffer.data());
        const QString fileName = QFile::decodeName(name.c_str());
        if (judged.state == FileState::Failed && judged.systemError != EACCES) {
            fail(u"cannot read the heartbeat"_s, fileName, judged.systemError);
            return;
        }
        const std::optional<Heartbeat> heartbeat = heartbeatOf(judged, fileName);
        if (!heartbeat || !isLitter(*heartbeat))
            return;
        // Wrappers rename a new file into place: another inode, or a newer time, is a heartbeat that was refreshed meanwhile. The instant between this look
        // and the unlink is left open on purpose: setting the file aside first would hide a live heartbeat for longer, and lose it for good in a crash.
        const FileLook current = m_folder.stat(name.c_str());
        if (current.state == FileState::Failed)
            return fail(u"cannot look at the heartbeat"_s, fileName, current.systemError);
        if (current.state != FileState::Gone && (current.state != FileState::Regular || current.stamp != judged.stamp))
            return;
        const int failure = m_folder.remove(name.c_str());
        if (failure == 0 || failure == ENOENT)
            ++m_result.removed;
        else
            fail(u"cannot remove the heartbeat"_s, fileName, failure);
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

    void fail(const QString &what, const QString &fileName, int systemError)
    {
        m_result.failures.push_back({ErrorCode::Io, what, m_path % u'/' % fileName, systemError});
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
