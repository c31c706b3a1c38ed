// SPDX-License-Identifier: MIT
#include "cli/installfiles.h"
#include "cli/installrun.h"
#include "shared/control/servedroot.h"
#include "shared/startup/installtexts.h"

#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QtTest>

#include <array>

#include <sys/stat.h>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

/// The parts of `dormouse install` that need no service manager: what is written, whose it is, and that it can be undone.
class CliInstallTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsFoundAgain_data();
    void whatIsWrittenIsFoundAgain();
    void refusesWhatNoFileCanCarry_data();
    void refusesWhatNoFileCanCarry();
    void keepsAUsableSearchPath_data();
    void keepsAUsableSearchPath();
    void knowsItsOwnFiles_data();
    void knowsItsOwnFiles();
    void writesPrivatelyWhateverTheUmask();
    void undoesEverything();
    void keepsTheOldFile();
    void refusesLinks();
    void aRehearsalWritesNothing();
    void outlivesAnUpdateOfHomebrew();
};

namespace {

void put(const QString &path, const QByteArray &content)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("nothing");
}

/// Every path under a folder, with its content.
QMap<QString, QByteArray> treeOf(const QString &folder)
{
    QMap<QString, QByteArray> tree;
    QDirIterator all(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QString path = all.next();
        tree.insert(path, QFileInfo(path).isFile() ? contentOf(path) : QByteArray());
    }
    return tree;
}

void ignore(const QString &) {}

} // namespace

/// A waker starts the unit only where it serves the root that is to be woken: it reads the file that is written here.
void CliInstallTest::whatIsWrittenIsFoundAgain_data()
{
    QTest::addColumn<QString>("agent");
    QTest::addColumn<QString>("root");
    QTest::addColumn<QString>("socket");
    QTest::newRow("usual") << u"/usr/bin/dormouse-agent"_s << u"/home/u/.iai-mcp"_s << u"/home/u/.iai-mcp/agent.sock"_s;
    QTest::newRow("own socket") << u"/usr/bin/dormouse-agent"_s << u"/r"_s << u"/run/s.sock"_s;
    QTest::newRow("blanks") << u"/my programs/dormouse-agent"_s << u"/my root"_s << u"/my root/agent.sock"_s;
    QTest::newRow("specifiers") << u"/50%h/dormouse-agent"_s << u"/r%%t"_s << u"/%/agent.sock"_s;
    QTest::newRow("quotes") << u"/a\"b'c/dormouse-agent"_s << u"/r\\\"'x"_s << u"/s'\"\\/agent.sock"_s;
    QTest::newRow("variables") << u"/a/dormouse-agent"_s << u"/$HOME/$$x"_s << u"/${X}/agent.sock"_s;
    QTest::newRow("markup") << u"/<&>/dormouse-agent"_s << u"/a&lt;b"_s << u"/]]>/agent.sock"_s;
    QTest::newRow("names of the template") << u"/@ROOT@/dormouse-agent"_s << u"/@PATH@"_s << u"/@SOCKET@/agent.sock"_s;
    QTest::newRow("other scripts") << u"/programme/größe/dormouse-agent"_s << u"/家/睡鼠"_s << u"/家/睡鼠/agent.sock"_s;
}

void CliInstallTest::whatIsWrittenIsFoundAgain()
{
    QFETCH(QString, agent);
    QFETCH(QString, root);
    QFETCH(QString, socket);
    const InstallFacts facts{agent, {}, root, socket, u"/usr/bin:/b\"%$x"_s, u"/logs"_s};
    QVERIFY(checkFacts(facts));
    for (const QStringList &command :
         {commandOfUnit(agentService(facts), u"/home/u"_s), commandOfPropertyList(agentPropertyList(facts, false)),
          commandOfPropertyList(agentPropertyList(facts, true))}) {
        QCOMPARE(command.value(0), agent);
        QCOMPARE(command.value(1), u"--supervised"_s);
        QVERIFY2(commandServes(command, RootPaths{root}, socket, u"/home/u"_s), qPrintable(command.join(u" | "_s)));
        QVERIFY(!commandServes(command, RootPaths{root + u'x'}, {}, u"/home/u"_s));
    }
}

