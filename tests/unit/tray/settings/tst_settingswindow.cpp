// SPDX-License-Identifier: MIT
#include "tests/unit/tray/settings/settingsfixture.h"

#include "shared/config/checkedconfiguration.h"
#include "shared/config/tomledit.h"

#include <QDesktopServices>
#include <QMessageBox>
#include <QRegularExpression>
#include <QUrl>

#include <sys/stat.h>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray kFile = "# Mine; do not touch.\r\n"
                         "\r\n"
                         "[timers]   # short\n"
                         "  drowsy_after = \"10m\"\t# \"quoted\" = 'comment'\n"
                         "sleep_after=2400\n"
                         "# hibernate_after = \"9h\"\n"
                         "\n"
                         "[env]\n"
                         "\"A.B\" = '''\n[timers]\ndrowsy_after = 1\n'''\n"
                         "\n"
                         "[[service]]\n"
                         "name = \"embedder\"  # heavy\n"
                         "command = [\n  \"true\", # really\n]\n"
                         "# the end, without a newline";

/// What the agent itself says of that text, without the place in the file.
QString agentMessage(const QByteArray &text, const QString &path)
{
    const auto parsed = parseConfiguration(text, path);
    QString message = parsed ? QString() : parsed.error().message;
    return message.remove(QRegularExpression(u"^"_s + QRegularExpression::escape(path) + u":\\d+:\\d+: "_s));
}

} // namespace

/// Stands for the desktop's editor.
class UrlCatcher : public QObject
{
    Q_OBJECT

public:
    QUrl opened;

public Q_SLOTS:
    void open(const QUrl &url) { opened = url; }
};

/// Somebody who sets a timer by mouse must not lose what was written by hand, nor be told less than the agent knows.
class TestSettingsWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatCounts();
    void aWrongValueIsToldInTheAgentsWords_data();
    void aWrongValueIsToldInTheAgentsWords();
    void whatOnlyTheWholeKnowsStandsBesideWhatWasChanged();
    void aMendedValueCanBeSaved();
    void everyOtherByteSurvives();
    void durationsAreWrittenAsTyped_data();
    void durationsAreWrittenAsTyped();
    void resetTakesOnlyTheKey();
    void anEmptyFieldIsTheDefault();
    void aMissingFileIsMade();
    void rightsAndLinksStay();
    void othersChangesAreKept();
    void bothChangedTheSame_data();
    void bothChangedTheSame();
    void aBrokenFileIsNotTouched();
    void aFileThatBreaksMeanwhileIsNotTouched();
    void aWrongValueInTheFileCanBeMended();
    void whatCannotBeWrittenIsTold();
    void theAgentsAnswerIsShown();
};

void TestSettingsWindow::showsWhatCounts()
{
    WindowOnFile on(
        "[timers]\ndrowsy_after = \"10m\"\nsleep_after = 2400\n[lifecycle]\npresence = \"active\"\nignore_leaked = false\n");
    on.show();
    QCOMPARE(on.edit("timers.drowsy_after")->text(), u"10m"_s);
    QCOMPARE(on.edit("timers.drowsy_after")->placeholderText(), u"5m"_s);
    QCOMPARE(on.edit("timers.sleep_after")->text(), u"2400"_s);
    QCOMPARE(on.edit("timers.hibernate_after")->text(), u"2h"_s);
    QVERIFY(on.button(u"Only clients in use"_s)->isChecked());
    QVERIFY(!on.button(u"Ignore clients that were left behind"_s)->isChecked());
    QVERIFY(on.button(u"Reset Drowsy after to its default"_s)->isEnabled());
    QVERIFY(!on.button(u"Reset Hibernate after to its default"_s)->isEnabled());
    QVERIFY(!on.canSave());
    QVERIFY(on.banner().isEmpty());
}

