// SPDX-License-Identifier: MIT
#pragma once

#include "tray/welcome/serviceoffer.h"

#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

namespace dormouse {

/// Looks what runs and is installed on this machine. Main thread.
class ServiceFinder
{
public:
    using Found = std::function<void(const std::vector<ServiceOffer> &)>;

    virtual ~ServiceFinder() = default;
    /// Calls `found` once, on the main thread and never amid this call, unless `context` has died.
    virtual void find(QObject *context, Found found) = 0;
};

/// The one that looks at the machine itself, on a worker thread. It reads files only and starts nothing.
[[nodiscard]] std::unique_ptr<ServiceFinder> makeServiceFinder();

} // namespace dormouse
