// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/childgroup.h"
#include "shared/lifecycle/lifecycle.h"
#include "shared/records/logentry.h"

#include <QMap>
#include <QObject>
#include <QStringList>

#include <deque>
#include <memory>

namespace dormouse {

/// Runs the hooks of a state when it is entered: one after the other, 30 s each at most. Nothing waits for them; those of a newer state wait for the older
/// ones, 16 states at most (then the oldest that has not begun is left out). Main thread.
class HookRunner : public QObject
{
    Q_OBJECT

public:
    HookRunner(QString root, const Clock &clock, QObject *parent = nullptr);
    ~HookRunner() override; ///< ends the one that runs

    /// `environment` is the [env] of the configuration. Hooks that wait keep their commands.
    void configure(const QMap<State, QList<QStringList>> &hooks, const QMap<QString, QString> &environment);
    /// Queues the hooks of `state`. The caller tells entries only: not WAKE from WAKE.
    void entered(State state);
    [[nodiscard]] bool isRunning() const { return m_child != nullptr; }

Q_SIGNALS:
    void logged(const dormouse::LogEntry &entry); ///< hook_failed {state, command, error, output}
    void idle();                                  ///< the last one that waited has ended

private:
    struct Set {
        State state = State::Wake;
        std::deque<QStringList> commands;
    };
    void runNext();
    void ended(const QStringList &command, State state, const ChildEnd &end);

    QString m_root;
    const Clock &m_clock;
    QMap<State, QList<QStringList>> m_hooks;
    QMap<QString, QString> m_environment;
    std::deque<Set> m_waiting; ///< the first one's hooks run
    std::unique_ptr<ChildGroup, QScopedPointerDeleteLater> m_child;
};

} // namespace dormouse
