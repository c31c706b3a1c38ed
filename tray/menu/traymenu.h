// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/trayview.h"

#include <QMenu>
#include <QObject>

#include <vector>

namespace dormouse {

/// The menu of the status item, kept equal to the view's entries. While their ids stay the same, actions are changed in place, so that an open menu neither closes nor loses
/// its selection. GUI thread.
class TrayMenu : public QObject
{
    Q_OBJECT

public:
    explicit TrayMenu(QObject *parent = nullptr);
    ~TrayMenu() override;

    [[nodiscard]] QMenu *menu() { return &m_menu; }
    void setEntries(const std::vector<MenuEntry> &entries);

Q_SIGNALS:
    /// The menu opens: time to have its texts fresh.
    void aboutToOpen();
    void chosen(const dormouse::TrayCommand &command);

private:
    void fill(QMenu *menu, const std::vector<MenuEntry> &entries);
    QAction *add(QMenu *menu, const MenuEntry &entry);
    void update(QMenu *menu, const std::vector<MenuEntry> &before, const std::vector<MenuEntry> &entries);

    QMenu m_menu;
    std::vector<MenuEntry> m_entries;
};

} // namespace dormouse
