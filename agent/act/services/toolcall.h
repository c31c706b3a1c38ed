// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTimer>

namespace dormouse {

/// What a small program of the system answered.
struct ToolAnswer {
    bool isAnswered = false; ///< it ran to its end within the time
    int exitCode = -1;
    QByteArray output; ///< the first 256 KiB
    QByteArray errors; ///< the same of stderr; for one that did not run, why

    [[nodiscard]] bool isDone() const { return isAnswered && exitCode == 0; }
    /// Why it was of no use, for a person.
    [[nodiscard]] QString complaint() const;
};

/// Runs one program of the system (systemctl, launchctl) at a time: by path and argument list, never by a shell, 5 s at most. Main thread.
class ToolCall : public QObject
{
    Q_OBJECT

public:
    explicit ToolCall(QObject *parent = nullptr);
    ~ToolCall() override; ///< a running program is killed

    void run(const QString &program, const QStringList &arguments);
    [[nodiscard]] bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    void answered(const dormouse::ToolAnswer &answer);

private:
    void watch(QProcess *process);
    void read();
    void finish(bool isAnswered, const QByteArray &why = {});

    QProcess *m_process = nullptr; ///< a child of this object; one that was given up dies by itself
    QTimer m_limit;
    ToolAnswer m_answer;
    bool m_isRunning = false;
};

} // namespace dormouse
