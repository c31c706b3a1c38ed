// SPDX-License-Identifier: MIT
#include "tray/menu/traymenu.h"

#include <QAction>
#include <QSignalSpy>
#include <QTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using Kind = MenuEntry::Kind;
using Verb = TrayCommand::Verb;

namespace {

MenuEntry action(const QString &id, const QString &text, Verb verb = Verb::WakeNow)
{
    MenuEntry entry;
    entry.id = id;
    entry.text = text;
    entry.command.verb = verb;
    return entry;
}

MenuEntry label(const QString &id, const QString &text)
{
    MenuEntry entry = action(id, text, Verb::None);
    entry.kind = Kind::Label;
    return entry;
}

MenuEntry submenu(const QString &id, const QString &text, std::vector<MenuEntry> children)
{
    MenuEntry entry = action(id, text, Verb::None);
    entry.kind = Kind::Submenu;
    entry.children = std::move(children);
    return entry;
}

QAction *find(QMenu *menu, const QString &id)
{
    const QList<QAction *> actions = menu->actions();
    for (QAction *candidate : actions) {
        if (candidate->objectName() == id)
            return candidate;
    }
    return nullptr;
}

} // namespace

/// The menu must be what the view says, also while it is open: an entry that moves or closes under the pointer is chosen by mistake.
class TestTrayMenu : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheEntries()
    {
        TrayMenu menu;
        MenuEntry off = action(u"off"_s, u"Off"_s);
        off.isEnabled = false;
        off.hint = u"because"_s;
        menu.setEntries({label(u"state"_s, u"DROWSY"_s), action(u"wake"_s, u"&Wake"_s), off});
        const QList<QAction *> actions = menu.menu()->actions();
        QCOMPARE(actions.size(), 3);
        QCOMPARE(actions.at(0)->text(), u"DROWSY"_s);
        QVERIFY2(!actions.at(0)->isEnabled(), "a label is nothing to choose");
        QVERIFY(actions.at(1)->isEnabled());
        QVERIFY(!actions.at(2)->isEnabled());
        QCOMPARE(actions.at(2)->toolTip(), u"because"_s);
    }

    void changesInPlaceWhileOpen()
    {
        TrayMenu menu;
        menu.setEntries({label(u"state"_s, u"for 12 min"_s), action(u"wake"_s, u"Wake"_s), action(u"sleep"_s, u"Sleep"_s)});
        menu.menu()->popup({0, 0});
        QAction *sleep = find(menu.menu(), u"sleep"_s);
        menu.menu()->setActiveAction(sleep);
        menu.setEntries({label(u"state"_s, u"for 13 min"_s), action(u"wake"_s, u"Wake!"_s), action(u"sleep"_s, u"Sleep"_s)});
        QCOMPARE(find(menu.menu(), u"sleep"_s), sleep);
        QCOMPARE(find(menu.menu(), u"wake"_s)->text(), u"Wake!"_s);
        QCOMPARE(menu.menu()->activeAction(), sleep);
        QVERIFY(menu.menu()->isVisible());
    }

    void keepsTheSelectionWhenEntriesCome()
    {
        TrayMenu menu;
        menu.setEntries({action(u"wake"_s, u"Wake"_s), action(u"sleep"_s, u"Sleep"_s)});
        menu.menu()->popup({0, 0});
        menu.menu()->setActiveAction(find(menu.menu(), u"sleep"_s));
        menu.setEntries({action(u"wake"_s, u"Wake"_s), action(u"undo"_s, u"Undo"_s), action(u"sleep"_s, u"Sleep"_s)});
        QVERIFY(menu.menu()->isVisible());
        QVERIFY(menu.menu()->activeAction());
        QCOMPARE(menu.menu()->activeAction()->objectName(), u"sleep"_s);
    }

    void updatesSubmenusWithoutMakingThemAnew()
    {
        TrayMenu menu;
        menu.setEntries({submenu(u"s"_s, u"Services"_s, {submenu(u"web"_s, u"web"_s, {action(u"stop"_s, u"Stop"_s)})})});
        QMenu *services = find(menu.menu(), u"s"_s)->menu();
        QMenu *web = find(services, u"web"_s)->menu();
        menu.setEntries({submenu(u"s"_s, u"Services"_s, {submenu(u"web"_s, u"web, 1.2 GB"_s, {action(u"stop"_s, u"Stop"_s)})})});
        QCOMPARE(find(menu.menu(), u"s"_s)->menu(), services);
        QCOMPARE(find(services, u"web"_s)->text(), u"web, 1.2 GB"_s);
        QCOMPARE(find(services, u"web"_s)->menu(), web);
        menu.setEntries({submenu(u"s"_s, u"Services"_s, {action(u"none"_s, u"none"_s)})});
        QCOMPARE(find(menu.menu(), u"s"_s)->menu(), services);
        QCOMPARE(services->actions().size(), 1);
    }

    void saysWhatWasChosenAsOfNow()
    {
        TrayMenu menu;
        QSignalSpy chosen(&menu, &TrayMenu::chosen);
        MenuEntry hold = action(u"hold"_s, u"Hold"_s, Verb::KeepAwake);
        hold.command.seconds = 60;
        menu.setEntries({hold});
        hold.command.seconds = 900;
        menu.setEntries({hold});
        find(menu.menu(), u"hold"_s)->trigger();
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.at(0).at(0).value<TrayCommand>(), hold.command);
    }

    void checksWhatIsOn()
    {
        TrayMenu menu;
        MenuEntry login = action(u"login"_s, u"Start at Login"_s, Verb::SetStartAtLogin);
        login.isChecked = false;
        menu.setEntries({login});
        QAction *item = find(menu.menu(), u"login"_s);
        QVERIFY(item->isCheckable() && !item->isChecked());
        item->trigger();
        QVERIFY2(!item->isChecked(), "what was asked for has not happened yet");
        login.isChecked = true;
        menu.setEntries({login});
        QVERIFY(item->isChecked());
    }

    void survivesAThousandChangesWithoutGrowing()
    {
        TrayMenu menu;
        for (int i = 0; i < 1000; ++i)
            menu.setEntries({submenu(u"s%1"_s.arg(i), u"Services"_s, {action(u"a"_s, u"a"_s)}), action(u"b%1"_s.arg(i), u"b"_s)});
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCOMPARE(menu.menu()->findChildren<QMenu *>().size(), 1);
        QVERIFY(menu.menu()->findChildren<QAction *>().size() <= 5);
    }
};

QTEST_MAIN(TestTrayMenu)
#include "tst_traymenu.moc"
