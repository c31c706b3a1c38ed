// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/presence/heartbeatscanner.h"

#include <QObject>

#include <memory>

namespace dormouse {

/// Runs scans so that no client waits: at once where the folder is small, on a worker thread where it holds more than 1 000 heartbeats. Requests that come while
/// one runs, or while its result is told, are folded into one that follows, as thorough as the most thorough of them. Logs an error once, until it changes.
/// `processes` and `clock` must outlive it and are asked from the worker, too; it waits for the worker when it goes. Main thread.
class ScanRunner : public QObject
{
    Q_OBJECT

public:
    ScanRunner(QString folder, const ProcessTable &processes, const Clock &clock, QObject *parent = nullptr);
    ~ScanRunner() override;

    /// Asks for a scan; `scanned` and `finished` follow, before this returns or later.
    void request(ScanDepth depth);
    void setStaleAfter(Millis staleAfter); ///< from the next scan on
    [[nodiscard]] bool isRunning() const;

Q_SIGNALS:
    void scanned(const dormouse::HeartbeatScan &scan);
    void finished(); ///< right after `scanned`, with the scan gone from memory

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
