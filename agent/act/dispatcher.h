// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/records/lifecyclerecord.h"
#include "shared/records/logentry.h"
#include "shared/storage/eventlog.h"
#include "shared/storage/rootpaths.h"

#include <QObject>

#include <deque>
#include <optional>

namespace dormouse {

/// The one writer of lifecycle_state.json and of the event log (lifecycle specification, "Dispatch"). Needs the single-writer lock. Main thread.
class Dispatcher : public QObject
{
    Q_OBJECT

public:
    Dispatcher(const RootPaths &paths, const Clock &clock, bool shadowRun, QObject *parent = nullptr);

    /// Reads the record; a missing or invalid one is the default. The bad file stays until the first write, which keeps a copy.
    void load(WallTime now);

    /// Its log line is left to flushLog(). False when a transition could not be written: then nothing has happened. One into WAKE always takes effect at once; its write is tried again by retry().
    [[nodiscard]] bool dispatch(Event event, Payload payload, WallTime now);
    /// Appends one line to the event log; one that fails is tried again by retry(), 256 at most are kept.
    void log(const LogEntry &entry);
    /// Writes the sleep cycle's bookkeeping into the record, for other readers; nothing when it is there already. False when it could not be written.
    [[nodiscard]] bool mirrorCycle(const QJsonValue &progress, const QJsonValue &quarantine);
    /// A configured step keeps the record's two fields itself, without the lock: they are read again before each write of the record.
    void setCycleFieldsForeign(bool isForeign) { m_isCycleForeign = isForeign; }
    /// After such a step: takes the two fields from the disk, and mends the others, should the step have carried back what it read earlier.
    void reloadCycleFields();
    /// Appends what dispatch() has left to be logged. The caller tells clients in between: the record, not the log, is the truth.
    void flushLog();
    /// Tries again what could not be written. Called at every tick.
    void retry();

    [[nodiscard]] const LifecycleRecord &record() const { return m_record; }
    /// Since when the state has been the same, as a time stamp: `since_ts` moves with each request in WAKE, too.
    [[nodiscard]] const QString &stateSinceTs() const { return m_stateSinceTs; }
    [[nodiscard]] State state() const { return m_record.state; }
    [[nodiscard]] bool isWritePending() const { return m_isWritePending; }
    [[nodiscard]] const std::optional<Error> &lastError() const { return m_writeError ? m_writeError : m_logError; }
    [[nodiscard]] const RootPaths &paths() const { return m_paths; }

Q_SIGNALS:
    void transitioned(dormouse::State from, dormouse::State to, dormouse::Event trigger);
    void logged(const dormouse::LogEntry &entry);
    /// A line was written that is the first of its UTC day since the start: time to archive old days.
    void logDayBegan(dormouse::WallTime at);

private:
    [[nodiscard]] bool write(const LifecycleRecord &record);
    [[nodiscard]] std::optional<LifecycleRecord> onDisk() const;
    void takeForeignFields(LifecycleRecord &record) const;
    void settleWrite();
    [[nodiscard]] bool append(const LogEntry &entry);
    void enqueue(const LogEntry &entry);
    void logTransition(State from, State to, Event trigger, WallTime now);

    RootPaths m_paths;
    const Clock &m_clock;
    EventLog m_log;
    std::optional<std::chrono::sys_days> m_logDay; ///< of the last line
    bool m_shadowRun;
    LifecycleRecord m_record;
    QString m_stateSinceTs;
    bool m_isCycleForeign = false;
    bool m_isBadFile = false;
    bool m_isWritePending = false;
    std::deque<LogEntry> m_unlogged;
    std::optional<Error> m_writeError;
    std::optional<Error> m_logError;
};

} // namespace dormouse
