// SPDX-License-Identifier: MIT
#include "tray/startatlogin.h"

#include "cli/installsystemd.h"
#include "shared/startup/installmark.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// What makes the icon be there tomorrow: a desktop entry that every session manager reads the same way.
class TestStartAtLogin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void offWithoutAnEntry();
    void onAndOffAgain();
    void theEntryStartsThisProgram();
    void theEntryNamesRootAndSocket();
    void isTheEntryThatInstallWrites();
    void installMayReplaceAndRemoveIt();
    void whatInstallWroteIsUpdatedAndRemoved();
    void refusesAPathThatNoFileCanCarry();
    void pathsAreQuoted_data();
    void pathsAreQuoted();
    void theEntryIsValid();
    void whatOthersWroteIsUnderstood_data();
    void whatOthersWroteIsUnderstood();
    void aPackagesEntryIsSwitchedOff();
    void aLinkStaysALink();
    void failuresAreTold();
    void withoutXdgItIsDotConfig();

private:
    [[nodiscard]] QString at(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] QString entry() const { return at(u"config/autostart/dormouse-tray.desktop"_s); }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void write(const QString &path, const QByteArray &text)
    {
        QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

    [[nodiscard]] RootPaths paths() const { return {at(u"my root"_s)}; }
    [[nodiscard]] InstallFacts facts() const
    {
        InstallFacts facts;
        facts.agent = u"/opt/dormouse-agent"_s;
        facts.tray = QCoreApplication::applicationFilePath();
        facts.root = paths().root;
        facts.socket = paths().socket();
        return facts;
    }
    /// What `dormouse install --tray` would write to start the tray.
    [[nodiscard]] InstallFile installed(const InstallFacts &facts) const
    {
        const SystemdInstaller installer(InstallTool({}, {}, true, {}), at(u"config"_s), at(u"data"_s));
        return installer.trayFiles(facts).front();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<StartAtLogin> m_login;
};

void TestStartAtLogin::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("HOME", QFile::encodeName(at(u"home"_s)));
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(at(u"config"_s)));
    qputenv("XDG_CONFIG_DIRS", QFile::encodeName(at(u"system"_s)));
    m_login = makeStartAtLogin(paths(), paths().socket());
}

void TestStartAtLogin::offWithoutAnEntry()
{
    QCOMPARE(m_login->isEnabled(), std::optional(false));
    QVERIFY(m_login->setEnabled(false).ok());
    QVERIFY(!QFile::exists(at(u"config"_s)));
}

void TestStartAtLogin::onAndOffAgain()
{
    QVERIFY(m_login->setEnabled(true).ok());
    QVERIFY(m_login->setEnabled(true).ok());
    QCOMPARE(m_login->isEnabled(), std::optional(true));
    QVERIFY(m_login->setEnabled(false).ok());
    QCOMPARE(m_login->isEnabled(), std::optional(false));
    QVERIFY(!QFile::exists(entry()));
}

void TestStartAtLogin::theEntryStartsThisProgram()
{
    QVERIFY(m_login->setEnabled(true).ok());
    const QByteArray text = read(entry());
    QVERIFY(text.startsWith("[Desktop Entry]\n"));
    const QByteArray command = "\nExec=\"" + QFile::encodeName(QCoreApplication::applicationFilePath()) + "\" ";
    QVERIFY(text.contains(command));
    QVERIFY(text.contains("\nType=Application\n"));
}

/// Tomorrow's icon shows what today's shows: the session knows nothing of this program's options and environment.
void TestStartAtLogin::theEntryNamesRootAndSocket()
{
    QVERIFY(m_login->setEnabled(true).ok());
    QVERIFY2(read(entry()).contains(QByteArray(" \"--root\" \"" + QFile::encodeName(paths().root) + "\"\n")),
             read(entry()).constData());
    QVERIFY(makeStartAtLogin(paths(), u"/run/other.sock"_s)->setEnabled(true).ok());
    QVERIFY2(read(entry()).contains("\" \"--socket\" \"/run/other.sock\"\n"), read(entry()).constData());
}

