// SPDX-License-Identifier: MIT
#pragma once

#include "tray/item/statusitem.h"

#include <memory>

namespace dormouse {

/// The icon in macOS's menu bar as an NSStatusItem of our own. Qt's (QSystemTrayIcon) loses its icon on macOS 26 and later and, before the fix of August 2026, aborts
/// as its menu opens. Main thread.
class NativeStatusItem : public StatusItem
{
    Q_OBJECT

public:
    explicit NativeStatusItem(QObject *parent = nullptr);
    ~NativeStatusItem() override;

    void setLook(const IconLook &look) override;
    void setToolTip(const QString &text) override;
    void setMenu(QMenu *menu) override;
    void show() override;
    /// Needs an application bundle and the user's leave, for which macOS asks once. Without either nothing is shown: the attention mark of the icon and the menu tell the same.
    void tell(const Notice &notice) override;
    [[nodiscard]] bool isHosted() const override;

private:
    class Impl; // keeps Objective-C out of this header
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
