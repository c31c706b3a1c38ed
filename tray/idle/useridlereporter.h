// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/idle/idlesource.h"
#include "tray/model/agentpicture.h"

#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace dormouse {

/// When the reporter speaks.
struct ReportPace {
    Millis settle = std::chrono::seconds(5); ///< an agent that has just started, or lost its display, may yet see for itself
    /// Between two reports. They stand for 90 s, and coarse timers are up to 5 % early or late: at least 60 s, and never a gap.
    Millis period = std::chrono::seconds(64);
    int doublings = 4; ///< of the period, while there is nothing to report
};

/// Tells the agent since when nobody has touched the machine (`user_idle`), where the agent has no idle source of its own: it runs outside the desktop. Has neither
/// a timer nor a source while the agent sees by itself, hibernates or is not there. Never blocks. GUI thread.
class UserIdleReporter : public QObject
{
    Q_OBJECT

public:
    using Send = std::function<void(const QJsonObject &message)>;
    using MakeSource = std::function<std::unique_ptr<IdleSource>()>;

    /// `clock` outlives it. `makeSource` is called each time a source is needed anew.
    UserIdleReporter(const Clock &clock, Send send, MakeSource makeSource, const ReportPace &pace = {},
                     QObject *parent = nullptr);
    ~UserIdleReporter() override;

    /// At each change of the picture.
    void follow(const AgentPicture &picture);

private:
    void ask();
    void report(const UserIdleness &idleness);

    const Clock &m_clock;
    const Send m_send;
    const MakeSource m_makeSource;
    const ReportPace m_pace;
    std::unique_ptr<IdleSource> m_source; ///< only while somebody wants to know
    QTimer m_next;
    QString m_agent;                   ///< who wants to know; empty: nobody
    QString m_lastAgent;               ///< who wanted to know last
    std::optional<AwakeTime> m_toldAt; ///< that one
    bool m_isKnown = false;            ///< it was told a time, and no null since
    int m_unknowns = 0;                ///< answers in a row that knew nothing
};

} // namespace dormouse