/// Two entries would start two trays, and one that install does not know stands in its way.
void TestStartAtLogin::isTheEntryThatInstallWrites()
{
    QVERIFY(m_login->setEnabled(true).ok());
    QCOMPARE(entry(), installed(facts()).path);
    QCOMPARE(read(entry()), installed(facts()).content);
}

void TestStartAtLogin::installMayReplaceAndRemoveIt()
{
    QVERIFY(m_login->setEnabled(true).ok());
    QCOMPARE(originOf(read(entry())), FileOrigin::Ours);
    write(at(u"system/autostart/dormouse-tray.desktop"_s), "[Desktop Entry]\nType=Application\nName=x\nExec=dormouse-tray\n");
    QVERIFY(m_login->setEnabled(false).ok());
    QVERIFY(read(entry()).contains("\nHidden=true\n"));
    QCOMPARE(originOf(read(entry())), FileOrigin::Ours);
}

void TestStartAtLogin::whatInstallWroteIsUpdatedAndRemoved()
{
    InstallFacts other = facts();
    other.root = u"/other root"_s;
    other.tray = u"/opt/older/dormouse-tray"_s;
    write(entry(), installed(other).content);
    QCOMPARE(m_login->isEnabled(), std::optional(true));
    QVERIFY(m_login->setEnabled(true).ok());
    QCOMPARE(read(entry()), installed(facts()).content);
    write(entry(), installed(other).content);
    QVERIFY(m_login->setEnabled(false).ok());
    QVERIFY(!QFile::exists(entry()));
}

/// Half a line would start another program, or none.
void TestStartAtLogin::refusesAPathThatNoFileCanCarry()
{
    const RootPaths broken{u"/a\nHidden=true"_s};
    const auto done = makeStartAtLogin(broken, broken.socket())->setEnabled(true);
    QVERIFY(!done.ok());
    QCOMPARE(done.error().code, ErrorCode::Configuration);
    QVERIFY(!QFile::exists(entry()));
}

void TestStartAtLogin::pathsAreQuoted_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("space") << u"my apps"_s << QByteArray("my apps");
    QTest::newRow("percent") << u"100%f"_s << QByteArray("100%%f");
    QTest::newRow("dollar") << u"a$HOME"_s << QByteArray("a\\\\$HOME");
    QTest::newRow("quote") << u"a\"b"_s << QByteArray("a\\\\\"b");
    QTest::newRow("backslash") << u"a\\b"_s << QByteArray("a\\\\\\\\b");
    QTest::newRow("backtick") << u"a`b"_s << QByteArray("a\\\\`b");
    QTest::newRow("letters") << u"größe"_s << u"größe"_s.toUtf8();
}

/// The same program, started from a folder with such a name, writes its entry.
void TestStartAtLogin::pathsAreQuoted()
{
    QFETCH(QString, folder);
    QFETCH(QByteArray, expected);
    const QString program = at(folder + u"/tst_startatlogin"_s);
    QVERIFY(QDir().mkpath(at(folder)));
    QVERIFY(QFile::copy(QCoreApplication::applicationFilePath(), program));
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DORMOUSE_WRITE_ENTRY"_s, u"1"_s);
    process.setProcessEnvironment(environment);
    process.start(program, {});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    const QByteArray text = read(entry());
    const QByteArray line = "\nExec=\"" + QFile::encodeName(m_folder->path()) + '/' + expected + "/tst_startatlogin\" ";
    QVERIFY2(text.contains(line), text.constData());
}

void TestStartAtLogin::theEntryIsValid()
{
    const QString validator = QStandardPaths::findExecutable(u"desktop-file-validate"_s);
    if (validator.isEmpty())
        QSKIP("desktop-file-validate is not installed");
    QVERIFY(m_login->setEnabled(true).ok());
    QProcess process;
    process.start(validator, {entry()});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.readAllStandardOutput() + process.readAllStandardError(), QByteArray());
    QCOMPARE(process.exitCode(), 0);
}

