// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/services/processwatch.h"
#include "agent/act/services/servicebackend.h"
#include "agent/act/services/toolcall.h"
#include "agent/act/services/unittool.h"
#include "shared/presence/processtable.h"

#include <QTimer>

#include <cstdint>
#include <memory>

namespace dormouse {

/// A service that a service manager runs: it is asked by its own program, more often while something is changing, else at ticks and when the first process
/// ends. Main thread.
class UnitService : public ServiceBackend
{
    Q_OBJECT

public:
    /// `program` is the path of systemctl or launchctl; "" when there is none, which every wish then fails of.
    UnitService(std::unique_ptr<UnitTool> tool, QString program, const ProcessTable &processes, QObject *parent = nullptr);
    ~UnitService() override; ///< the unit goes on

    void look() override;
    void start() override;
    void stop(Millis timeout) override;
    void poll() override;
    [[nodiscard]] std::optional<qint64> pid() const override;
    [[nodiscard]] std::optional<qint64> memory() const override;

Q_SIGNALS:
    /// Where a launchd label came from: it does not tell once it is booted out.
    void propertyListSeen(const QString &path);

private:
    enum class Goal : std::uint8_t { None, Known, Up, Down };
    enum class Call : std::uint8_t { Look, Start, Stop, Kill };

    void call(Call kind);
    void answered(const ToolAnswer &answer);
    void seen(const UnitLook &look);
    void seenWhileStarting();
    void seenWhileStopping();
    void seenWhileUp();
    void up();
    void down(const QString &reason);
    void lookSoon();
    void watchProcess();

    std::unique_ptr<UnitTool> m_tool;
    QString m_program;
    const ProcessTable &m_processes;
    ToolCall m_toolCall;
    Call m_call = Call::Look;
    Goal m_goal = Goal::None;
    bool m_isUp = false;
    bool m_isOver = false;
    bool m_isAsked = false;   ///< the manager was told what the goal is
    bool m_wasLoaded = false; ///< when it was last told to start
    bool m_isKillDue = false;
    int m_failures = 0; ///< looks in a row that were of no use, or saw it down behind a start
    UnitLook m_look;
    ServiceEnd m_end;
    QString m_complaint; ///< of the last start or stop
    std::unique_ptr<ProcessWatch> m_watch;
    Millis m_lookPeriod;
    QTimer m_lookTimer;
    QTimer m_killTimer;
};

} // namespace dormouse
