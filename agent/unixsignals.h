// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>
#include <optional>

namespace dormouse {

/// Turns SIGTERM, SIGINT and SIGHUP into Qt signals (a pipe written by the handler). A second SIGTERM or SIGINT ends the process at once. One instance; main thread.
class UnixSignals : public QObject
{
    Q_OBJECT

public:
    explicit UnixSignals(QObject *parent = nullptr);
    ~UnixSignals() override;
    /// Why no signal is told; nothing when all is well. Without this a SIGTERM would end the process and leave its services behind.
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /// A SIGTERM or SIGINT has come; for a wait outside the event loop.
    [[nodiscard]] static bool isTerminating();

Q_SIGNALS:
    void terminated();
    void hungUp();

private:
    void read();

    int m_readEnd = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::optional<Error> m_error;
};

} // namespace dormouse
