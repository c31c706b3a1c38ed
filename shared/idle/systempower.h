// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <memory>

namespace dormouse {

/// Tells of the system's suspends (IOKit's IORegisterForSystemPower). The notifications come on a dispatch queue, since a QCoreApplication does not run the main
/// run loop; the signal is emitted on the main thread. macOS only.
class SystemPower : public QObject
{
    Q_OBJECT

public:
    explicit SystemPower(QObject *parent = nullptr);
    ~SystemPower() override;
    /// Registers. Failing is told in the log; the clocks still show each suspend at the next tick.
    void start();

Q_SIGNALS:
    void resumed();

private:
    class Registration;
    std::unique_ptr<Registration> m_registration;
};

} // namespace dormouse
