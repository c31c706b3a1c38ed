// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/services/heldprocess.h"
#include "agent/act/services/processwatch.h"
#include "agent/act/services/servicebackend.h"
#include "agent/act/services/servicelog.h"
#include "agent/act/services/servicesfile.h"
#include "shared/presence/processtable.h"

#include <QTimer>

#include <memory>

namespace dormouse {

/// A service that is a process of ours, in a session of its own. It runs only once services.json names it, survives this object, and is taken up by
/// adopt() from there. Main thread.
class OwnService : public ServiceBackend
{
    Q_OBJECT

public:
    struct Parts {
        ServicesFile &file;
        const ProcessTable &processes;
        const Clock &clock;
    };
    struct Program {
        QString name;  ///< of the service
        QString guard; ///< path of the guard program
        QStringList command;
        QMap<QString, QString> environment; ///< on top of the agent's own
        QString logFolder;
    };

    OwnService(const Parts &parts, Program program, QObject *parent = nullptr);
    ~OwnService() override; ///< the process goes on

    /// Takes up what a predecessor has noted. False: nothing of it lives. Where only children of the first process are left, these are ended, and ended() follows.
    [[nodiscard]] bool adopt(const ServiceRecord &record);

    void look() override;
    void start() override;
    void stop(Millis timeout) override;
    void poll() override;
    [[nodiscard]] std::optional<qint64> pid() const override;
    [[nodiscard]] std::optional<qint64> memory() const override;

private:
    [[nodiscard]] Result<void> launch();
    [[nodiscard]] Result<void> record(qint64 startTime);
    void watch(qint64 startTime);
    void processEnded(const ProcessEnd &end);
    void sweep();
    void kill();
    [[nodiscard]] std::vector<qint64> members() const;
    void finish();

    Parts m_parts;
    Program m_program;
    ServiceLog m_log;
    qint64 m_pid = 0;
    bool m_isGone = false; ///< the first process has ended
    bool m_isStopping = false;
    bool m_isKilling = false;
    std::unique_ptr<ProcessWatch> m_watch;
    QTimer m_killTimer;
    QTimer m_sweepTimer;
    ServiceEnd m_end;
};

} // namespace dormouse
