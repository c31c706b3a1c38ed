// SPDX-License-Identifier: MIT
#include "tray/item/qtstatusitem.h"

#include <QApplication>
#include <QEvent>
#include <QMenu>

namespace dormouse {
namespace {

constexpr int kNoticeShownMs = 10'000; // desktops treat it as a hint

} // namespace

QtStatusItem::QtStatusItem(QObject *parent) : StatusItem(parent), m_ink(panelInk())
{
    qApp->installEventFilter(this);
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger)
            Q_EMIT activated();
    });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, [this] { Q_EMIT noticeClicked(m_toldId); });
}

void QtStatusItem::setLook(const IconLook &look)
{
    if (m_look == look)
        return; // setting an equal icon makes some panels flicker
    m_look = look;
    m_icon.setIcon(panelIcon(look, m_ink));
}

void QtStatusItem::setToolTip(const QString &text)
{
    if (m_icon.toolTip() != text)
        m_icon.setToolTip(text);
}

void QtStatusItem::setMenu(QMenu *menu)
{
    m_icon.setContextMenu(menu);
}

void QtStatusItem::show()
{
    m_icon.show();
}

void QtStatusItem::tell(const Notice &notice)
{
    m_toldId = notice.id;
    if (notice.kind == Notice::Kind::Warning)
        m_icon.showMessage(notice.title, notice.text, QSystemTrayIcon::Warning, kNoticeShownMs);
    else
        m_icon.showMessage(notice.title, notice.text, applicationIcon(), kNoticeShownMs);
}

bool QtStatusItem::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange && watched == qApp && m_ink != panelInk()) {
        m_ink = panelInk();
        if (m_look)
            m_icon.setIcon(panelIcon(*m_look, m_ink));
    }
    return StatusItem::eventFilter(watched, event);
}

bool QtStatusItem::isHosted() const
{
    return QSystemTrayIcon::isSystemTrayAvailable();
}

} // namespace dormouse
