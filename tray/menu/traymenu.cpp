// SPDX-License-Identifier: MIT
#include "tray/menu/traymenu.h"

#include <QAction>

#include <algorithm>

namespace dormouse {
namespace {

bool haveSameShape(const std::vector<MenuEntry> &left, const std::vector<MenuEntry> &right)
{
    return std::ranges::equal(left, right, [](const MenuEntry &a, const MenuEntry &b) {
        return a.id == b.id && a.kind == b.kind && a.isChecked.has_value() == b.isChecked.has_value();
    });
}

/// A line that only says something cannot be chosen.
bool isChoosable(const MenuEntry &entry)
{
    return entry.isEnabled && (entry.kind == MenuEntry::Kind::Submenu || entry.command.verb != TrayCommand::Verb::None);
}

void dress(QAction *action, const MenuEntry &entry)
{
    action->setText(entry.text);
    action->setToolTip(entry.hint.isEmpty() ? entry.text : entry.hint);
    action->setEnabled(isChoosable(entry));
    if (entry.isChecked)
        action->setChecked(*entry.isChecked);
}

} // namespace

TrayMenu::TrayMenu(QObject *parent) : QObject(parent)
{
    m_menu.setToolTipsVisible(true);
    m_menu.setAccessibleName(QStringLiteral("Dormouse"));
    connect(&m_menu, &QMenu::aboutToShow, this, &TrayMenu::aboutToOpen);
}

TrayMenu::~TrayMenu() = default;

void TrayMenu::setEntries(const std::vector<MenuEntry> &entries)
{
    if (entries == m_entries)
        return;
    if (haveSameShape(entries, m_entries))
        update(&m_menu, m_entries, entries);
    else
        fill(&m_menu, entries);
    m_entries = entries;
}

/// Makes the level anew; what was selected stays so, if it is still there.
void TrayMenu::fill(QMenu *menu, const std::vector<MenuEntry> &entries)
{
    const QString selected = menu->activeAction() ? menu->activeAction()->objectName() : QString();
    const QList<QAction *> old = menu->actions();
    for (QAction *action : old) {
        menu->removeAction(action);
        if (action->menu())
            action->menu()->deleteLater(); // takes its action with it
        else
            action->deleteLater();
    }
    for (const MenuEntry &entry : entries) {
        QAction *action = add(menu, entry);
        action->setObjectName(entry.id);
        if (!selected.isEmpty() && entry.id == selected && isChoosable(entry))
            menu->setActiveAction(action);
    }
}

QAction *TrayMenu::add(QMenu *menu, const MenuEntry &entry)
{
    if (entry.kind == MenuEntry::Kind::Separator)
        return menu->addSeparator();
    if (entry.kind == MenuEntry::Kind::Submenu) {
        auto *submenu = new QMenu(menu);
        submenu->setToolTipsVisible(true);
        fill(submenu, entry.children);
        dress(submenu->menuAction(), entry);
        menu->addMenu(submenu);
        return submenu->menuAction();
    }
    auto *action = new QAction(menu);
    action->setCheckable(entry.isChecked.has_value());
    // macOS would move what is called "Settings" or "Quit" into an application menu that a menubar program does not have.
    action->setMenuRole(QAction::NoRole);
    dress(action, entry);
    action->setData(QVariant::fromValue(entry.command));
    connect(action, &QAction::triggered, this, [this, action] {
        if (action->isCheckable())
            action->toggle(); // Qt has changed the mark already; whether that came true, the next view says
        Q_EMIT chosen(action->data().value<TrayCommand>());
    });
    menu->addAction(action);
    return action;
}

void TrayMenu::update(QMenu *menu, const std::vector<MenuEntry> &before, const std::vector<MenuEntry> &entries)
{
    const QList<QAction *> actions = menu->actions();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const MenuEntry &entry = entries[i];
        if (entry == before[i])
            continue;
        QAction *action = actions[static_cast<qsizetype>(i)];
        dress(action, entry);
        if (entry.kind != MenuEntry::Kind::Submenu)
            action->setData(QVariant::fromValue(entry.command));
        else if (haveSameShape(entry.children, before[i].children))
            update(action->menu(), before[i].children, entry.children);
        else
            fill(action->menu(), entry.children);
    }
}

} // namespace dormouse
