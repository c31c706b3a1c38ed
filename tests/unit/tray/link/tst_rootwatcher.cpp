// SPDX-License-Identifier: MIT
#include "tray/link/rootwatcher.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

/// An agent that comes must be seen, whatever happened to its folder before, and without looking all the time.
class RootWatcherTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsOfFiles();
    void seesFoldersOfWhichNoneWasThere();
    void seesARootThatIsMovedAwayAndMadeAnew();
    void seesARootThatIsRemovedAndMadeAnew();
    void ignoresWhatHappensBesideTheRoot();
    void saysNothingWhileStopped();
    void looksFromTimeToTimeWhereItCannotWatch();
    void knowsWhenNoInotifyInstanceIsLeft();

private:
    bool touch(const QString &name) const
    {
        QFile file(m_root + u'/' + name);
        return file.open(QIODevice::WriteOnly);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_root;
};

void RootWatcherTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->filePath(u"a/root"_s);
    QVERIFY(QDir().mkpath(m_root));
}

void RootWatcherTest::tellsOfFiles()
{
    RootWatcher watcher({m_root});
    QSignalSpy changed(&watcher, &RootWatcher::changed);
    watcher.start();
    QVERIFY(watcher.isWatching());
    QVERIFY(touch(u"agent.lock"_s));
    QTRY_VERIFY(!changed.isEmpty());
    QTRY_COMPARE(changed.size(), 2); // and once more, when the file is surely written
    for (int i = 0; i < 100; ++i)
        QVERIFY(touch(QString::number(i)));
    QTRY_COMPARE(changed.size(), 4); // taken together
}

void RootWatcherTest::seesFoldersOfWhichNoneWasThere()
{
    QVERIFY(QDir(m_folder->filePath(u"a"_s)).removeRecursively());
    RootWatcher watcher({m_root});
    QSignalSpy changed(&watcher, &RootWatcher::changed);
    watcher.start();
    QVERIFY(watcher.isWatching());
    QVERIFY(QDir().mkpath(m_root));
    QTRY_COMPARE(changed.size(), 2);
    QVERIFY(touch(u"agent.lock"_s));
    QTRY_COMPARE(changed.size(), 4);
}

void RootWatcherTest::seesARootThatIsMovedAwayAndMadeAnew()
{
    RootWatcher watcher({m_root});
    QSignalSpy changed(&watcher, &RootWatcher::changed);
    watcher.start();
    QVERIFY(QDir().rename(m_root, m_folder->filePath(u"a/old"_s)));
    QVERIFY(QDir().mkpath(m_root));
    QTRY_COMPARE(changed.size(), 2);
    QVERIFY(touch(u"agent.lock"_s));
    QTRY_COMPARE(changed.size(), 4);
}

void RootWatcherTest::seesARootThatIsRemovedAndMadeAnew()
{
    RootWatcher watcher({m_root});
    QSignalSpy changed(&watcher, &RootWatcher::changed);
    watcher.start();
    QVERIFY(QDir(m_root).removeRecursively());
    QTRY_COMPARE(changed.size(), 2);
    QVERIFY(QDir().mkpath(m_root));
    QTRY_COMPARE(changed.size(), 4);
    QVERIFY(touch(u"agent.lock"_s));
    QTRY_COMPARE(changed.size(), 6);
}

void RootWatcherTest::ignoresWhatHappensBesideTheRoot()
{
    RootWatcher watcher({m_root});
    QSignalSpy changed(&watcher, &RootWatcher::changed);
    watcher.start();
    QVERIFY(touch(u"../history"_s)); // as a shell's in the home folder
    QVERIFY(!changed.wait(400));
}

void RootWatcherTest::saysNothingWhileStopped()
{
    RootWatcher watcher({m_root});
    QSignalSpy changed(&watcher, &RootWatcher::changed);
    watcher.start();
    QVERIFY(touch(u"1"_s));
    watcher.stop();
    QVERIFY(touch(u"2"_s));
    QVERIFY(!changed.wait(400));
    watcher.start();
    QVERIFY(touch(u"3"_s));
    QTRY_COMPARE(changed.size(), 2);
}

void RootWatcherTest::looksFromTimeToTimeWhereItCannotWatch()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"cannot watch .*max_user_instances.*every 30 s"_s));
    bool isLeft = false;
    RootWatcher watcher({m_root}, [&isLeft] { return isLeft; });
    QSignalSpy changed(&watcher, &RootWatcher::changed);
    watcher.start();
    QVERIFY(!watcher.isWatching());
    QVERIFY(touch(u"agent.lock"_s));
    QVERIFY(!changed.wait(1500)); // Qt's own way would have been to look every second
    isLeft = true;
    watcher.stop();
    watcher.start();
    QVERIFY(watcher.isWatching());
}

void RootWatcherTest::knowsWhenNoInotifyInstanceIsLeft()
{
#ifndef Q_OS_LINUX
    QVERIFY(canWatchFolders());
#else
    QVERIFY(canWatchFolders());
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
    const int next = dup(0); // the lowest free descriptor: the next one is over the limit
    QVERIFY(next >= 0);
    close(next);
    const rlimit narrow{static_cast<rlim_t>(next), before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &narrow), 0);
    const bool can = canWatchFolders();
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &before), 0);
    QVERIFY(!can);
#endif
}

QTEST_GUILESS_MAIN(RootWatcherTest)
#include "tst_rootwatcher.moc"
