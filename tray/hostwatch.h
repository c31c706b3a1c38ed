// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <memory>

namespace dormouse {

/// Notices a panel that Qt would not: Qt chooses between StatusNotifierItem and XEmbed once a process, so a StatusNotifierWatcher that appears later is used only by a new
/// process. Costs no wake-ups while nothing changes. GUI thread.
class HostWatch : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

Q_SIGNALS:
    /// The program should start itself anew. At most once.
    void restartNeeded();
};

[[nodiscard]] std::unique_ptr<HostWatch> makeHostWatch();

} // namespace dormouse
