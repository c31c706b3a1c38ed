// SPDX-License-Identifier: MIT
#include "shared/presence/bootid.h"
#include "shared/presence/processtable.h"

#include <QProcess>
#include <QScopeGuard>
#include <QtTest>

#include <array>
#include <csignal>
#include <limits>

#include <sys/wait.h>
#include <unistd.h>

using namespace dormouse;

/// A wrong answer here makes live wrappers orphans, or dead ones keep the machine awake.
class TestProcessTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTheLiving()
    {
        QVERIFY(m_table->isAlive(::getpid()));
        QVERIFY(m_table->isAlive(1)); // EPERM for others than root
    }

    void knowsTheDead()
    {
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        QVERIFY(!m_table->isAlive(child));
        QVERIFY(!m_table->facts(child).startTime);
        QVERIFY(!m_table->facts(child).parent);
    }

    void impossiblePidsAreDead_data()
    {
        QTest::addColumn<qint64>("pid");
        QTest::newRow("0: would ask for our own group") << qint64{0};
        QTest::newRow("-1: would ask for every process") << qint64{-1};
        QTest::newRow("over int") << qint64{std::numeric_limits<int>::max()} + 1;
        QTest::newRow("wraps around to 1") << (qint64{1} << 32) + 1;
        QTest::newRow("largest") << std::numeric_limits<qint64>::max();
        QTest::newRow("smallest") << std::numeric_limits<qint64>::min();
    }
    void impossiblePidsAreDead()
    {
        QFETCH(const qint64, pid);
        QVERIFY(!m_table->isAlive(pid));
        QVERIFY(!m_table->facts(pid).startTime);
        QVERIFY(!m_table->isReaper(pid));
    }

    void factsOfOurselves()
    {
        const ProcessFacts facts = m_table->facts(::getpid());
        QVERIFY(facts.startTime && *facts.startTime > 0);
        QCOMPARE(facts.startTime, m_table->facts(::getpid()).startTime);
        QCOMPARE(facts.parent, std::optional<qint64>(::getppid()));
        QVERIFY(!m_table->isReaper(::getpid()));
    }

    /// A process may call itself anything: "a) S 1 (b" must not shift the fields.
    void namesDoNotConfuse()
    {
        QTemporaryDir dir;
        const QString program = dir.path() + QStringLiteral("/a) S 1 (b");
        QVERIFY(QFile::copy(QStringLiteral("/bin/sleep"), program));
        QProcess process;
        process.start(program, {QStringLiteral("60")});
        QVERIFY(process.waitForStarted());
        const ProcessFacts facts = m_table->facts(process.processId());
        QCOMPARE(facts.parent, std::optional<qint64>(::getpid()));
        QVERIFY(facts.startTime && *facts.startTime >= *m_table->facts(::getpid()).startTime);
        process.kill();
        QVERIFY(process.waitForFinished());
    }

    void theFirstProcessAdoptsOrphans() { QVERIFY(m_table->isReaper(1)); }

#ifdef Q_OS_LINUX
    /// The user's service manager is called systemd, comes from PID 1, and leads a session as all that PID 1 starts.
    void theUsersServiceManagerAdoptsOrphans_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("leadsSession");
        QTest::addColumn<bool>("isReaper");
        QTest::newRow("service manager") << QStringLiteral("systemd") << true << true;
        QTest::newRow("only called so") << QStringLiteral("systemd") << false << false;
        QTest::newRow("another daemon") << QStringLiteral("syslogd") << true << false;
    }
    void theUsersServiceManagerAdoptsOrphans()
    {
        QFETCH(const QString, name);
        QFETCH(const bool, leadsSession);
        QTemporaryDir dir;
        const QString program = dir.filePath(name);
        QVERIFY(QFile::copy(QStringLiteral("/bin/sleep"), program));
        const pid_t daemon = startDaemon(QFile::encodeName(program), leadsSession);
        QVERIFY(daemon > 0);
        const auto end = qScopeGuard([daemon] { ::kill(daemon, SIGKILL); });
        QTRY_COMPARE(commandName(daemon), name);
        QTRY_VERIFY(m_table->facts(daemon).parent != std::optional<qint64>(::getpid()));
        if (m_table->facts(daemon).parent != std::optional<qint64>(1))
            QSKIP("orphans go to another process than PID 1 here");
        QTEST(m_table->isReaper(daemon), "isReaper");
    }
#endif

    void bootIdStaysTheSame()
    {
        QCOMPARE(currentBootId().size(), 36); // a UUID
        QCOMPARE(currentBootId(), currentBootId());
    }

private:
    /// Starts it as an orphan; -1 on failure.
    static pid_t startDaemon(const QByteArray &program, bool leadsSession)
    {
        std::array<int, 2> pipe{};
        if (::pipe(pipe.data()) != 0)
            return -1;
        const pid_t between = ::fork();
        if (between == 0) {
            const pid_t daemon = ::fork();
            if (daemon == 0) {
                if (leadsSession)
                    ::setsid();
                ::execl(program.constData(), program.constData(), "60", nullptr);
                ::_exit(127);
            }
            ::_exit(::write(pipe[1], &daemon, sizeof daemon) == sizeof daemon ? 0 : 1);
        }
        pid_t daemon = -1;
        const bool isTold = ::read(pipe[0], &daemon, sizeof daemon) == sizeof daemon;
        ::close(pipe[0]);
        ::close(pipe[1]);
        ::waitpid(between, nullptr, 0);
        return isTold ? daemon : -1;
    }

    static QString commandName(pid_t pid)
    {
        QFile file(QStringLiteral("/proc/%1/comm").arg(pid));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QString();
    }

    const std::unique_ptr<ProcessTable> m_table = systemProcessTable();
};

QTEST_GUILESS_MAIN(TestProcessTable)
#include "tst_processtable.moc"
