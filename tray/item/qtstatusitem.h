// SPDX-License-Identifier: MIT
#pragma once

#include "tray/item/iconrenderer.h"
#include "tray/item/statusitem.h"

#include <QSystemTrayIcon>

#include <optional>

namespace dormouse {

/// The status item of Linux desktops: a StatusNotifierItem where the session has a watcher when the program starts, else an XEmbed icon. GUI thread.
class QtStatusItem final : public StatusItem
{
    Q_OBJECT

public:
    explicit QtStatusItem(QObject *parent = nullptr);

    void setLook(const IconLook &look) override;
    void setToolTip(const QString &text) override;
    void setMenu(QMenu *menu) override;
    void show() override;
    void tell(const Notice &notice) override;
    [[nodiscard]] bool isHosted() const override;
    /// Of the application: its colours change with the desktop's.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QSystemTrayIcon m_icon;
    IconInk m_ink;
    std::optional<IconLook> m_look;
    QString m_toldId; ///< of the notice that a click would mean
};

} // namespace dormouse
