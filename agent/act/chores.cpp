// SPDX-License-Identifier: MIT
#include "agent/act/chores.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/storage/eventlog.h"
#include "shared/storage/file.h"

#include <utility>

namespace dormouse {

Chores::Chores(RootPaths paths, const ProcessTable &processes, QObject *parent)
    : QObject(parent), m_paths(std::move(paths)), m_processes(processes)
{
}

Chores::~Chores()
{
    m_isOver = true;
    m_worker.clear(); // it goes first of the members, and with it what is under way
}

void Chores::start(std::function<std::function<void()>()> work)
{
    ++m_count;
    m_worker.start([this, work = std::move(work)] {
        QMetaObject::invokeMethod(
            this,
            [this, told = work()] {
                --m_count;
                told();
            },
            Qt::QueuedConnection);
    });
}

bool Chores::skip(const std::function<void()> &done)
{
    if (!isFull())
        return false;
    if (done)
        QMetaObject::invokeMethod(this, done, Qt::QueuedConnection);
    return true;
}

void Chores::archiveLogs(WallTime now, std::function<void()> done)
{
    if (skip(done))
        return;
    start([this, now, done = std::move(done)] {
        if (const auto archived = EventLog(m_paths.logs()).archive(now, &m_isOver); !archived && !m_isOver)
            qCWarning(lcStorage).noquote() << "cannot archive old event logs:" << archived.error().text();
        return done ? done : [] {};
    });
}

void Chores::removeDeadHeartbeats(WallTime now, Millis staleAfter, std::function<void()> done)
{
    if ((m_isRemovingDead && !done) || skip(done))
        return;
    m_isRemovingDead = true;
    start([this, now, staleAfter, done = std::move(done)] {
        const CleanResult result =
            cleanHeartbeats(m_paths.wrappers(), m_processes, CleanScope::DeadAndOld, now, staleAfter, &m_isOver);
        for (const Error &error : result.failures)
            qCWarning(lcSense).noquote() << "cannot remove a dead heartbeat:" << error.text();
        return [this, done] {
            m_isRemovingDead = false;
            if (done)
                done();
        };
    });
}

void Chores::clean(WallTime now, Millis staleAfter, std::function<void(const Cleaned &)> done)
{
    start([this, now, staleAfter, done = std::move(done)] {
        Cleaned cleaned;
        cleaned.heartbeats =
            cleanHeartbeats(m_paths.wrappers(), m_processes, CleanScope::StaleAndOrphan, now, staleAfter, &m_isOver);
        const WallTime litter = now - defaults::kTemporaryAge;
        cleaned.temporaries = sweepForeignTemporaries(m_paths.root, litter) + sweepForeignTemporaries(m_paths.wrappers(), litter);
        return [cleaned, done] { done(cleaned); };
    });
}

} // namespace dormouse
