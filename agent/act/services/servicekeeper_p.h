// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/servicekeeper.h"
#include "agent/act/services/serviceplan.h"
#include "agent/act/services/servicerun.h"
#include "agent/act/services/servicesfile.h"

#include <QTimer>

#include <map>

namespace dormouse {

/// Carries the plan's orders out, and tells the plan what became of them. Orders are found by setState() and the like at a later turn of the event loop, so that
/// nobody is called back from within their own call.
class ServiceKeeper::Impl
{
public:
    Impl(ServiceKeeper &keeper, const RootPaths &paths, const ProcessTable &processes, const Clock &clock);

    void configure(const Configuration &configuration, const QSet<QString> &leftAlone);
    void adopt();
    void setState(State state);
    void stopAll();
    void poll();
    [[nodiscard]] Result<ServiceView> act(const QString &name, Action action);

    [[nodiscard]] std::vector<ServiceView> views();
    [[nodiscard]] QMap<QString, QString> troubled() const;
    [[nodiscard]] const ServicePlan &plan() const { return m_plan; }
    [[nodiscard]] qint64 freedBytes() const { return m_freedBytes; }

private:
    /// What a subscriber could see of it all.
    struct Seen {
        std::vector<ServiceView> views;
        QMap<QString, QString> troubled;

        bool operator==(const Seen &) const = default;
    };

    [[nodiscard]] AwakeTime now() const { return m_clock.now().awake; }
    [[nodiscard]] ServiceRun &runOf(const QString &name);
    void lookAtUnits();
    void carryOut();
    void advance();
    void soon() { m_advance.start(); }
    void ran(const QString &name);
    void becameReady(const QString &name);
    void ended(const QString &name, const ServiceEnd &end);
    void log(const QString &kind, const QString &name, QJsonObject fields = {});
    [[nodiscard]] ServiceView view(const ServicePlan::Item &item) const;

    ServiceKeeper &m_keeper;
    RootPaths m_paths;
    const ProcessTable &m_processes;
    const Clock &m_clock;
    ServicePrograms m_programs;
    ServicesFile m_file;
    ServicePlan m_plan;
    std::map<QString, std::unique_ptr<ServiceRun>> m_runs;
    QStringList m_unknown; ///< units to be asked about
    bool m_isAdopted = false;
    QTimer m_advance; ///< single shot: there may be something to do
    QTimer m_due;     ///< single shot: the plan's next date
    State m_state = State::Wake;
    bool m_hasState = false;
    bool m_isReportDue = false; ///< allStopped() is owed
    bool m_hasFreed = false;    ///< something was stopped since the last start
    qint64 m_freedBytes = 0;
    Seen m_seen;
};

} // namespace dormouse