void TestSettingsWindow::aWrongValueIsToldInTheAgentsWords_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("typed");
    for (const char *typed : {"soon", "10x", "-5", "0", "366d", "1e3", "5 m", "\"", "99999999999999999999", "0.0", "\xC3\xA9"})
        QTest::addRow("drowsy_after %s", typed) << u"timers.drowsy_after"_s << QString::fromUtf8(typed);
    QTest::newRow("stale_after") << u"timers.stale_after"_s << u"never"_s;
    QTest::newRow("tick") << u"timers.tick"_s << u"0"_s;
}

void TestSettingsWindow::aWrongValueIsToldInTheAgentsWords()
{
    QFETCH(QString, key);
    QFETCH(QString, typed);
    WindowOnFile on(kFile);
    on.show();
    const QByteArray name = key.toLatin1();
    on.type(name.constData(), typed);
    // The text that a person would have written by hand.
    static const QRegularExpression number(u"^[0-9.]+$"_s);
    const bool isNumber = number.match(typed).hasMatch() && typed.size() < 15;
    QString escaped = typed;
    escaped.replace(u'"', u"\\\""_s);
    const auto byHand = editToml(kFile, key, isNumber ? typed.toUtf8() : QString(u'"' + escaped + u'"').toUtf8());
    QVERIFY(byHand.ok());
    const QString expected = agentMessage(byHand.value(), on.path());
    QVERIFY(!expected.isEmpty());
    QCOMPARE(on.fault(name.constData()), expected);
    QVERIFY(!on.canSave());
    QCOMPARE(on.edit(name.constData())->accessibleDescription(), expected);
    for (const SettingField *other : on.window->findChildren<SettingField *>())
        QCOMPARE(other->fault().isEmpty(), other->key() != key);
    QVERIFY(on.field(name.constData())->isVisible()); // also where it was folded away
    QCOMPARE(on.text(), kFile);
}

void TestSettingsWindow::whatOnlyTheWholeKnowsStandsBesideWhatWasChanged()
{
    WindowOnFile on(kFile);
    on.show();
    on.type("timers.drowsy_after", u"1h"_s);
    const auto byHand = editToml(kFile, u"timers.drowsy_after"_s, "\"1h\"");
    QVERIFY(byHand.ok());
    const auto checked = checkConfiguration(byHand.value());
    const auto expected = crossFault(checked.configuration.settings, checked.places);
    QVERIFY(expected.has_value());
    QCOMPARE(on.fault("timers.drowsy_after"), expected->text);
    QVERIFY(on.fault("timers.sleep_after").isEmpty());
    QVERIFY(!on.canSave());
    on.type("timers.sleep_after", u"50m"_s);
    QVERIFY(on.fault("timers.sleep_after").contains(u"timers.drowsy_after"_s));
    on.type("timers.sleep_after", u"90m"_s);
    QVERIFY(on.fault("timers.sleep_after").isEmpty() && on.fault("timers.drowsy_after").isEmpty());
    QVERIFY(on.canSave());
}

void TestSettingsWindow::aMendedValueCanBeSaved()
{
    WindowOnFile on(kFile);
    on.show();
    on.type("timers.drowsy_after", u"soon"_s);
    QVERIFY(!on.canSave());
    on.type("timers.drowsy_after", u"12m"_s);
    QVERIFY(on.fault("timers.drowsy_after").isEmpty());
    QVERIFY(on.canSave());
    on.type("timers.drowsy_after", u"10m"_s); // as it was
    QVERIFY(!on.canSave());
    QVERIFY(!on.window->isWindowModified());
}

void TestSettingsWindow::everyOtherByteSurvives()
{
    WindowOnFile on(kFile);
    on.show();
    QSignalSpy saved(on.window.get(), &SettingsWindow::saved);
    on.type("timers.drowsy_after", u"12m"_s);
    on.click(u"Save"_s);
    QCOMPARE(saved.count(), 1);
    QCOMPARE(on.text(), QByteArray(kFile).replace("\"10m\"", "\"12m\""));
    QVERIFY(!on.canSave());

    on.click(u"Only while nobody is at the machine"_s);
    on.click(u"Save"_s);
    QCOMPARE(saved.count(), 2);
    // A line end, because the file had none; a section, because there was none.
    QCOMPARE(on.text(), QByteArray(kFile).replace("\"10m\"", "\"12m\"") + "\r\n\r\n[sleep]\r\nrequire_user_idle = true\r\n");
}

