// SPDX-License-Identifier: MIT
#include "shared/storage/writerlock.h"
#include "tests/unit/storage/storagetest.h"

#include <QSysInfo>
#include <QtTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

class WriterLockTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    RootPaths m_paths;

    static QByteArray agentLock(qint64 pid, const QString &program, const QString &host, const QByteArray &machine,
                                const QByteArray &boot)
    {
        return QByteArray::number(pid) + '\n' + program.toUtf8() + '\n' + host.toUtf8() + '\n' + machine + '\n' + boot + '\n';
    }
    static QString ownProgram() { return QFileInfo(QCoreApplication::applicationFilePath()).fileName(); }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        m_paths = {m_folder->path()};
    }

    void theHolderIsToldAndItsFilesArePrivate()
    {
        const Umask umask(0);
        WriterLock lock(m_paths);
        const auto taken = lock.tryAcquire();
        QVERIFY2(taken, qPrintable(taken ? QString() : taken.error().text()));
        QVERIFY(lock.isHeld());
        QVERIFY(lock.tryAcquire()); // held already
        QCOMPARE(modeOf(m_paths.lifecycleLock()), 0600);
        QCOMPARE(modeOf(m_paths.agentLock()), 0600);
        const auto holder = readLockHolder(m_paths);
        QVERIFY(holder);
        QCOMPARE(holder->pid, QCoreApplication::applicationPid());
        QCOMPARE(holder->program, ownProgram());
        QCOMPARE(holder->host, QSysInfo::machineHostName());
        QVERIFY(holder->alive);
        lock.release();
        QVERIFY(!lock.isHeld());
        QVERIFY(!readLockHolder(m_paths));
        QVERIFY(QFileInfo::exists(m_paths.lifecycleLock())); // never unlinked: somebody may wait on it
        QVERIFY(lock.tryAcquire());
    }

    void aSecondAgentIsRefusedAndTouchesNothing()
    {
        WriterLock first(m_paths);
        QVERIFY(first.tryAcquire());
        const QByteArray before = contentOf(m_paths.agentLock());
        WriterLock second(m_paths);
        const auto taken = second.tryAcquire();
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::Busy);
        const QString text = taken.error().text();
        QVERIFY2(text.contains(u"pid %1"_s.arg(QCoreApplication::applicationPid())) && text.contains(ownProgram()),
                 qPrintable(text));
        QVERIFY(!second.isHeld());
        second.release();
        QCOMPARE(contentOf(m_paths.agentLock()), before);
        QCOMPARE(namesIn(m_paths.root), (QStringList{u".lifecycle.lock"_s, u"agent.lock"_s}));
        first.release();
        QVERIFY(second.tryAcquire());
    }

    void whoeverWaitsGivesUpInTime()
    {
        WriterLock first(m_paths);
        QVERIFY(first.tryAcquire());
        QElapsedTimer timer;
        timer.start();
        WriterLock second(m_paths);
        const auto taken = second.acquire(Millis(200));
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::Busy);
        QVERIFY(timer.elapsed() >= 200);
    }

    void leftoversOfTheDeadDelayNobody_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("warns");
        const QByteArray machine = QSysInfo::machineUniqueId();
        const QByteArray boot = QSysInfo::bootUniqueId();
        const QString host = QSysInfo::machineHostName();
        const qint64 self = QCoreApplication::applicationPid();
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("garbage") << QByteArray("\0\1garbage\n\xff", 12) << false;
        QTest::newRow("dead pid") << agentLock(999999999, u"dormouse-agent"_s, host, machine, boot) << false;
        QTest::newRow("reused pid") << agentLock(self, u"dormouse-agent"_s, host, machine, boot) << false;
        QTest::newRow("same program, but not locked") << agentLock(self, ownProgram(), host, machine, boot) << false;
        QTest::newRow("other boot") << agentLock(self, ownProgram(), host, machine, "other") << false;
        QTest::newRow("new machine id") << agentLock(self, ownProgram(), host, "other", boot) << false;
        QTest::newRow("foreign host") << agentLock(self, ownProgram(), u"elsewhere"_s, "other", "other") << true;
    }
    void leftoversOfTheDeadDelayNobody()
    {
        QFETCH(QByteArray, content);
        QFETCH(bool, warns);
        QVERIFY(put(m_paths.lifecycleLock(), "") && setMode(m_paths.lifecycleLock(), 0644));
        QVERIFY(put(m_paths.agentLock(), content));
        if (warns)
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"host elsewhere"_s));
        WriterLock lock(m_paths);
        const auto taken = lock.tryAcquire();
        QVERIFY2(taken, qPrintable(taken ? QString() : taken.error().text()));
        QCOMPARE(readLockHolder(m_paths)->pid, QCoreApplication::applicationPid());
        QCOMPARE(modeOf(m_paths.lifecycleLock()), 0600);
    }

    void onlyALiveAgentHereCountsAsAlive_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("usable");
        QTest::addColumn<bool>("alive");
        const QByteArray machine = QSysInfo::machineUniqueId();
        const QByteArray boot = QSysInfo::bootUniqueId();
        const QString host = QSysInfo::machineHostName();
        const qint64 self = QCoreApplication::applicationPid();
        QTest::newRow("alive") << agentLock(self, ownProgram(), host, machine, boot) << true << true;
        QTest::newRow("renamed host") << agentLock(self, ownProgram(), u"before"_s, machine, boot) << true << !machine.isEmpty();
        QTest::newRow("new machine id") << agentLock(self, ownProgram(), host, "other", boot) << true << true;
        QTest::newRow("without ids") << QByteArray::number(self) + '\n' + ownProgram().toUtf8() + '\n' + host.toUtf8() + '\n'
                                     << true << true;
        QTest::newRow("foreign host") << agentLock(self, ownProgram(), u"elsewhere"_s, "other", boot) << true << false;
        QTest::newRow("before a reboot") << agentLock(self, ownProgram(), host, machine, "other") << true << boot.isEmpty();
        QTest::newRow("reused pid") << agentLock(self, u"dormouse-agent"_s, host, machine, boot) << true << false;
        QTest::newRow("dead") << agentLock(999999999, ownProgram(), host, machine, boot) << true << false;
        QTest::newRow("pid beyond the type") << agentLock(qint64{1} << 40, ownProgram(), host, machine, boot) << true << false;
        QTest::newRow("empty") << QByteArray() << false << false;
        QTest::newRow("negative pid") << agentLock(-1, ownProgram(), host, machine, boot) << false << false;
        QTest::newRow("no number") << QByteArray("abc\nx\ny\n") << false << false;
        QTest::newRow("endless") << QByteArray(100000, '1') << false << false;
    }
    void onlyALiveAgentHereCountsAsAlive()
    {
        QFETCH(QByteArray, content);
        QFETCH(bool, usable);
        QVERIFY(put(m_paths.agentLock(), content));
        const auto holder = readLockHolder(m_paths);
        QCOMPARE(holder.has_value(), usable);
        if (usable)
            QTEST(holder->alive, "alive");
        QCOMPARE(contentOf(m_paths.agentLock()), content); // an observer takes and changes nothing
    }

    void aZombieHoldsNothing()
    {
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0)
            ::_exit(0); // of the same name as this program
        siginfo_t ended{};
        QCOMPARE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
        QVERIFY(put(m_paths.agentLock(), agentLock(child, ownProgram(), QSysInfo::machineHostName(), QSysInfo::machineUniqueId(),
                                                   QSysInfo::bootUniqueId())));
        const auto holder = readLockHolder(m_paths);
        QVERIFY(holder);
        QCOMPARE(holder->pid, qint64{child});
        QVERIFY(!holder->alive);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
    }

    void deletingTheFirstLockFileLetsNoSecondAgentIn()
    {
        WriterLock first(m_paths);
        QVERIFY(first.tryAcquire());
        QVERIFY(QFile::remove(m_paths.lifecycleLock()));
        WriterLock second(m_paths);
        const auto taken = second.tryAcquire();
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::Busy);
        QVERIFY(readLockHolder(m_paths)->alive);
    }

    void whatIsDeletedIsTakenAgain()
    {
        QTest::failOnWarning(QRegularExpression(u"QLockFile|remove"_s));
        WriterLock first(m_paths);
        QVERIFY(first.tryAcquire());
        const auto isSecondRefused = [this] {
            WriterLock second(m_paths);
            const auto taken = second.tryAcquire();
            return !taken && taken.error().code == ErrorCode::Busy;
        };
        for (const QStringList &names : {QStringList{m_paths.agentLock()}, QStringList{m_paths.lifecycleLock()},
                                         QStringList{m_paths.agentLock(), m_paths.lifecycleLock()}}) {
            for (const QString &name : names)
                QVERIFY(QFile::remove(name));
            if (names.contains(m_paths.lifecycleLock()))
                QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"deleted or replaced"_s));
            first.refresh();
            QCOMPARE(readLockHolder(m_paths)->pid, QCoreApplication::applicationPid());
            QCOMPARE(modeOf(m_paths.lifecycleLock()), 0600);
            QCOMPARE(modeOf(m_paths.agentLock()), 0600);
            QVERIFY(isSecondRefused());
        }
        QVERIFY(QFile::remove(m_paths.agentLock()));
        first.release(); // without a complaint
        QVERIFY(!QFileInfo::exists(m_paths.agentLock()));
        QVERIFY(!isSecondRefused());
    }

    void oddLockFilesAreRefused_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("link") << u"link"_s;
        QTest::newRow("FIFO") << u"FIFO"_s;
        QTest::newRow("folder") << u"folder"_s;
    }
    void oddLockFilesAreRefused()
    {
        QFETCH(QString, kind);
        const QByteArray name = QFile::encodeName(m_paths.lifecycleLock());
        if (kind == "link"_L1) {
            QVERIFY(put(m_paths.root + u"/target"_s, "x"));
            QVERIFY(QFile::link(m_paths.root + u"/target"_s, m_paths.lifecycleLock()));
        } else if (kind == "FIFO"_L1) {
            QCOMPARE(::mkfifo(name.constData(), 0600), 0);
        } else {
            QVERIFY(QDir().mkdir(m_paths.lifecycleLock()));
        }
        WriterLock lock(m_paths);
        const auto taken = lock.tryAcquire();
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::Refused);
        QVERIFY(!QFileInfo::exists(m_paths.agentLock()));
    }

    void aFolderNamedAgentLockLeavesTheFirstLockFree()
    {
        QVERIFY(QDir().mkdir(m_paths.agentLock()));
        WriterLock lock(m_paths);
        QVERIFY(!lock.tryAcquire());
        QVERIFY(!lock.isHeld());
        const int other = ::open(QFile::encodeName(m_paths.lifecycleLock()).constData(), O_RDWR | O_CLOEXEC);
        QVERIFY(other >= 0);
        QCOMPARE(::flock(other, LOCK_EX | LOCK_NB), 0);
        ::close(other);
    }

    void childrenDoNotInheritTheLock()
    {
        QProcess child;
        {
            WriterLock lock(m_paths);
            QVERIFY(lock.tryAcquire());
            child.start(u"/bin/sh"_s, {u"-c"_s, u"read line"_s});
            QVERIFY(child.waitForStarted());
        }
        WriterLock next(m_paths);
        QVERIFY(next.tryAcquire());
        QCOMPARE(child.state(), QProcess::Running);
        child.closeWriteChannel();
        QVERIFY(child.waitForFinished());
    }
};

QTEST_GUILESS_MAIN(WriterLockTest)
#include "tst_writerlock.moc"
