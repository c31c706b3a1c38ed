// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/presence/heartbeatscanner.h"

#include <QObject>
#include <QThreadPool>

#include <memory>

namespace dormouse {

/// Runs scans so that no client waits: at once where the folder is small, on a worker thread where the last scan saw more than 1 000 files. Requests that come while
/// one runs are folded into one that follows. Main thread.
class ScanRunner : public QObject
{
    Q_OBJECT

public:
    ScanRunner(QString folder, const ProcessTable &processes, const Clock &clock, QObject *parent = nullptr);
    ~ScanRunner() override;

    /// Asks for a scan; `scanned` follows, before this returns or later.
    void request(ScanDepth depth);
    void setStaleAfter(Millis staleAfter);
    [[nodiscard]] bool isRunning() const;

Q_SIGNALS:
    void scanned(const dormouse::HeartbeatScan &scan);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