void CliInstallTest::refusesWhatNoFileCanCarry_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("line break") << u"/a\nExecStartPre=/bin/evil"_s;
    QTest::newRow("carriage return") << u"/a\rb"_s;
    QTest::newRow("escape") << u"/a\x1b[31m"_s;
    QTest::newRow("line separator") << u"/a\x2028"_s;
    QTest::newRow("relative") << u"a/b"_s;
}

void CliInstallTest::refusesWhatNoFileCanCarry()
{
    QFETCH(QString, path);
    for (std::size_t i = 0; i < 4; ++i) {
        InstallFacts facts{u"/a"_s, u"/t"_s, u"/r"_s, u"/r/agent.sock"_s, {}, u"/l"_s};
        QVERIFY(checkFacts(facts));
        *std::array{&facts.agent, &facts.tray, &facts.root, &facts.socket}.at(i) = path;
        const Result<void> checked = checkFacts(facts);
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::Configuration);
    }
}

void CliInstallTest::keepsAUsableSearchPath_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("usable");
    QTest::newRow("usual") << u"/usr/bin:/bin"_s << u"/usr/bin:/bin"_s;
    QTest::newRow("relative means elsewhere in a service") << u".:bin:/bin:~/x"_s << u"/bin"_s;
    QTest::newRow("empty means here") << u":/bin::"_s << u"/bin"_s;
    QTest::newRow("twice") << u"/b:/a:/b"_s << u"/b:/a"_s;
    QTest::newRow("line break") << u"/a\nX=1:/b"_s << u"/b"_s;
    QTest::newRow("none") << QString() << QString();
}

void CliInstallTest::keepsAUsableSearchPath()
{
    QFETCH(QString, path);
    QTEST(usableSearchPath(path), "usable");
    const InstallFacts facts{u"/a"_s, {}, u"/r"_s, u"/r/agent.sock"_s, usableSearchPath(path), u"/l"_s};
    QCOMPARE(agentService(facts).count("\nEnvironment="), facts.searchPath.isEmpty() ? 0 : 1);
    QVERIFY(!agentService(facts).contains("\nX=1"));
}

void CliInstallTest::knowsItsOwnFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("origin");
    const QByteArray unit = withMark("[Unit]\nDescription=x\n", CommentStyle::Hash);
    const QByteArray plist = withMark("<plist>\n</plist>", CommentStyle::Xml);
    QTest::newRow("unit") << unit << int(FileOrigin::Ours);
    QTest::newRow("property list") << plist << int(FileOrigin::Ours);
    QTest::newRow("a letter") << QByteArray(unit).replace("=x", "=y") << int(FileOrigin::Edited);
    QTest::newRow("a line behind the mark") << QByteArray(unit + "Nice=5\n") << int(FileOrigin::Edited);
    QTest::newRow("no last line break") << unit.chopped(1) << int(FileOrigin::Edited);
    QTest::newRow("another checksum") << unit.chopped(3) + "00\n" << int(FileOrigin::Edited);
    QTest::newRow("no mark") << QByteArray("[Unit]\n") << int(FileOrigin::Foreign);
    QTest::newRow("empty") << QByteArray() << int(FileOrigin::Foreign);
}

void CliInstallTest::knowsItsOwnFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(int, origin);
    QCOMPARE(int(originOf(content)), origin);
    QCOMPARE(originOf(std::nullopt), FileOrigin::Absent);
}

/// Units are commands: who could write in their folder could run what he likes as this user.
void CliInstallTest::writesPrivatelyWhateverTheUmask()
{
    const QTemporaryDir folder;
    const mode_t before = ::umask(0);
    const auto written = InstallFiles(false, ignore).write({folder.filePath(u".config/systemd/user/unit"_s), "1"}, false);
    ::umask(before);
    QVERIFY(written);
    for (const QString &path : {u".config"_s, u".config/systemd"_s, u".config/systemd/user"_s, u".config/systemd/user/unit"_s}) {
        const auto rights = QFileInfo(folder.filePath(path)).permissions();
        QVERIFY2(
            (rights
             & ~(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadUser | QFile::WriteUser | QFile::ExeUser))
                == 0,
            qPrintable(path));
    }
}

