// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <csignal>
#include <memory>
#include <vector>

namespace dormouse {

/// Turns POSIX signals into Qt signals by a pipe; puts the old dispositions back when it goes. A signal that was ignored when
/// this was made stays ignored (nohup). At most one lives at a time. Main thread.
class SignalPipe : public QObject
{
    Q_OBJECT

public:
    explicit SignalPipe(const std::vector<int> &numbers, QObject *parent = nullptr);
    ~SignalPipe() override;

    /// False when there was no pipe to be had; then no signal is taken.
    [[nodiscard]] bool isOpen() const { return m_readEnd >= 0; }

Q_SIGNALS:
    /// `addressed` is true when a process sent it, false when the kernel did: a key on the terminal, which reaches the whole
    /// foreground group at once.
    void raised(int number, bool addressed);

private:
    void take(int number);
    void drain();

    struct Previous {
        int number;
        struct sigaction action;
    };
    std::vector<Previous> m_previous;
    std::unique_ptr<QSocketNotifier> m_notifier;
    int m_readEnd = -1;
    int m_writeEnd = -1;
};

/// A pipe whose ends no child inherits. False with errno set when it cannot be made.
[[nodiscard]] bool openPrivatePipe(int (&ends)[2]);

} // namespace dormouse
