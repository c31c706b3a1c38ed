// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"

#include <QByteArray>
#include <QMap>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>

namespace dormouse {

/// What to run as one child of the agent: a step, a hook, a readiness command.
struct ChildCommand {
    QStringList command;                ///< program (looked up on the PATH in `environment`) and arguments; never a shell
    QMap<QString, QString> environment; ///< on top of the agent's own, which is cleaned of LISTEN_*, NOTIFY_SOCKET and WATCHDOG_*
    Millis timeout{std::chrono::minutes(10)};
    int nice = 0;
};

struct ChildEnd {
    enum class Kind { Exited, Signalled, TimedOut, CannotStart, Interrupted };
    Kind kind = Kind::Exited;
    int code = 0;    ///< exit code, or the signal's number
    QByteArray tail; ///< the last 4 KiB of its output
    QString error;   ///< for a person; "" after exit 0
    Millis took{0};
};

/// A child process in a process group of its own, with stdin closed, the original umask and signal mask, and no descriptor of ours. A small
/// guard process in the group holds a pipe from the agent and ends the group when the agent is gone, killed included. What leaves the group by
/// setsid is beyond it. One use; main thread. Whoever deletes it in answer to finished() uses deleteLater().
class ChildGroup : public QObject
{
    Q_OBJECT

public:
    explicit ChildGroup(ChildCommand command, const Clock &clock, QObject *parent = nullptr);
    ~ChildGroup() override; ///< ends the group at once

    void start(); ///< once; finished() follows, never from within
    /// SIGTERM to the group, SIGKILL after 1.5 s; finished() follows within 2 s.
    void interrupt();
    [[nodiscard]] bool isRunning() const;

Q_SIGNALS:
    void outputLine(const QByteArray &line); ///< ≤ 4 KiB each; only as long as somebody listens
    void finished(const dormouse::ChildEnd &end);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The guard program beside the agent's own, or where an installation puts it (../libexec/dormouse). Not found: an error that says so.
[[nodiscard]] Result<QString> guardProgram();

} // namespace dormouse
