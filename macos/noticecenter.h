// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/notice.h"

#include <functional>
#include <memory>

namespace dormouse {

/// Notifications through macOS's UNUserNotificationCenter. Main thread.
class NoticeCenter
{
public:
    /// `clicked` is called on the main thread with the id of a notice that the user chose, never after this object has died.
    explicit NoticeCenter(std::function<void(const QString &id)> clicked);
    ~NoticeCenter();

    /// Does nothing outside an application bundle, or where the user does not want notifications.
    void post(const Notice &notice);

private:
    class Impl; // keeps Objective-C out of this header
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