void TestStartAtLogin::whatOthersWroteIsUnderstood_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("starts");
    const QByteArray plain = "[Desktop Entry]\nType=Application\nExec=dormouse-tray\n";
    QTest::newRow("plain") << plain << true;
    QTest::newRow("hidden") << plain + "Hidden=true\n" << false;
    QTest::newRow("hidden with spaces") << plain + "Hidden = true \r\n" << false;
    QTest::newRow("not hidden") << plain + "Hidden=false\n" << true;
    QTest::newRow("switched off in GNOME") << plain + "X-GNOME-Autostart-enabled=false\n" << false;
    QTest::newRow("switched on in GNOME") << plain + "X-GNOME-Autostart-enabled=true\n" << true;
    QTest::newRow("of another group") << plain + "[Desktop Action x]\nHidden=true\n" << true;
    QTest::newRow("in a comment") << plain + "#Hidden=true\n" << true;
    QTest::newRow("without a command") << QByteArray("[Desktop Entry]\nType=Application\n") << false;
    QTest::newRow("empty") << QByteArray() << false;
}

void TestStartAtLogin::whatOthersWroteIsUnderstood()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, starts);
    write(entry(), text);
    QCOMPARE(m_login->isEnabled(), std::optional(starts));
    QVERIFY(m_login->setEnabled(true).ok());
    QCOMPARE(m_login->isEnabled(), std::optional(true));
}

/// Taking our entry away would only uncover the package's, and the icon would come all the same.
void TestStartAtLogin::aPackagesEntryIsSwitchedOff()
{
    write(at(u"system/autostart/dormouse-tray.desktop"_s), "[Desktop Entry]\nType=Application\nName=x\nExec=dormouse-tray\n");
    QCOMPARE(m_login->isEnabled(), std::optional(true));
    QVERIFY(m_login->setEnabled(false).ok());
    QCOMPARE(m_login->isEnabled(), std::optional(false));
    QVERIFY(read(entry()).contains("\nHidden=true\n"));
    QVERIFY(m_login->setEnabled(true).ok());
    QCOMPARE(m_login->isEnabled(), std::optional(true));
}

void TestStartAtLogin::aLinkStaysALink()
{
    const QString real = at(u"dotfiles/tray.desktop"_s);
    write(real, "[Desktop Entry]\nExec=x\nHidden=true\n");
    QVERIFY(QDir().mkpath(at(u"config/autostart"_s)));
    QVERIFY(QFile::link(real, entry()));
    QCOMPARE(m_login->isEnabled(), std::optional(false));
    QVERIFY(m_login->setEnabled(true).ok());
    QVERIFY(QFileInfo(entry()).isSymLink());
    QVERIFY(read(real).contains("tst_startatlogin"));
}

void TestStartAtLogin::failuresAreTold()
{
    write(at(u"config"_s), "a file where a folder should be");
    const auto done = m_login->setEnabled(true);
    QVERIFY(!done.ok());
    QVERIFY(done.error().path.startsWith(at(u"config"_s)));
    QVERIFY(!done.error().message.isEmpty());
    // What is no file can neither be read nor replaced.
    QVERIFY(QFile::remove(at(u"config"_s)));
    QVERIFY(QDir().mkpath(entry()));
    QCOMPARE(m_login->isEnabled(), std::optional<bool>());
    QVERIFY(!m_login->setEnabled(true).ok());
}

void TestStartAtLogin::withoutXdgItIsDotConfig()
{
    for (const QByteArray &value : {QByteArray(), QByteArray("relative")}) {
        qputenv("XDG_CONFIG_HOME", value);
        QVERIFY(m_login->setEnabled(true).ok());
        QVERIFY(QFile::exists(at(u"home/.config/autostart/dormouse-tray.desktop"_s)));
        QVERIFY(m_login->setEnabled(false).ok());
    }
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (qEnvironmentVariableIsSet("DORMOUSE_WRITE_ENTRY"))
        return makeStartAtLogin({u"/root"_s}, u"/root/agent.sock"_s)->setEnabled(true).ok() ? 0 : 1;
    TestStartAtLogin test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_startatlogin.moc"