void TestSettingsWindow::durationsAreWrittenAsTyped_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("written");
    QTest::newRow("unit") << u"7m"_s << QByteArray("\"7m\"");
    QTest::newRow("number") << u"300"_s << QByteArray("300");
    QTest::newRow("fraction") << u"0.5"_s << QByteArray("0.5");
    QTest::newRow("quotes as in the file") << u"\"8m\""_s << QByteArray("\"8m\"");
    QTest::newRow("single quotes") << u"'8m'"_s << QByteArray("\"8m\"");
    QTest::newRow("spaces around") << u" 8m "_s << QByteArray("\"8m\"");
    QTest::newRow("leading zero") << u"060"_s << QByteArray("\"060\"");
}

void TestSettingsWindow::durationsAreWrittenAsTyped()
{
    QFETCH(QString, typed);
    QFETCH(QByteArray, written);
    WindowOnFile on("[timers]\ndrowsy_after = \"10m\" # x\n");
    on.show();
    on.type("timers.drowsy_after", typed);
    QTest::keyClick(on.edit("timers.drowsy_after"), Qt::Key_Return);
    QCOMPARE(on.text(), "[timers]\ndrowsy_after = " + written + " # x\n");
}

void TestSettingsWindow::resetTakesOnlyTheKey()
{
    WindowOnFile on(kFile);
    on.show();
    on.click(u"Reset Drowsy after to its default"_s);
    QCOMPARE(on.edit("timers.drowsy_after")->text(), u"5m"_s);
    QVERIFY(on.window->focusWidget() == on.edit("timers.drowsy_after"));
    on.click(u"Save"_s);
    QCOMPARE(on.text(), QByteArray(kFile).replace("  drowsy_after = \"10m\"\t# \"quoted\" = 'comment'\n", ""));
}

void TestSettingsWindow::anEmptyFieldIsTheDefault()
{
    WindowOnFile on("[timers]\ndrowsy_after = \"10m\"\ntick = 20\n");
    on.show();
    on.type("timers.drowsy_after", {});
    QVERIFY(on.fault("timers.drowsy_after").isEmpty());
    on.click(u"Save"_s);
    QCOMPARE(on.text(), QByteArray("[timers]\ntick = 20\n"));
    QCOMPARE(on.edit("timers.drowsy_after")->text(), u"5m"_s);
}

void TestSettingsWindow::aMissingFileIsMade()
{
    WindowOnFile on;
    on.show();
    QCOMPARE(on.edit("timers.drowsy_after")->text(), u"5m"_s);
    on.click(u"Only clients in use"_s);
    on.click(u"Save"_s);
    QCOMPARE(on.text(), QByteArray("[lifecycle]\npresence = \"active\"\n"));
    struct stat info {
    };
    QCOMPARE(::stat(QFile::encodeName(on.path()).constData(), &info), 0);
    QCOMPARE(info.st_mode & 07777U, mode_t{0600});
}

void TestSettingsWindow::rightsAndLinksStay()
{
    WindowOnFile on;
    const QString real = on.folder.filePath(u"dotfiles.toml"_s);
    QFile file(real);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("[timers]\ntick = 20\n") > 0);
    file.close();
    QVERIFY(::chmod(QFile::encodeName(real).constData(), 0644) == 0);
    QVERIFY(QFile::link(real, on.path()));
    on.show();
    on.type("timers.tick", u"10"_s);
    on.click(u"Save"_s);
    QVERIFY(QFileInfo(on.path()).isSymLink());
    QCOMPARE(on.text(), QByteArray("[timers]\ntick = 10\n"));
    struct stat info {
    };
    QCOMPARE(::stat(QFile::encodeName(real).constData(), &info), 0);
    QCOMPARE(info.st_mode & 07777U, mode_t{0644});
}

