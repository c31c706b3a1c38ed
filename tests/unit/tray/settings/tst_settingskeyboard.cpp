// SPDX-License-Identifier: MIT
#include "tests/unit/tray/settings/settingsfixture.h"

#include "tray/colour/contrast.h"
#include "tray/settings/inks.h"
#include "tray/settings/notelabel.h"

#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QMessageBox>
#include <QRadioButton>
#include <QScrollArea>
#include <QSet>
#include <QStyle>
#include <QStyleFactory>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What a person can act on, or should be able to.
std::vector<QWidget *> controls(QWidget *window)
{
    std::vector<QWidget *> found;
    for (QWidget *widget : window->findChildren<QWidget *>()) {
        const bool isControl = qobject_cast<QAbstractButton *>(widget) != nullptr || qobject_cast<QLineEdit *>(widget) != nullptr;
        const bool isSign = qobject_cast<QLineEdit *>(widget->parentWidget()) != nullptr; // drawn within a field
        if (isControl && !isSign && widget->isVisible() && widget->isEnabled())
            found.push_back(widget);
    }
    return found;
}

std::vector<QWidget *> tabWalk()
{
    std::vector<QWidget *> walked;
    for (int i = 0; i < 100; ++i) {
        QWidget *at = QApplication::focusWidget();
        if (at == nullptr || std::find(walked.begin(), walked.end(), at) != walked.end())
            break;
        walked.push_back(at);
        QTest::keyClick(at, Qt::Key_Tab);
    }
    return walked;
}

/// The field that a control belongs to, or itself.
const QWidget *fieldOf(const QWidget *control)
{
    for (const QWidget *widget = control; widget != nullptr; widget = widget->parentWidget()) {
        if (qobject_cast<const SettingField *>(widget) != nullptr)
            return widget;
    }
    return control;
}

QPoint placeOf(const QWidget *widget, const QWidget *window)
{
    return widget->mapTo(window, widget->rect().center());
}

QPalette lightPalette()
{
    return std::unique_ptr<QStyle>(QStyleFactory::create(u"Fusion"_s))->standardPalette();
}

QPalette darkPalette()
{
    QPalette palette(Qt::white, QColor(0x33, 0x35, 0x3b), QColor(0x4a, 0x4d, 0x55), QColor(0x14, 0x15, 0x17),
                     QColor(0x2b, 0x2d, 0x32), Qt::white, Qt::white, QColor(0x1b, 0x1c, 0x1f), QColor(0x23, 0x24, 0x28));
    return palette;
}

} // namespace

/// Without a mouse, without eyes, at login and at the door: what the settings window owes everybody.
class TestSettingsKeyboard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QApplication::setPalette(lightPalette()); }
    void cleanup() { QApplication::setLayoutDirection(Qt::LeftToRight); }
    void tabReachesEverything();
    void arrowsChooseAmongWords();
    void everyControlHasAName();
    void mnemonicsAreThereAndDiffer();
    void escapeCloses();
    void unsavedChangesAreAskedAbout();
    void savingOnTheWayOut();
    void revertBringsBack();
    void startAtLogin();
    void startAtLoginThatFails();
    void startAtLoginWhereItCannotBeTold();
    void startAtLoginBesideABrokenFile();
    void inksAreLegible_data();
    void inksAreLegible();
    void rightToLeftMirrors();
    void manyWindowsLeaveNothing();
};

void TestSettingsKeyboard::tabReachesEverything()
{
    WindowOnFile on("[timers]\ndrowsy_after = \"10m\"\ntick = 5\n[lifecycle]\npresence = \"active\"\n");
    on.show();
    on.click(u"Advanced"_s);
    on.type("timers.drowsy_after", u"11m"_s); // Save and Revert can be used then
    on.edit("timers.drowsy_after")->setFocus();
    const std::vector<QWidget *> walked = tabWalk();
    for (QWidget *control : controls(on.window.get())) {
        // Of radio buttons, Tab reaches the one that is chosen; arrows reach the others.
        const auto *radio = qobject_cast<QRadioButton *>(control);
        if (radio != nullptr && !radio->isChecked())
            continue;
        const bool isReached = std::find(walked.begin(), walked.end(), control) != walked.end();
        QVERIFY2(isReached, qPrintable(control->accessibleName() + control->toolTip()));
    }
    // From the top to the bottom; what is scrolled stands together.
    auto *scroll = on.window->findChild<QScrollArea *>();
    for (std::size_t i = 1; i < walked.size(); ++i) {
        if (!scroll->isAncestorOf(walked[i]) || !scroll->isAncestorOf(walked[i - 1]))
            continue;
        const auto topOf = [scroll](const QWidget *control) { return fieldOf(control)->mapTo(scroll->widget(), QPoint()).y(); };
        QVERIFY(topOf(walked[i]) >= topOf(walked[i - 1]));
    }
}