void CliInstallTest::undoesEverything()
{
    const QTemporaryDir folder;
    put(folder.filePath(u"old"_s), "before");
    put(folder.filePath(u"forced"_s), "by hand");
    put(folder.filePath(u"gone"_s), "here");
    const auto before = treeOf(folder.path());
    InstallFiles files(false, ignore);
    QVERIFY(files.write({folder.filePath(u"new/deep/file"_s), "1"}, false));
    QVERIFY(files.write({folder.filePath(u"old"_s), "2"}, false));
    QVERIFY(files.write({folder.filePath(u"forced"_s), "3"}, true));
    QVERIFY(files.remove(folder.filePath(u"gone"_s)));
    QCOMPARE(contentOf(folder.filePath(u"old"_s)), "2");
    QVERIFY(!QFileInfo::exists(folder.filePath(u"gone"_s)));
    QCOMPARE(files.undo(), QStringList());
    QCOMPARE(treeOf(folder.path()), before);
}

void CliInstallTest::keepsTheOldFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"unit.service"_s);
    put(path, "by hand");
    QStringList told;
    InstallFiles files(false, [&told](const QString &line) { told.append(line); });
    QVERIFY(files.write({path, "ours"}, true));
    QCOMPARE(contentOf(path), "ours");
    const QStringList kept = QDir(folder.path()).entryList({u"unit.service.bak-*"_s});
    QCOMPARE(kept.size(), 1);
    QCOMPARE(contentOf(folder.filePath(kept.constFirst())), "by hand");
    QVERIFY2(told.join(u'\n').contains(kept.constFirst()), "nobody is told where the old one is");
}

/// A masked unit is a link to /dev/null, and people keep such files behind links; neither is written through.
void CliInstallTest::refusesLinks()
{
    const QTemporaryDir folder;
    put(folder.filePath(u"target"_s), "theirs");
    QVERIFY(QFile::link(folder.filePath(u"target"_s), folder.filePath(u"link"_s)));
    QVERIFY(QFile::link(u"/nowhere/at/all"_s, folder.filePath(u"dangling"_s)));
    for (const QString &name : {u"link"_s, u"dangling"_s}) {
        InstallFiles files(false, ignore);
        const auto read = InstallFiles::read(folder.filePath(name));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Refused);
        QVERIFY(!files.write({folder.filePath(name), "ours"}, false));
        QVERIFY(QFileInfo(folder.filePath(name)).isSymLink());
    }
    QCOMPARE(contentOf(folder.filePath(u"target"_s)), "theirs");
}

void CliInstallTest::aRehearsalWritesNothing()
{
    const QTemporaryDir folder;
    put(folder.filePath(u"old"_s), "before");
    const auto before = treeOf(folder.path());
    QStringList told;
    InstallFiles files(true, [&told](const QString &line) { told.append(line); });
    QVERIFY(files.write({folder.filePath(u"new/file"_s), "line one\nline two\n"}, false));
    QVERIFY(files.write({folder.filePath(u"old"_s), "2"}, true));
    QVERIFY(files.remove(folder.filePath(u"old"_s)));
    QCOMPARE(treeOf(folder.path()), before);
    QVERIFY(told.join(u'\n').contains(u"line two"_s));
    QCOMPARE(told.size(), 3);
}

/// An absolute path with a version in it leads nowhere after the next `brew upgrade`.
void CliInstallTest::outlivesAnUpdateOfHomebrew()
{
    const QTemporaryDir folder;
    const QString program = folder.filePath(u"Cellar/dormouse/0.1.0/bin/dormouse-agent"_s);
    put(program, "x");
    QCOMPARE(lastingPath(program), program); // nothing is linked
    QVERIFY(QDir(folder.path()).mkpath(u"opt"_s));
    QVERIFY(QFile::link(folder.filePath(u"Cellar/dormouse/0.1.0"_s), folder.filePath(u"opt/dormouse"_s)));
    QCOMPARE(lastingPath(program), folder.filePath(u"opt/dormouse/bin/dormouse-agent"_s));
    QCOMPARE(lastingPath(u"/usr/bin/dormouse-agent"_s), u"/usr/bin/dormouse-agent"_s);
    QCOMPARE(lastingPath(u"/Cellar"_s), u"/Cellar"_s);
}

QTEST_GUILESS_MAIN(CliInstallTest)
#include "tst_cli_install.moc"
