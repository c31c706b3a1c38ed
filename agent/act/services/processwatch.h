// SPDX-License-Identifier: MIT
#pragma once

#include "shared/presence/processtable.h"
#include "shared/storage/descriptor.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <memory>
#include <optional>

namespace dormouse {

/// How a process ended, as far as it can be known: of one that is not our child only that it did.
struct ProcessEnd {
    std::optional<int> exitCode;
    std::optional<int> signal;

    bool operator==(const ProcessEnd &) const = default;
};

/// Tells when one process ends, whoever its parent is; a child of ours is reaped. Where the system has no notice of it, it looks once a second. Main thread.
class ProcessWatch : public QObject
{
    Q_OBJECT

public:
    /// `startTime` keeps another process with the same pid from being taken for it. ended() follows at a later turn of the event loop.
    ProcessWatch(qint64 pid, qint64 startTime, const ProcessTable &processes, QObject *parent = nullptr);

    [[nodiscard]] qint64 pid() const { return m_pid; }
    [[nodiscard]] bool isOver() const { return m_isOver; }

Q_SIGNALS:
    /// Once. The receiver may not delete the watch from here.
    void ended(const dormouse::ProcessEnd &end);

private:
    void look();
    void finish();

    const qint64 m_pid;
    const qint64 m_startTime;
    const ProcessTable &m_processes;
    Descriptor m_descriptor;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_timer;
    bool m_isOver = false;
};

} // namespace dormouse