void TestSettingsKeyboard::arrowsChooseAmongWords()
{
    WindowOnFile on;
    on.show();
    on.button(u"Every open client"_s)->setFocus();
    QTest::keyClick(on.button(u"Every open client"_s), Qt::Key_Down);
    QVERIFY(on.button(u"Only clients in use"_s)->isChecked());
    QTest::keyClick(on.window.get(), Qt::Key_S, Qt::ControlModifier);
    QCOMPARE(on.text(), QByteArray("[lifecycle]\npresence = \"active\"\n"));
}

void TestSettingsKeyboard::everyControlHasAName()
{
    WindowOnFile on("[timers]\ndrowsy_after = \"10m\"\n");
    on.show();
    on.click(u"Advanced"_s);
    QSet<QString> names;
    for (QWidget *control : on.window->findChildren<QWidget *>()) {
        const bool isControl =
            qobject_cast<QAbstractButton *>(control) != nullptr || qobject_cast<QLineEdit *>(control) != nullptr;
        if (!isControl || qobject_cast<QLineEdit *>(control->parentWidget()) != nullptr || !control->isVisible())
            continue;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(control);
        QVERIFY(accessible != nullptr);
        const QString name = accessible->text(QAccessible::Name);
        QVERIFY2(!name.isEmpty() && !name.contains(u'&') && !name.endsWith(u':'), qPrintable(name + u" "_s + control->toolTip()));
        QVERIFY2(!names.contains(name), qPrintable(name));
        names.insert(name);
    }
    QVERIFY(names.contains(u"Drowsy after"_s) && names.contains(u"Reset Drowsy after to its default"_s));
    QAccessibleInterface *use = QAccessible::queryAccessibleInterface(on.button(u"Only clients in use"_s));
    QVERIFY(use->text(QAccessible::Description).contains(u"Drowsy after"_s));
    QAccessibleInterface *edit = QAccessible::queryAccessibleInterface(on.edit("timers.drowsy_after"));
    QVERIFY(!edit->text(QAccessible::Description).isEmpty());
    on.type("timers.drowsy_after", u"soon"_s);
    QCOMPARE(edit->text(QAccessible::Description), on.fault("timers.drowsy_after"));
}

void TestSettingsKeyboard::mnemonicsAreThereAndDiffer()
{
    WindowOnFile on("[timers]\ntick = 20\n");
    on.show();
    on.click(u"Advanced"_s);
    on.type("timers.tick", u"10"_s);
    on.put("[timers]\ntick = 15\n");
    on.click(u"Save"_s); // both changed it: two buttons more
    QSet<QString> used;
    const auto use = [&used](const QString &text) {
        const qsizetype at = text.indexOf(u'&');
        QVERIFY2(at >= 0 && at + 1 < text.size(), qPrintable(text));
        const QString key = text.sliced(at + 1, 1).toUpper();
        QVERIFY2(!used.contains(key), qPrintable(text));
        used.insert(key);
    };
    for (const QAbstractButton *button : on.window->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && !button->text().isEmpty())
            use(button->text());
    }
    for (const QLabel *label : on.window->findChildren<QLabel *>()) {
        if (label->buddy() != nullptr)
            use(label->text());
    }
    QVERIFY(used.size() >= 16);
    QVERIFY(!used.contains(u"F"_s)); // of "Open Configuration", which comes in place of the two
}

