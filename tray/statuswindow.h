// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/trayview.h"

#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace dormouse {

/// The tray as a window, for desktops without a tray and for the keyboard: the state, why, and every entry of the menu. GUI thread.
class StatusWindow : public QWidget
{
    Q_OBJECT

public:
    /// `menu` outlives the window.
    explicit StatusWindow(QMenu *menu, QWidget *parent = nullptr);
    void show(const TrayView &view, bool isConnected);
    /// Opens the menu below its button, as if it had been pressed.
    void openMenu();

Q_SIGNALS:
    void chosen(const dormouse::TrayCommand &command);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void paintIcon();

    IconLook m_look;
    QLabel m_icon;
    QLabel m_state;
    QLabel m_details;
    QLabel m_why;
    QPushButton m_wake;
    QPushButton m_sleep;
    QPushButton m_history;
    QPushButton m_more;
};

} // namespace dormouse
