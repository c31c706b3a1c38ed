// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/notice.h"
#include "tray/model/trayview.h"

#include <QObject>

#include <memory>

QT_BEGIN_NAMESPACE
class QMenu;
QT_END_NAMESPACE

namespace dormouse {

/// The icon in the panel or menubar, whoever draws it. Main thread.
class StatusItem : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void setLook(const IconLook &look) = 0;
    virtual void setToolTip(const QString &text) = 0;
    /// `menu` outlives the item.
    virtual void setMenu(QMenu *menu) = 0;
    virtual void show() = 0;
    virtual void tell(const Notice &notice) = 0;
    /// Whether there is a panel that shows it now.
    [[nodiscard]] virtual bool isHosted() const = 0;

Q_SIGNALS:
    /// A plain click where that does not open the menu by itself.
    void activated();
    void noticeClicked(const QString &id);
};

/// The one for this platform: NSStatusItem on macOS, else QSystemTrayIcon (StatusNotifierItem, XEmbed).
[[nodiscard]] std::unique_ptr<StatusItem> makeStatusItem();

} // namespace dormouse