void TestSettingsKeyboard::escapeCloses()
{
    WindowOnFile on;
    on.show();
    QTest::keyClick(on.edit("timers.drowsy_after"), Qt::Key_Escape);
    QTRY_VERIFY(!on.window->isVisible());
}

void TestSettingsKeyboard::unsavedChangesAreAskedAbout()
{
    WindowOnFile on("[timers]\ntick = 20\n");
    on.show();
    on.click(u"Advanced"_s);
    on.type("timers.tick", u"10"_s);
    on.click(u"Close"_s);
    QVERIFY(on.window->isVisible());
    auto *question = on.window->findChild<QMessageBox *>();
    QVERIFY(question != nullptr && question->isVisible());
    question->button(QMessageBox::Cancel)->click();
    QVERIFY(on.window->isVisible());
    QCOMPARE(on.edit("timers.tick")->text(), u"10"_s);
    QTRY_VERIFY(on.window->findChild<QMessageBox *>() == nullptr);

    on.type("timers.tick", u"soon"_s); // cannot be saved
    on.click(u"Close"_s);
    question = on.window->findChild<QMessageBox *>();
    QVERIFY(question != nullptr && question->button(QMessageBox::Save) == nullptr);
    question->button(QMessageBox::Discard)->click();
    QTRY_VERIFY(!on.window->isVisible());
    QCOMPARE(on.text(), QByteArray("[timers]\ntick = 20\n"));
    on.window->show();
    QCOMPARE(on.edit("timers.tick")->text(), u"20"_s);
}

void TestSettingsKeyboard::savingOnTheWayOut()
{
    WindowOnFile on("[timers]\ntick = 20\n");
    on.show();
    on.type("timers.tick", u"10"_s);
    on.window->close();
    on.window->findChild<QMessageBox *>()->button(QMessageBox::Save)->click();
    QTRY_VERIFY(!on.window->isVisible());
    QCOMPARE(on.text(), QByteArray("[timers]\ntick = 10\n"));
}

void TestSettingsKeyboard::revertBringsBack()
{
    WindowOnFile on("[timers]\ndrowsy_after = \"10m\"\n");
    on.login.state = true;
    on.show();
    QVERIFY(!on.button(u"Revert"_s)->isEnabled());
    on.type("timers.drowsy_after", u"soon"_s);
    on.click(u"Ignore clients that were left behind"_s);
    on.click(u"Start at login"_s);
    on.click(u"Revert"_s);
    QCOMPARE(on.edit("timers.drowsy_after")->text(), u"10m"_s);
    QVERIFY(on.fault("timers.drowsy_after").isEmpty());
    QVERIFY(on.button(u"Ignore clients that were left behind"_s)->isChecked());
    QVERIFY(on.button(u"Start at login"_s)->isChecked());
    QVERIFY(!on.canSave() && !on.button(u"Revert"_s)->isEnabled());
}

void TestSettingsKeyboard::startAtLogin()
{
    WindowOnFile on("[timers]\ntick = 20\n");
    on.show();
    QSignalSpy saved(on.window.get(), &SettingsWindow::saved);
    on.click(u"Start at login"_s);
    QCOMPARE(on.login.writes, 0);
    on.click(u"Save"_s);
    QCOMPARE(on.login.state, std::optional(true));
    QCOMPARE(saved.count(), 0); // nothing for the agent
    QVERIFY(!on.canSave());
    // Changed elsewhere, by the menu.
    on.login.state = false;
    QEvent back(QEvent::WindowActivate);
    QCoreApplication::sendEvent(on.window.get(), &back);
    QVERIFY(!on.button(u"Start at login"_s)->isChecked());
    QVERIFY(!on.canSave());
}

void TestSettingsKeyboard::startAtLoginThatFails()
{
    WindowOnFile on("[timers]\ntick = 20\n");
    on.login.failure = u"the autostart folder cannot be made"_s;
    on.show();
    on.click(u"Start at login"_s);
    on.click(u"Save"_s);
    const auto notes = on.window->findChildren<NoteLabel *>();
    const bool isTold = std::any_of(notes.begin(), notes.end(), [&on](const NoteLabel *note) {
        return note->isVisible() && note->text().contains(on.login.failure);
    });
    QVERIFY(isTold);
    QVERIFY(on.button(u"Start at login"_s)->accessibleDescription().contains(on.login.failure));
    QVERIFY(on.canSave());
    on.login.failure.clear();
    on.click(u"Save"_s);
    QCOMPARE(on.login.state, std::optional(true));
    QVERIFY(!on.button(u"Start at login"_s)->accessibleDescription().contains(u"folder"_s));
}

