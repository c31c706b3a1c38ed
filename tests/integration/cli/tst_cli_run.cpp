// SPDX-License-Identifier: MIT
#include "tests/integration/cli/clifixture.h"
#include "tests/integration/cli/fakeagent.h"

#include "shared/base/exitcodes.h"

#include <QtTest>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

QStringList shell(const QString &script)
{
    return {u"run"_s, u"--"_s, u"sh"_s, u"-c"_s, script};
}

/// A terminal of the test's own: the command becomes the leader of its session.
class Terminal
{
public:
    Terminal() : m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        if (m_master >= 0 && ::grantpt(m_master) == 0 && ::unlockpt(m_master) == 0)
            m_name = ::ptsname(m_master);
    }
    ~Terminal() { ::close(m_master); }
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    bool isOpen() const { return !m_name.isEmpty(); }
    bool type(char key) const { return ::write(m_master, &key, 1) == 1; }
    void giveTo(QProcess &process) const
    {
        process.setChildProcessModifier([name = m_name] {
            ::setsid();
            const int slave = ::open(name.constData(), O_RDWR);
            ::ioctl(slave, TIOCSCTTY, 0);
            for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
                ::dup2(slave, stream);
        });
    }

private:
    int m_master;
    QByteArray m_name;
};

QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// `dormouse run`: present while the command runs, and otherwise as if it were not there.
class TestCliRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exitCodeIsTheCommands_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("code");
        QTest::newRow("success") << shell(u"exit 0"_s) << 0;
        QTest::newRow("failure") << shell(u"exit 7"_s) << 7;
        QTest::newRow("killed") << shell(u"kill -KILL $$"_s) << 128 + SIGKILL;
        QTest::newRow("not found") << QStringList{u"run"_s, u"--"_s, u"no-such-command-here"_s} << 127;
        QTest::newRow("not executable") << QStringList{u"run"_s, u"--"_s, u"/etc/passwd"_s} << 126;
        QTest::newRow("a folder") << QStringList{u"run"_s, u"--"_s, u"/"_s} << 126;
    }
    void exitCodeIsTheCommands()
    {
        QFETCH(QStringList, words);
        QFETCH(int, code);
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const CliResult result = fixture.run(words);
        QVERIFY2(result.code == code, qPrintable(u"%1: %2"_s.arg(result.code).arg(result.err)));
        QCOMPARE(QDir(fixture.paths().wrappers()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList());
    }

    void presenceLastsAsLongAsTheCommand()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const std::unique_ptr<QProcess> process = fixture.prepared({u"run"_s, u"--name"_s, u"my job"_s, u"--"_s, u"cat"_s});
        process->start();
        QTRY_COMPARE(agent.requests(u"lease"_s).size(), 1);
        const qint64 pid = process->processId();
        QCOMPARE(agent.requests(u"lease"_s).first(),
                 (QJsonObject{{u"type"_s, u"lease"_s}, {u"name"_s, u"my job"_s}, {u"pid"_s, pid}}));
        QCOMPARE(agent.requests(u"request_arrived"_s).size(), 1);
        QTRY_COMPARE(agent.connectionsOpen(), 1);

        const QStringList files = QDir(fixture.paths().wrappers()).entryList({u"heartbeat-%1-*.json"_s.arg(pid)});
        QCOMPARE(files.size(), 1);
        const QString path = fixture.paths().wrappers() + u'/' + files.first();
        const QJsonObject heartbeat = QJsonDocument::fromJson(content(path)).object();
        QCOMPARE(heartbeat.value(u"pid").toInteger(), pid);
        QCOMPARE(heartbeat.value(u"name").toString(), u"my job"_s);
        QCOMPARE(heartbeat.value(u"schema_version").toInt(), 1);
        QCOMPARE(heartbeat.value(u"uuid").toString(), agent.requests(u"request_arrived"_s).first().value(u"uuid").toString());
        for (const QString &key : {u"started_at"_s, u"last_refresh"_s, u"wrapper_version"_s})
            QVERIFY2(!heartbeat.value(key).toString().isEmpty(), qPrintable(key));
        struct stat status {
        };
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
        QCOMPARE(status.st_mode & 07777u, 0600u);

        process->write("through\n");
        process->closeWriteChannel();
        const CliResult result = CliFixture::finished(*process);
        QCOMPARE(result.code, 0);
        QCOMPARE(result.out, u"through\n"_s);
        QCOMPARE(result.err, QString());
        QVERIFY(!QFile::exists(path));
        QTRY_COMPARE(agent.connectionsOpen(), 0);
    }

    void signalsArePassedOn_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("TERM") << SIGTERM;
        QTest::newRow("INT") << SIGINT;
        QTest::newRow("HUP") << SIGHUP;
        QTest::newRow("USR1") << SIGUSR1;
    }
    void signalsArePassedOn()
    {
        QFETCH(int, number);
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const QString ready = fixture.file(u"ready"_s);
        const std::unique_ptr<QProcess> process =
            fixture.prepared(shell(u"trap 'exit 42' %1; touch '%2'; while :; do sleep 0.05; done"_s.arg(number).arg(ready)));
        process->start();
        QTRY_VERIFY(QFile::exists(ready));
        ::kill(static_cast<pid_t>(process->processId()), number);
        QCOMPARE(CliFixture::finished(*process).code, 42);
        QCOMPARE(QDir(fixture.paths().wrappers()).entryList(QDir::Files), QStringList());
    }

    void terminalBelongsToTheCommand()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        Terminal terminal;
        QVERIFY(fixture.isValid() && agent.start() && terminal.isOpen());
        const QString ready = fixture.file(u"ready"_s);
        const QString keys = fixture.file(u"keys"_s);
        // Only what the shell does itself: while it waits for a child, it would take two interrupts for one.
        const QString script =
            u"test -t 0 && test -t 1 && test -t 2 || exit 9; trap \"echo INT >> '%1'\" INT; trap 'exit 5' USR1; "
            "trap \"echo sync >> '%1'\" USR2; "
            ": > '%2'; while :; do :; done"_s.arg(keys, ready);
        const std::unique_ptr<QProcess> process = fixture.prepared(shell(script));
        terminal.giveTo(*process);
        process->start();
        QTRY_VERIFY(QFile::exists(ready) || process->state() == QProcess::NotRunning);
        constexpr int presses = 12;
        for (int pressed = 1; pressed <= presses; ++pressed) {
            QVERIFY(terminal.type('\x03'));
            QTRY_VERIFY(content(keys).count("INT") >= pressed);
            ::kill(static_cast<pid_t>(process->processId()), SIGUSR2); // passed on behind whatever came before it
            QTRY_COMPARE(content(keys).count("sync"), pressed);
        }
        ::kill(static_cast<pid_t>(process->processId()), SIGUSR1);
        QCOMPARE(CliFixture::finished(*process).code, 5);
        QCOMPARE(content(keys).count("INT"), presses); // once each, not once by the terminal and once by us
    }

    void leaseIsTakenAgainAfterARestart()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const std::unique_ptr<QProcess> process = fixture.prepared({u"run"_s, u"cat"_s});
        process->start();
        QTRY_COMPARE(agent.requests(u"lease"_s).size(), 1);
        agent.vanish();
        QVERIFY(agent.start());
        QTRY_COMPARE(agent.requests(u"lease"_s).size(), 2);
        process->closeWriteChannel();
        QCOMPARE(CliFixture::finished(*process).code, 0);
    }

    void anAgentThatLeftIsNotStartedAgain()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start() && fixture.installAgentScript());
        const std::unique_ptr<QProcess> process =
            fixture.prepared({u"run"_s, u"sleep"_s, u"2.5"_s}); // longer than two looks for it
        process->start();
        QTRY_COMPARE(agent.requests(u"lease"_s).size(), 1);
        agent.vanish();
        FakeAgent activated(fixture.paths());
        QVERIFY(activated.listenOnly());
        QCOMPARE(CliFixture::finished(*process).code, 0);
        QCOMPARE(activated.connectionsSeen(), 0);
        QVERIFY(!QFile::exists(fixture.paths().wakeSignal()) && !QFile::exists(fixture.file(u"agent.pid"_s)));
    }

    void withoutAnAgentItRunsAllTheSame()
    {
        CliFixture fixture;
        QVERIFY(fixture.isValid());
        const CliResult result = fixture.run(shell(u"echo done; exit 3"_s));
        QCOMPARE(result.code, 3);
        QCOMPARE(result.out, u"done\n"_s);
        QVERIFY2(result.err.contains(u"running the command all the same"_s), qPrintable(result.err));
    }

    void commandGetsItsSurroundingsUntouched()
    {
        if (!QFile::exists(u"/proc/self/fd"_s))
            QSKIP("needs /proc");
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const QString script =
            u"grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; for fd in /proc/$$/fd/*; do echo \"${fd##*/}\"; done; env | sort "
            "| grep -v ^_="_s;
        const std::unique_ptr<QProcess> direct = fixture.prepared({u"-c"_s, script});
        direct->setProgram(u"sh"_s);
        direct->start();
        const QString expected = CliFixture::finished(*direct).out;
        QVERIFY(expected.contains(u"SigIgn"_s));
        QCOMPARE(fixture.run(shell(script)).out, expected);
    }

    void wordsArriveByteForByte()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        // The outer shell makes a word that is no UTF-8, and one that Qt would keep for itself.
        const std::unique_ptr<QProcess> process = fixture.prepared(
            {u"-c"_s, u"exec '%1' run -- printf '%s|' \"$(printf 'a\\377b')\" -qmljsdebugger=port:1 --root x"_s.replace(
                          u"%1"_s, fixture.program())});
        process->setProgram(u"sh"_s);
        process->start();
        QSignalSpy ended(process.get(), &QProcess::finished);
        QVERIFY(ended.wait(20'000));
        QCOMPARE(process->readAllStandardOutput(), QByteArray("a\377b|-qmljsdebugger=port:1|--root|x|"));
    }
};

QTEST_GUILESS_MAIN(TestCliRun)
#include "tst_cli_run.moc"
