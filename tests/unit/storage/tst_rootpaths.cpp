// SPDX-License-Identifier: MIT
#include "shared/storage/rootpaths.h"
#include "tests/unit/storage/storagetest.h"

#include <QtTest>

#include <unistd.h>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

class RootPathsTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] QString at(const QString &name) const { return m_folder->path() + u'/' + name; }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        qunsetenv("DORMOUSE_ROOT");
        qunsetenv("IAI_MCP_STORE");
    }

    void theRootIsWhereTheUserPutIt_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QByteArray>("own");
        QTest::addColumn<QByteArray>("reference");
        QTest::addColumn<QString>("expected");
        const QString home = QDir::homePath();
        QTest::newRow("nothing said") << QString() << QByteArray() << QByteArray() << home + u"/.iai-mcp"_s;
        QTest::newRow("option wins") << u"/a"_s << QByteArray("/b") << QByteArray("/c") << u"/a"_s;
        QTest::newRow("own variable before the reference's") << QString() << QByteArray("/b") << QByteArray("/c") << u"/b"_s;
        QTest::newRow("the reference's variable") << QString() << QByteArray() << QByteArray("/c") << u"/c"_s;
        QTest::newRow("home is expanded") << u"~/x"_s << QByteArray() << QByteArray() << home + u"/x"_s;
        QTest::newRow("home itself") << u"~"_s << QByteArray() << QByteArray() << home;
        QTest::newRow("only at the start") << u"/a~/x"_s << QByteArray() << QByteArray() << u"/a~/x"_s;
        QTest::newRow("cleaned") << u"/a//b/../c/"_s << QByteArray() << QByteArray() << u"/a/c"_s;
        QTest::newRow("made absolute") << u"x"_s << QByteArray() << QByteArray() << QDir::currentPath() + u"/x"_s;
    }
    void theRootIsWhereTheUserPutIt()
    {
        QFETCH(QString, option);
        QFETCH(QByteArray, own);
        QFETCH(QByteArray, reference);
        qputenv("DORMOUSE_ROOT", own); // set but empty counts as unset
        qputenv("IAI_MCP_STORE", reference);
        QTEST(resolveRoot(option).root, "expected");
    }

    void foldersAreMadePrivateWhateverTheUmask_data()
    {
        QTest::addColumn<int>("mask");
        QTest::newRow("open") << 0;
        QTest::newRow("usual") << 022;
        QTest::newRow("takes the owner's rights too") << 0277;
    }
    void foldersAreMadePrivateWhateverTheUmask()
    {
        QFETCH(int, mask);
        const RootPaths paths{at(u"deep/er/root"_s)};
        const Umask umask(mask);
        const auto prepared = prepareRoot(paths);
        QVERIFY2(prepared, qPrintable(prepared ? QString() : prepared.error().text()));
        for (const QString &folder : {at(u"deep"_s), at(u"deep/er"_s), paths.root, paths.wrappers(), paths.logs()})
            QCOMPARE(modeOf(folder), 0700);
        QVERIFY(prepareRoot(paths)); // and again, as each start does
    }

    void foldersOpenToOthersAreNarrowed()
    {
        const RootPaths paths{at(u"root"_s)};
        QVERIFY(prepareRoot(paths));
        QVERIFY(setMode(paths.root, 0777) && setMode(paths.wrappers(), 0755) && setMode(paths.logs(), 0720));
        QVERIFY(prepareRoot(paths));
        QCOMPARE(modeOf(paths.root), 0700);
        QCOMPARE(modeOf(paths.wrappers()), 0700);
        QCOMPARE(modeOf(paths.logs()), 0700);
    }

    void aFolderAboveThatEverybodyMayWriteIsRefused_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("isFit");
        QTest::newRow("anybody may exchange what is in it") << 0777 << false;
        QTest::newRow("also where only strangers may") << 0703 << false;
        QTest::newRow("sticky, as /tmp is") << 01777 << true;
        QTest::newRow("the group alone, which is often one's own") << 0775 << true;
        QTest::newRow("for reading") << 0755 << true;
    }
    void aFolderAboveThatEverybodyMayWriteIsRefused()
    {
        QFETCH(int, mode);
        QFETCH(bool, isFit);
        QVERIFY(QDir().mkpath(at(u"above/between"_s)));
        QVERIFY(setMode(at(u"above/between"_s), 0755) && setMode(at(u"above"_s), mode));
        for (const QString &root : {at(u"above/root"_s), at(u"above/between/root"_s)}) {
            const auto prepared = prepareRoot({root});
            QCOMPARE(prepared.ok(), isFit);
            if (isFit)
                continue;
            QCOMPARE(prepared.error().code, ErrorCode::Permission);
            for (const QString &word : QStringList{u"chmod o-w '"_s + at(u"above"_s), u"--root"_s, root})
                QVERIFY2(prepared.error().text().contains(word), qPrintable(prepared.error().text()));
        }
    }

    void aRootThatIsALinkIsFollowed()
    {
        QVERIFY(QDir().mkpath(at(u"real"_s)));
        QVERIFY(setMode(at(u"real"_s), 0755));
        QVERIFY(QFile::link(at(u"real"_s), at(u"root"_s)));
        QVERIFY(prepareRoot({at(u"root"_s)}));
        QCOMPARE(modeOf(at(u"real"_s)), 0700);
        QVERIFY(QFileInfo(at(u"real/wrappers"_s)).isDir());
        QVERIFY(QFileInfo(at(u"root"_s)).isSymLink());
    }

    void aLinkThatLeadsNowhereIsToldAsSuch()
    {
        QVERIFY(QFile::link(at(u"gone"_s), at(u"root"_s)));
        for (const QString &root : {at(u"root"_s), at(u"root/below"_s)}) {
            const auto prepared = prepareRoot({root});
            QVERIFY(!prepared);
            QCOMPARE(prepared.error().code, ErrorCode::Refused);
            QVERIFY2(prepared.error().text().contains(u"leads nowhere"_s), qPrintable(prepared.error().text()));
        }
        QVERIFY(!QFileInfo::exists(at(u"gone"_s)));
    }

    void wrappersAndLogsMustBeRealFolders_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("wrappers") << u"wrappers"_s;
        QTest::newRow("logs") << u"logs"_s;
    }
    void wrappersAndLogsMustBeRealFolders()
    {
        QFETCH(QString, name);
        QVERIFY(QDir().mkpath(at(u"elsewhere"_s)) && QDir().mkpath(at(u"root"_s)));
        QVERIFY(setMode(at(u"elsewhere"_s), 0755));
        QVERIFY(QFile::link(at(u"elsewhere"_s), at(u"root/"_s + name)));
        const auto prepared = prepareRoot({at(u"root"_s)});
        QVERIFY(!prepared);
        QCOMPARE(prepared.error().code, ErrorCode::Refused);
        QCOMPARE(prepared.error().path, at(u"root/"_s + name));
        QCOMPARE(modeOf(at(u"elsewhere"_s)), 0755);
    }

    void aFileInTheWayIsRefusedAndKept()
    {
        QVERIFY(put(at(u"file"_s), "mine"));
        for (const QString &root : {at(u"file"_s), at(u"file/root"_s)}) {
            const auto prepared = prepareRoot({root});
            QVERIFY(!prepared);
            QCOMPARE(prepared.error().code, ErrorCode::Refused);
        }
        QCOMPARE(contentOf(at(u"file"_s)), QByteArray("mine"));
    }

    void somebodyElsesFolderIsNamedWithTheRemedy()
    {
        if (::geteuid() != 0)
            QSKIP("only root can give a folder away");
        const RootPaths paths{at(u"root"_s)};
        QVERIFY(prepareRoot(paths));
        QVERIFY(setMode(paths.wrappers(), 0777));
        QCOMPARE(::chown(QFile::encodeName(paths.wrappers()).constData(), 65534, 65534), 0);
        const auto prepared = prepareRoot(paths);
        QVERIFY(!prepared);
        QCOMPARE(prepared.error().code, ErrorCode::Permission);
        const QString text = prepared.error().text();
        QVERIFY2(text.contains(u"65534"_s) && text.contains(u"--root"_s) && text.contains(paths.wrappers()), qPrintable(text));
        QCOMPARE(modeOf(paths.wrappers()), 0777); // what is not ours is not touched
    }
};

QTEST_GUILESS_MAIN(RootPathsTest)
#include "tst_rootpaths.moc"