void TestSettingsKeyboard::startAtLoginWhereItCannotBeTold()
{
    WindowOnFile on;
    on.login.state = std::nullopt;
    on.show();
    QVERIFY(!on.button(u"Start at login"_s)->isEnabled());
    on.click(u"Only clients in use"_s);
    on.click(u"Save"_s);
    QCOMPARE(on.login.writes, 0);
}

void TestSettingsKeyboard::startAtLoginBesideABrokenFile()
{
    WindowOnFile on("[timers\n");
    on.show();
    on.click(u"Start at login"_s);
    on.click(u"Save"_s);
    QCOMPARE(on.login.state, std::optional(true));
    QCOMPARE(on.text(), QByteArray("[timers\n"));
}

void TestSettingsKeyboard::inksAreLegible_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << lightPalette();
    QTest::newRow("dark") << darkPalette();
    QTest::newRow("white on black") << QPalette(Qt::white, Qt::black, Qt::white, Qt::black, Qt::gray, Qt::white, Qt::black);
    QTest::newRow("black on white") << QPalette(Qt::black, Qt::white, Qt::white, Qt::black, Qt::gray, Qt::black, Qt::white);
    QPalette middle(Qt::black, QColor(0x80, 0x80, 0x80));
    middle.setColor(QPalette::WindowText, Qt::black);
    middle.setColor(QPalette::Window, QColor(0x80, 0x80, 0x80));
    QTest::newRow("grey") << middle;
}

void TestSettingsKeyboard::inksAreLegible()
{
    QFETCH(QPalette, palette);
    const QColor window = palette.color(QPalette::Window);
    QVERIFY(contrast(mutedInk(palette), window) >= 4.5);
    QVERIFY(contrast(errorInk(palette), window) >= 4.5);

    // Also when the desktop changes its colours under an open window.
    WindowOnFile on;
    on.show();
    on.type("timers.drowsy_after", u"soon"_s);
    QApplication::setPalette(palette);
    for (const NoteLabel *note : on.window->findChildren<NoteLabel *>())
        QVERIFY(contrast(note->palette().color(QPalette::WindowText), note->palette().color(QPalette::Window)) >= 4.5);
}

void TestSettingsKeyboard::rightToLeftMirrors()
{
    QApplication::setLayoutDirection(Qt::RightToLeft);
    WindowOnFile on("[timers]\ndrowsy_after = \"soon\"\n");
    on.show();
    const auto *scroll = on.window->findChild<QScrollArea *>();
    const QLineEdit *edit = on.edit("timers.drowsy_after");
    QVERIFY(placeOf(edit, scroll->widget()).x()
            > placeOf(on.button(u"Reset Drowsy after to its default"_s), scroll->widget()).x());
    for (const QWidget *widget : on.window->findChildren<QWidget *>()) {
        if (widget->isVisible() && scroll->widget()->isAncestorOf(widget) && widget->parentWidget() == scroll->widget())
            QVERIFY(scroll->widget()->rect().contains(widget->geometry()));
    }
    QCOMPARE(scroll->widget()->width() <= scroll->viewport()->width(), true);
}

void TestSettingsKeyboard::manyWindowsLeaveNothing()
{
    const qsizetype before = QApplication::allWidgets().size();
    for (int i = 0; i < 20; ++i) {
        WindowOnFile on("[timers]\ndrowsy_after = \"soon\"\n");
        on.show();
        on.type("timers.drowsy_after", u"7m"_s);
        on.window->close();
        QVERIFY(on.window->findChild<QMessageBox *>() != nullptr);
    }
    QCOMPARE(QApplication::allWidgets().size(), before);
}

QTEST_MAIN(TestSettingsKeyboard)
#include "tst_settingskeyboard.moc"
