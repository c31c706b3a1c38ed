// SPDX-License-Identifier: MIT
#include "shared/config/configuration.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr uid_t kNobody = 65534;

QByteArray native(const QString &path)
{
    return QFile::encodeName(path);
}

QString errorOf(const Result<QByteArray> &result)
{
    return result ? QString() : result.error().message;
}

bool put(const QString &path, const QByteArray &text, mode_t mode)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && ::chmod(native(path).constData(), mode) == 0;
}

} // namespace

/// The file holds commands that run as the user: whoever can write it owns the account, so only the user and root may.
class TestConfigurationFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aMissingFileIsEmpty();
    void ownFileIsRead_data();
    void ownFileIsRead();
    void othersMayNotWriteIt_data();
    void othersMayNotWriteIt();
    void foreignFilesAreRefused();
    void aLinkIsJudgedByItsFile();
    void aFolderThatEverybodyMayWriteIsRefused();
    void whatIsNoFileIsRefused();
    void tooLargeIsRefused();
    void programsAreFoundAsExecvpHasIt();

private:
    QString at(const QString &name) const { return m_folder->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestConfigurationFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestConfigurationFile::aMissingFileIsEmpty()
{
    const Result<QByteArray> text = readConfigurationFile(at(u"dormouse.toml"_s));
    QVERIFY(text.ok());
    QVERIFY(text.value().isEmpty());
    QVERIFY(readConfigurationFile(at(u"no/folder/dormouse.toml"_s)).ok());
}

void TestConfigurationFile::ownFileIsRead_data()
{
    QTest::addColumn<int>("mode");
    for (const int mode : {0400, 0600, 0644, 0755})
        QTest::addRow("%o", static_cast<unsigned>(mode)) << mode;
}

void TestConfigurationFile::ownFileIsRead()
{
    QFETCH(const int, mode);
    QVERIFY(put(at(u"dormouse.toml"_s), "[timers]\n", static_cast<mode_t>(mode)));
    const Result<QByteArray> text = readConfigurationFile(at(u"dormouse.toml"_s));
    QCOMPARE(errorOf(text), QString());
    QCOMPARE(text.value(), QByteArray("[timers]\n"));
}

void TestConfigurationFile::othersMayNotWriteIt_data()
{
    QTest::addColumn<int>("mode");
    for (const int mode : {0666, 0620, 0602, 0664})
        QTest::addRow("%o", static_cast<unsigned>(mode)) << mode;
}

void TestConfigurationFile::othersMayNotWriteIt()
{
    QFETCH(const int, mode);
    QVERIFY(put(at(u"dormouse.toml"_s), "", static_cast<mode_t>(mode)));
    const Result<QByteArray> text = readConfigurationFile(at(u"dormouse.toml"_s));
    QVERIFY(!text);
    QCOMPARE(text.error().code, ErrorCode::Permission);
    QCOMPARE(text.error().message,
             u"the configuration holds commands, and is not used: others may write it (mode 0%1; remedy: chmod go-w)"_s.arg(
                 mode, 3, 8, QLatin1Char('0')));
    QCOMPARE(text.error().path, QFileInfo(at(u"dormouse.toml"_s)).canonicalFilePath());
}

void TestConfigurationFile::foreignFilesAreRefused()
{
    if (::geteuid() != 0)
        QSKIP("only root can give a file to somebody else");
    QVERIFY(put(at(u"dormouse.toml"_s), "", 0644));
    QVERIFY(::chown(native(at(u"dormouse.toml"_s)).constData(), kNobody, kNobody) == 0);
    const Result<QByteArray> text = readConfigurationFile(at(u"dormouse.toml"_s));
    QVERIFY(!text);
    QCOMPARE(text.error().code, ErrorCode::Permission);
    QCOMPARE(text.error().message,
             u"the configuration holds commands, and is not used: it belongs to another user (uid 65534; remedy: chown 0)"_s);
}

void TestConfigurationFile::aLinkIsJudgedByItsFile()
{
    QVERIFY(QDir(m_folder->path()).mkpath(u"dotfiles"_s));
    QVERIFY(put(at(u"dotfiles/dormouse.toml"_s), "[sleep]\n", 0644));
    QVERIFY(QFile::link(u"dotfiles/dormouse.toml"_s, at(u"dormouse.toml"_s)));
    const Result<QByteArray> text = readConfigurationFile(at(u"dormouse.toml"_s));
    QCOMPARE(errorOf(text), QString());
    QCOMPARE(text.value(), QByteArray("[sleep]\n"));

    QVERIFY(::chmod(native(at(u"dotfiles/dormouse.toml"_s)).constData(), 0666) == 0);
    const Result<QByteArray> wide = readConfigurationFile(at(u"dormouse.toml"_s));
    QVERIFY(!wide);
    QCOMPARE(wide.error().code, ErrorCode::Permission);
    QVERIFY2(wide.error().path.endsWith(u"dotfiles/dormouse.toml"_s), qPrintable(wide.error().path)); // where the remedy applies

    QVERIFY(QFile::remove(at(u"dotfiles/dormouse.toml"_s)));
    const Result<QByteArray> dangling =
        readConfigurationFile(at(u"dormouse.toml"_s)); // dotfiles that are not there: no silent defaults
    QVERIFY(!dangling);
    QCOMPARE(dangling.error().code, ErrorCode::NotFound);
}

void TestConfigurationFile::aFolderThatEverybodyMayWriteIsRefused()
{
    QVERIFY(put(at(u"dormouse.toml"_s), "", 0600));
    QVERIFY(::chmod(native(m_folder->path()).constData(), 0777) == 0);
    const Result<QByteArray> text = readConfigurationFile(at(u"dormouse.toml"_s));
    QVERIFY(!text);
    QCOMPARE(text.error().code, ErrorCode::Permission);
    QCOMPARE(text.error().path, QFileInfo(m_folder->path()).canonicalFilePath());
    QVERIFY(::chmod(native(m_folder->path()).constData(), 01777) == 0); // as /tmp: nobody can take another's file away
    QCOMPARE(errorOf(readConfigurationFile(at(u"dormouse.toml"_s))), QString());
}

void TestConfigurationFile::whatIsNoFileIsRefused()
{
    QVERIFY(QDir(m_folder->path()).mkpath(u"folder.toml"_s));
    QCOMPARE(readConfigurationFile(at(u"folder.toml"_s)).error().code, ErrorCode::Refused);
    QVERIFY(::mkfifo(native(at(u"fifo.toml"_s)).constData(), 0600) == 0);
    QCOMPARE(readConfigurationFile(at(u"fifo.toml"_s)).error().code, ErrorCode::Refused); // and nobody waits for a writer
    QVERIFY(QFile::link(u"loop.toml"_s, at(u"loop.toml"_s)));
    QVERIFY(!readConfigurationFile(at(u"loop.toml"_s)).ok());
}

void TestConfigurationFile::tooLargeIsRefused()
{
    const QByteArray comment(1024 * 1024, '#');
    QVERIFY(put(at(u"dormouse.toml"_s), comment, 0600));
    QVERIFY(readConfigurationFile(at(u"dormouse.toml"_s)).ok());
    QVERIFY(put(at(u"dormouse.toml"_s), comment + '#', 0600));
    const Result<QByteArray> text = readConfigurationFile(at(u"dormouse.toml"_s));
    QVERIFY(!text);
    QCOMPARE(text.error().code, ErrorCode::TooLarge);
    const Result<Configuration> parsed = parseConfiguration(comment + '#', u"dormouse.toml"_s);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().text(), u"dormouse.toml: the file is larger than 1 MiB"_s);
}