void TestSettingsWindow::othersChangesAreKept()
{
    WindowOnFile on("[timers]\ndrowsy_after = \"10m\"\nsleep_after = \"40m\"\n");
    on.show();
    on.type("timers.drowsy_after", u"12m"_s);
    on.put("# new\n[timers]\ndrowsy_after = \"10m\"\nsleep_after = \"50m\"\ntick = 20\n");
    on.click(u"Save"_s);
    QCOMPARE(on.text(), QByteArray("# new\n[timers]\ndrowsy_after = \"12m\"\nsleep_after = \"50m\"\ntick = 20\n"));
    QCOMPARE(on.edit("timers.sleep_after")->text(), u"50m"_s);
    QCOMPARE(on.edit("timers.tick")->text(), u"20"_s);
}

void TestSettingsWindow::bothChangedTheSame_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("mine") << u"Keep Mine"_s << QByteArray("[timers]\ndrowsy_after = \"12m\"\ntick = 5\n");
    QTest::newRow("theirs") << u"Take the File’s"_s << QByteArray("[timers]\ndrowsy_after = \"15m\"\ntick = 5\n");
}

void TestSettingsWindow::bothChangedTheSame()
{
    QFETCH(QString, answer);
    QFETCH(QByteArray, expected);
    WindowOnFile on("[timers]\ndrowsy_after = \"10m\"\n");
    on.show();
    QSignalSpy saved(on.window.get(), &SettingsWindow::saved);
    on.type("timers.drowsy_after", u"12m"_s);
    on.type("timers.tick", u"5"_s);
    on.put("[timers]\ndrowsy_after = \"15m\"\n");
    on.click(u"Save"_s);
    // Asked, and nothing written.
    QCOMPARE(saved.count(), 0);
    QCOMPARE(on.text(), QByteArray("[timers]\ndrowsy_after = \"15m\"\n"));
    QVERIFY(on.banner().contains(u"timers.drowsy_after"_s) && on.banner().contains(u"15m"_s) && on.banner().contains(u"12m"_s));
    QVERIFY(!on.window->findChild<QMessageBox *>());
    on.click(answer);
    QCOMPARE(saved.count(), 1);
    QCOMPARE(on.text(), expected);
    QVERIFY(!on.button(answer));
}

void TestSettingsWindow::aBrokenFileIsNotTouched()
{
    const QByteArray broken = "[timers]\ntick = 20\n[[service]]\nname = 5\n";
    WindowOnFile on(broken);
    on.show();
    QVERIFY2(on.banner().contains(parseConfiguration(broken, on.path()).error().message), qPrintable(on.banner()));
    QVERIFY(on.banner().contains(u"dormouse.toml:3:"_s));
    for (const SettingField *field : on.window->findChildren<SettingField *>())
        QVERIFY(!field->isEnabled());
    QVERIFY(!on.canSave());

    UrlCatcher catcher;
    QDesktopServices::setUrlHandler(u"file"_s, &catcher, "open");
    on.click(u"Open Configuration"_s);
    QDesktopServices::unsetUrlHandler(u"file"_s);
    QCOMPARE(catcher.opened, QUrl::fromLocalFile(on.path()));

    // Mended in an editor: coming back is enough.
    on.put("[timers]\ntick = 25\n");
    QEvent back(QEvent::WindowActivate);
    QCoreApplication::sendEvent(on.window.get(), &back);
    QVERIFY(on.banner().isEmpty());
    QVERIFY(on.field("timers.drowsy_after")->isEnabled());
    QCOMPARE(on.edit("timers.tick")->text(), u"25"_s);
}

