// SPDX-License-Identifier: MIT
#pragma once

#include "cli/childprocess.h"
#include "cli/command.h"
#include "cli/heartbeatfile.h"
#include "cli/leasekeeper.h"
#include "shared/base/signalpipe.h"

#include <QObject>
#include <QTimer>

namespace dormouse {

/// One `dormouse run`: presence (lease and heartbeat) around a program of the user's. One use. Main thread.
class RunSession : public QObject
{
    Q_OBJECT

public:
    /// `argv` ends with a null pointer and outlives this; `signals` are those that the program is to get.
    RunSession(const Context &context, char *const *argv, const InheritedSignals &inherited, const QString &name,
               const QString &uuid);

    /// Runs the program to its end; answers the exit code to pass on.
    [[nodiscard]] int run();

private:
    void handleSignal(int number, bool addressed);
    void beat();
    void warnOnce(const QString &text);

    const Context &m_context;
    char *const *m_argv;
    const InheritedSignals &m_inherited;
    SignalPipe m_signals;
    HeartbeatFile m_heartbeat;
    LeaseKeeper m_lease;
    QTimer m_beat;
    pid_t m_child = -1;
    bool m_warned = false;
};

} // namespace dormouse
