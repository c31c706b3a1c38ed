// SPDX-License-Identifier: MIT
#include "agent/sense/folderwatcher.h"

#include "agent/sense/inotifycount.h"
#include "shared/base/defaults.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <optional>

#include <cstdio>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

const QString kProbe = u"--refused"_s;

/// Runs where the system refuses to watch: 0 when the watcher knows.
int probeRefusal(const QString &root)
{
    FolderWatcher watcher(RootPaths{root});
    for (int tick = 0; tick < 3; ++tick) {
        if (watcher.refresh() || watcher.isWatching())
            return 1;
    }
    return 0;
}

} // namespace

/// A watcher that has gone deaf makes a returning user wait for the tick; one that polls costs wake-ups all day.
class TestFolderWatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_dir.emplace();
        m_paths.root = m_dir->path() + u"/root"_s;
        QVERIFY(QDir().mkpath(m_paths.wrappers()));
        m_watcher.emplace(m_paths);
        m_wrappers.emplace(&*m_watcher, &FolderWatcher::wrappersChanged);
        m_root.emplace(&*m_watcher, &FolderWatcher::rootChanged);
    }

    void tellsARename()
    {
        start();
        beat();
        QTRY_COMPARE(m_wrappers->count(), 1);
        QCOMPARE(m_root->count(), 0);
    }

    void tellsTheRootAtOnce()
    {
        start();
        write(m_paths.wakeSignal());
        QTRY_VERIFY(m_root->count() > 0);
        QCOMPARE(m_wrappers->count(), 0);
    }

    /// Under steady change it tells again and again, and not at each change.
    void debounceIsNeverDrawnOut()
    {
        start();
        QElapsedTimer clock;
        clock.start();
        int changes = 0;
        while (m_wrappers->count() < 4 && clock.elapsed() < 10'000) {
            beat();
            ++changes;
            QTest::qWait(2);
        }
        QCOMPARE(m_wrappers->count(), 4);
        QVERIFY(clock.elapsed() >= 4 * 45); // 50 ms each, timers may be 5 % early
        QVERIFY(changes > 4);
    }

    void debounceGrowsWithTheScan()
    {
        start();
        m_watcher->setScanDuration(Millis(15)); // 20 × 15 ms
        QElapsedTimer clock;
        clock.start();
        beat();
        QTRY_COMPARE(m_wrappers->count(), 1);
        QVERIFY(clock.elapsed() >= 280);
        m_watcher->setScanDuration(Millis(0));
        clock.restart();
        beat();
        QTRY_COMPARE(m_wrappers->count(), 2);
        QVERIFY(clock.elapsed() >= 45);
    }

    void seesAFolderThatComesLater()
    {
        QVERIFY(QDir(m_paths.wrappers()).removeRecursively());
        QVERIFY(!m_watcher->refresh());
        QVERIFY(!m_watcher->isWatching());
        QVERIFY(QDir().mkpath(m_paths.wrappers()));
        QTRY_VERIFY(m_watcher->isWatching());
        QTRY_VERIFY(m_wrappers->count() > 0); // what came before the watch
        m_wrappers->clear();
        beat();
        QTRY_VERIFY(m_wrappers->count() > 0);
    }

    void seesADeletedFolderAndItsSuccessor()
    {
        start();
        QVERIFY(QDir(m_paths.wrappers()).removeRecursively());
        QTRY_VERIFY(!m_watcher->isWatching());
        QTRY_VERIFY(m_wrappers->count() > 0);
        QVERIFY(QDir().mkpath(m_paths.wrappers()));
        QTRY_VERIFY(m_watcher->isWatching());
        QTRY_VERIFY(m_wrappers->count() > 1);
        m_wrappers->clear();
        beat();
        QTRY_VERIFY(m_wrappers->count() > 0);
    }

    void followsAFolderMovedAwayAndMadeAgain()
    {
        start();
        QVERIFY(QDir().rename(m_paths.wrappers(), m_paths.root + u"/away"_s));
        QVERIFY(QDir().mkpath(m_paths.wrappers()));
        QVERIFY(m_watcher->refresh());
        QTRY_VERIFY(m_wrappers->count() > 0);
        settle();
        beat();
        QTRY_VERIFY(m_wrappers->count() > 0);
    }

    /// The root's own parent is not watched: the tick's refresh() finds the new one.
    void refreshFindsANewRoot()
    {
        start();
        QVERIFY(QDir().rename(m_paths.root, m_dir->path() + u"/away"_s));
        QTRY_VERIFY(!m_watcher->refresh());
        QVERIFY(QDir().mkpath(m_paths.wrappers()));
        QVERIFY(m_watcher->refresh());
        settle();
        m_root->clear();
        beat();
        write(m_paths.wakeSignal());
        QTRY_VERIFY(m_wrappers->count() > 0);
        QTRY_VERIFY(m_root->count() > 0);
    }

    void doesNotWatchWhatALinkPointsTo()
    {
        QVERIFY(QDir().rename(m_paths.wrappers(), m_dir->path() + u"/elsewhere"_s));
        QVERIFY(QFile::link(m_dir->path() + u"/elsewhere"_s, m_paths.wrappers()));
        QVERIFY(!m_watcher->refresh());
    }

    /// No signal is expected (inotify's mask leaves it out): the tick's scan finds it. Should Qt begin to tell, the comment in the specification is due.
    void writesInPlaceAreLeftToTheTick()
    {
        beat();
        start();
        QFile file(m_paths.wrappers() + u"/heartbeat-1-a.json"_s);
        QVERIFY(file.open(QIODevice::Append | QIODevice::Unbuffered));
        QCOMPARE(file.write("x"), 1);
        write(m_paths.wakeSignal()); // a later change that is told: what came before would have been told, too
        QTRY_VERIFY(m_root->count() > 0);
        QCOMPARE(m_wrappers->count(), 0);
    }

    /// In a user namespace of its own, whose limits are its own, too: nobody else runs out of anything.
    void saysWhenTheSystemRefuses_data()
    {
        QTest::addColumn<QString>("limit");
        QTest::newRow("no instance left: Qt would poll and say nothing") << u"max_inotify_instances"_s;
        QTest::newRow("no watch left") << u"max_inotify_watches"_s;
    }
    void saysWhenTheSystemRefuses()
    {
        QFETCH(const QString, limit);
        if (!inotifyInstanceCount())
            QSKIP("this system needs no inotify");
        const QString file = u"/proc/sys/user/"_s + limit;
        QProcess trial;
        trial.start(u"unshare"_s, {u"-Ur"_s, u"sh"_s, u"-c"_s, QString(u"echo 0 > "_s + file)});
        if (!trial.waitForFinished() || trial.exitCode() != 0)
            QSKIP("no user namespace can be made here: what happens without inotify is NOT TESTED");
        QProcess probe;
        probe.setProcessChannelMode(QProcess::MergedChannels);
        probe.start(u"unshare"_s,
                    {u"-Ur"_s, u"sh"_s, u"-c"_s, QString(u"echo 0 > "_s + file + u" && exec \"$0\" "_s + kProbe + u" \"$1\""_s),
                     QCoreApplication::applicationFilePath(), m_paths.root});
        QVERIFY(probe.waitForFinished());
        const QByteArray output = probe.readAll();
        QVERIFY2(probe.exitCode() == 0, output.constData());
        QCOMPARE(output.count("cannot watch"), 1);
    }

private:
    void start()
    {
        QVERIFY(m_watcher->refresh());
        QVERIFY(m_watcher->isWatching());
        settle();
    }
    /// Waits for the signal that the beginning of a watch brings.
    void settle()
    {
        QTRY_VERIFY(m_wrappers->count() > 0);
        m_wrappers->clear();
    }
    static void write(const QString &path)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("x");
    }
    void beat() const
    {
        const QString temporary = m_paths.wrappers() + u"/.tmp"_s;
        write(temporary);
        QCOMPARE(::rename(QFile::encodeName(temporary).constData(),
                          QFile::encodeName(m_paths.wrappers() + u"/heartbeat-1-a.json"_s).constData()),
                 0);
    }

    std::optional<QTemporaryDir> m_dir;
    RootPaths m_paths;
    std::optional<FolderWatcher> m_watcher;
    std::optional<QSignalSpy> m_wrappers;
    std::optional<QSignalSpy> m_root;
};

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments.at(1) == kProbe)
        return probeRefusal(arguments.at(2));
    TestFolderWatcher test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_folderwatcher.moc"