void TestConfigurationFile::programsAreFoundAsExecvpHasIt()
{
    for (const QString &folder : {u"a"_s, u"b"_s, u"b/folder"_s})
        QVERIFY(QDir(m_folder->path()).mkpath(folder));
    QVERIFY(put(at(u"a/tool"_s), "#!/bin/sh\n", 0600)); // not executable: passed over
    QVERIFY(put(at(u"b/tool"_s), "#!/bin/sh\n", 0700));
    const QString path = at(u"missing"_s) + u':' + at(u"a"_s) + u':' + at(u"b"_s);
    QCOMPARE(findProgram(u"tool"_s, path).value_or(QString()), at(u"b/tool"_s));
    QCOMPARE(findProgram(at(u"b/tool"_s), QString(u""_s)).value_or(QString()), at(u"b/tool"_s));
    QVERIFY(!findProgram(at(u"a/tool"_s), path));
    QVERIFY(!findProgram(u"folder"_s, path));
    QVERIFY(!findProgram(u"nosuch"_s, path));
    QVERIFY(!findProgram(u"b/tool"_s, m_folder->path())); // a slash: never searched
    QVERIFY(!findProgram(QString(), path));
    QVERIFY(!findProgram(u"~/tool"_s, path));
}

QTEST_GUILESS_MAIN(TestConfigurationFile)
#include "tst_configuration_file.moc"
