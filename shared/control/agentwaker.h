// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/storage/rootpaths.h"

#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace dormouse {

/// One way of starting an absent agent: a program by absolute path and its arguments.
struct Launcher {
    QString name; ///< for people: "systemd", "launchd", "started directly"
    QString program;
    QStringList arguments;
    bool detached = false; ///< the program is the agent itself

    bool operator==(const Launcher &) const = default;
};

/// The ways that apply on this machine, best first: launchctl kickstart (label installed), systemctl --user start (unit installed), the agent binary
/// beside the running program. A unit or label counts only when it serves this root and `socketPath` (empty: the root's own).
[[nodiscard]] std::vector<Launcher> availableLaunchers(const RootPaths &paths, const QString &socketPath = {});

struct WakeOutcome {
    bool awake = false;                ///< `status` answered
    QString way;                       ///< the launcher that worked, "already running"
    QStringList failures;              ///< why earlier ways failed, one sentence each
    std::optional<QJsonObject> status; ///< the agent's first answer
};

/// Wakes an absent agent (control specification): writes wake.signal atomically, starts the agent by the first way that works, then asks for `status` until it
/// answers, 10 s at most in all. An agent that answers already is sent `force_wake` instead; one that holds agent.lock but does not answer is waited for
/// and started again once it is gone. Asynchronous; one use; `finished` comes exactly once. Main thread.
class AgentWaker : public QObject
{
    Q_OBJECT

public:
    AgentWaker(RootPaths paths, QString socketPath, std::vector<Launcher> launchers, QObject *parent = nullptr);
    ~AgentWaker() override;
    void start();

Q_SIGNALS:
    void finished(const dormouse::WakeOutcome &outcome);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
