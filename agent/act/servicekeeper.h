// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/config/configuration.h"
#include "shared/control/snapshot.h"
#include "shared/lifecycle/lifecycle.h"
#include "shared/presence/processtable.h"
#include "shared/records/logentry.h"
#include "shared/storage/rootpaths.h"

#include <QObject>
#include <QSet>

#include <memory>
#include <vector>

namespace dormouse {

/// Starts, stops, adopts and restarts the configured services, so that what runs fits the lifecycle state (sleep-cycle specification, "Services"). Main thread.
class ServiceKeeper : public QObject
{
    Q_OBJECT

public:
    ServiceKeeper(const RootPaths &paths, const ProcessTable &processes, const Clock &clock, QObject *parent = nullptr);
    ~ServiceKeeper() override; ///< leaves services running: they survive the agent

    /// Also while running: services whose configuration changed are restarted when they next start; removed ones are stopped.
    void configure(const Configuration &configuration, const QSet<QString> &leftAlone);
    /// Reads services.json and takes up those that still live; asks the service managers for theirs. Once, behind configure(), before the first setState().
    void adopt();
    /// Makes what runs fit `state`: WAKE starts all, others stop those whose stop_in is reached. Never blocks; a wake during a stop is honoured once the stop is over.
    void setState(State state);
    /// Stops everything but what is left alone, for the agent's own end (SIGTERM). allStopped() follows. No wish counts behind it.
    void stopAll();
    /// For ticks: rotates logs, asks service managers, writes again what could not be written.
    void poll();

    enum class Action { Start, Stop, Restart, LeaveAlone };
    /// By hand. Errors: NotFound.
    [[nodiscard]] Result<ServiceView> act(const QString &name, Action action);

    [[nodiscard]] std::vector<ServiceView> views() const;
    /// Names of running services that entering `target` will stop.
    [[nodiscard]] QStringList stoppedBy(State target) const;
    [[nodiscard]] bool isAnyStopping() const;
    [[nodiscard]] bool isAllReady() const;   ///< every service that should run is ready
    [[nodiscard]] qint64 freedBytes() const; ///< resident memory of what was stopped since the last start, just before its stop
    [[nodiscard]] QSet<QString> leftAlone() const;
    /// Services that keep crashing, with the reason: for attention.
    [[nodiscard]] QMap<QString, QString> troubled() const;

Q_SIGNALS:
    void changed(); ///< views() differ
    void
    allStopped(); ///< nothing that the state forbids runs any more; once for each setState() that changed it to another than WAKE
    /// service_started, service_ready, service_stopped, service_crashed, service_adopted, service_left_alone
    void logged(const dormouse::LogEntry &entry);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