void TestSettingsWindow::aFileThatBreaksMeanwhileIsNotTouched()
{
    WindowOnFile on("[timers]\ntick = 20\n");
    on.show();
    on.type("timers.tick", u"10"_s);
    on.put("[timers\ntick = 20\n");
    on.click(u"Save"_s);
    QCOMPARE(on.text(), QByteArray("[timers\ntick = 20\n"));
    QVERIFY(on.banner().contains(u":1:"_s));
    QVERIFY(!on.canSave());
    on.put("[timers]\ntick = 20\nsleep_after = \"1h\"\n");
    QEvent back(QEvent::WindowActivate);
    QCoreApplication::sendEvent(on.window.get(), &back);
    QCOMPARE(on.edit("timers.tick")->text(), u"10"_s);
    on.click(u"Save"_s);
    QCOMPARE(on.text(), QByteArray("[timers]\ntick = 10\nsleep_after = \"1h\"\n"));
}

/// What one of the fields can mend must not send a person to an editor.
void TestSettingsWindow::aWrongValueInTheFileCanBeMended()
{
    const QByteArray wrong =
        "[timers]\nsleep_after = \"soon\"\n[lifecycle]\npresence = \"maybe\"\n[sleep]\nrequire_ac = \"true\"\n";
    WindowOnFile on(wrong);
    on.show();
    QVERIFY(on.banner().isEmpty());
    QCOMPARE(on.edit("timers.sleep_after")->text(), u"soon"_s);
    QCOMPARE(on.fault("timers.sleep_after"), agentMessage("[timers]\nsleep_after = \"soon\"\n", on.path()));
    QVERIFY(on.fault("lifecycle.presence").contains(u"maybe"_s));
    QVERIFY(!on.button(u"Every open client"_s)->isChecked() && !on.button(u"Only clients in use"_s)->isChecked());
    QVERIFY(!on.fault("sleep.require_ac").isEmpty());
    on.type("timers.sleep_after", u"1h"_s);
    on.click(u"Only clients in use"_s);
    QVERIFY(!on.canSave());
    on.click(u"Reset Maintenance waits for the power plug to its default"_s);
    on.click(u"Save"_s);
    QCOMPARE(on.text(), QByteArray("[timers]\nsleep_after = \"1h\"\n[lifecycle]\npresence = \"active\"\n[sleep]\n"));
}

void TestSettingsWindow::whatCannotBeWrittenIsTold()
{
    WindowOnFile on("[timers]\ntick = 20\n");
    on.show();
    QSignalSpy saved(on.window.get(), &SettingsWindow::saved);
    on.type("timers.tick", u"10"_s);
    // A file that is one of somebody else's is not read any more, and nothing replaces it.
    QVERIFY(::chmod(QFile::encodeName(on.path()).constData(), 0666) == 0);
    on.click(u"Save"_s);
    QCOMPARE(saved.count(), 0);
    QVERIFY2(on.banner().contains(u"chmod"_s), qPrintable(on.banner()));
    QCOMPARE(on.text(), QByteArray("[timers]\ntick = 20\n"));
    QCOMPARE(on.edit("timers.tick")->text(), u"10"_s);
}

void TestSettingsWindow::theAgentsAnswerIsShown()
{
    WindowOnFile on("[timers]\ntick = 20\n");
    on.show();
    on.type("timers.tick", u"10"_s);
    on.click(u"Save"_s);
    on.window->showReloadAnswer(u"timers.tick: <b>no</b> & never"_s);
    QVERIFY(on.banner().contains(u"timers.tick: <b>no</b> & never"_s));
    QVERIFY(on.window->findChild<Banner *>()->isVisible());
    QEvent back(QEvent::WindowActivate); // looked elsewhere meanwhile
    QCoreApplication::sendEvent(on.window.get(), &back);
    QVERIFY(on.banner().contains(u"never"_s));
    on.window->showReloadAnswer({});
    QVERIFY(!on.banner().contains(u"never"_s));
    QVERIFY(on.banner().contains(u"agent"_s));
    on.type("timers.tick", u"11"_s);
    QVERIFY(on.banner().isEmpty());
}

QTEST_MAIN(TestSettingsWindow)
#include "tst_settingswindow.moc"
