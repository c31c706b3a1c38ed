// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/services/ownservice.h"
#include "agent/act/services/readinessprobe.h"
#include "agent/act/services/servicebackend.h"
#include "agent/act/services/servicesfile.h"
#include "shared/base/clock.h"
#include "shared/config/configuration.h"
#include "shared/presence/processtable.h"
#include "shared/storage/rootpaths.h"

#include <QObject>

#include <memory>
#include <optional>

namespace dormouse {

/// The programs that run services; "" where there is none.
struct ServicePrograms {
    QString guard;
    QString systemctl;
    QString launchctl;
};

/// Those of this machine: the guard beside the agent, the others on the agent's PATH or where systems keep them.
[[nodiscard]] ServicePrograms servicePrograms();

/// One configured service, whatever runs it: does what it is told, finds out when it is ready, and measures. Decides nothing. Main thread.
class ServiceRun : public QObject
{
    Q_OBJECT

public:
    struct Parts {
        const RootPaths &paths;
        ServicesFile &file;
        const ProcessTable &processes;
        const Clock &clock;
        const ServicePrograms &programs;
    };

    ServiceRun(const Parts &parts, ServiceConfig config, QObject *parent = nullptr);
    ~ServiceRun() override; ///< what runs goes on

    /// Counts from the next start or stop on; [env] is the common one.
    void configure(const ServiceConfig &config, const QMap<QString, QString> &environment);
    /// Run by a service manager, which has to be asked whether it runs.
    [[nodiscard]] bool isUnit() const { return m_config.command.isEmpty(); }
    /// A process that a predecessor started. False: nothing of it lives; else ran() follows, or ended() where only its children are left.
    [[nodiscard]] bool adopt(const ServiceRecord &record);
    void look();
    void start();
    void stop();
    void poll();

    [[nodiscard]] std::optional<qint64> pid() const;
    /// Resident memory in bytes, measured at most every 10 s.
    [[nodiscard]] std::optional<qint64> memory();
    [[nodiscard]] std::optional<Millis> readyAfter() const { return m_readyAfter; }
    [[nodiscard]] bool wasAdopted() const { return m_isAdopted; }
    [[nodiscard]] const QString &lastReason() const { return m_lastReason; }

Q_SIGNALS:
    void ran();
    void becameReady();
    void ended(const dormouse::ServiceEnd &end);

private:
    [[nodiscard]] std::unique_ptr<ServiceBackend> makeBackend();
    [[nodiscard]] std::unique_ptr<OwnService> makeOwn();
    [[nodiscard]] QMap<QString, QString> environment() const;
    void take(std::unique_ptr<ServiceBackend> backend);
    void backendRan();
    void backendEnded(const ServiceEnd &end);

    Parts m_parts;
    ServiceConfig m_config;
    QMap<QString, QString> m_environment;
    std::unique_ptr<ServiceBackend> m_backend; ///< while it runs, or something is asked about it
    std::unique_ptr<ReadinessProbe> m_probe;
    bool m_isAdopted = false;
    AwakeTime m_startedAt;
    std::optional<Millis> m_readyAfter;
    std::optional<qint64> m_memory;
    std::optional<AwakeTime> m_measureNextAt;
    QString m_lastReason;
};

} // namespace dormouse
