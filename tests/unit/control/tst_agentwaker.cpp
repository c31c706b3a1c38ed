// SPDX-License-Identifier: MIT
#include "shared/control/agentwaker.h"

#include "shared/storage/writerlock.h"
#include "tests/unit/control/scriptedserver.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <memory>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace dormouse;

/// "Wake Now" with no agent running: started by the first way that works, told what was tried, never a hang.
class AgentWakerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void asksARunningAgent();
    void startsAnAbsentAgent();
    void triesTheNextWay();
    void leavesALauncherThatHangs();
    void givesUpAfterTenSeconds();
    void startsTheAgentOnItsOwn();
    void tellsWhenTheAgentDies();
    void tellsWhenNothingCanBeStarted();
    void waitsForAPredecessorToGo();
    void asksByTheSocketWhenTheSignalCannotBeWritten();
    void makesAMissingRoot();
    void refusesAServerThatIsNoAgent();
    void mayBeDeletedAtAnyTime();
    void offersTheInstalledUnitOfThisRootOnly();

private:
    QString script(const QString &name, const QByteArray &body);
    [[nodiscard]] QString inFolder(const QString &name) const { return m_folder->filePath(name); }
    void startWaker(std::vector<Launcher> launchers);
    [[nodiscard]] WakeOutcome outcome() const { return m_finished->value(0).value(0).value<WakeOutcome>(); }
    /// Lets the agent appear once a script has left its mark.
    void serveWhen(const QString &mark);

    std::unique_ptr<QTemporaryDir> m_folder;
    RootPaths m_paths;
    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<QTimer> m_watch;
    std::unique_ptr<AgentWaker> m_waker;
    std::unique_ptr<QSignalSpy> m_finished;
};

void AgentWakerTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_paths.root = inFolder(u"root"_s);
    QVERIFY(prepareRoot(m_paths));
    m_server = std::make_unique<ScriptedServer>();
}

void AgentWakerTest::cleanup()
{
    m_finished.reset();
    m_waker.reset();
    m_watch.reset();
    m_server.reset();
}

QString AgentWakerTest::script(const QString &name, const QByteArray &body)
{
    QFile file(inFolder(name));
    const bool written = file.open(QIODevice::WriteOnly)
                         && file.write("#!/bin/sh\ncd '" + QFile::encodeName(m_folder->path()) + "'\n" + body + '\n') > 0
                         && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return written ? file.fileName() : QString();
}

void AgentWakerTest::startWaker(std::vector<Launcher> launchers)
{
    m_waker = std::make_unique<AgentWaker>(m_paths, m_paths.socket(), std::move(launchers));
    m_finished = std::make_unique<QSignalSpy>(m_waker.get(), &AgentWaker::finished);
    m_waker->start();
}

void AgentWakerTest::serveWhen(const QString &mark)
{
    m_watch = std::make_unique<QTimer>();
    connect(m_watch.get(), &QTimer::timeout, this, [this, mark] {
        if (!QFile::exists(inFolder(mark)))
            return;
        m_watch->stop();
        QVERIFY(m_server->listen(m_paths.socket()));
    });
    m_watch->start(20);
}

void AgentWakerTest::asksARunningAgent()
{
    QVERIFY(m_server->listen(m_paths.socket()));
    startWaker({{u"fake"_s, script(u"start"_s, "touch launched"), {}, false}});
    QTRY_COMPARE(m_finished->size(), 1);
    QVERIFY(outcome().awake);
    QCOMPARE(outcome().way, u"already running"_s);
    QCOMPARE(outcome().failures, QStringList{});
    QCOMPARE(outcome().status->value("state"_L1).toString(), u"WAKE"_s);
    QCOMPARE(m_server->requests, (QList<QJsonObject>{{{u"type"_s, u"status"_s}}, {{u"type"_s, u"force_wake"_s}}}));
    QVERIFY(!QFile::exists(inFolder(u"launched"_s)));
    QVERIFY(!QFile::exists(m_paths.wakeSignal())); // nothing is left to wake it a second time
}

void AgentWakerTest::startsAnAbsentAgent()
{
    // The signal must be there before the agent starts.
    startWaker({{u"fake"_s, script(u"start"_s, "test -f root/wake.signal && touch launched"), {}, false}});
    serveWhen(u"launched"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 9000);
    QVERIFY(outcome().awake);
    QCOMPARE(outcome().way, u"fake"_s);
    QCOMPARE(outcome().failures, QStringList{});
    QCOMPARE(m_server->requests.last(), (QJsonObject{{u"type"_s, u"status"_s}}));
    QFile signal(m_paths.wakeSignal());
    QVERIFY(signal.open(QIODevice::ReadOnly));
    const QJsonObject content = QJsonDocument::fromJson(signal.readAll()).object();
    QCOMPARE(content["pid"_L1].toInteger(), QCoreApplication::applicationPid());
    QVERIFY(!content["ts"_L1].toString().isEmpty());
    QCOMPARE(signal.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
             QFile::Permissions());
}

void AgentWakerTest::triesTheNextWay()
{
    startWaker({{u"missing"_s, inFolder(u"nothing-here"_s), {}, false},
                {u"failing"_s, script(u"fail"_s, "echo 'Unit not found.' >&2; exit 5"), {}, false},
                {u"missing agent"_s, inFolder(u"no-agent"_s), {}, true},
                {u"good"_s, script(u"start"_s, "touch launched"), {}, false}});
    serveWhen(u"launched"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 9000);
    QVERIFY(outcome().awake);
    QCOMPARE(outcome().way, u"good"_s);
    QCOMPARE(outcome().failures.size(), 3);
    QVERIFY2(outcome().failures.at(0).startsWith("missing:"_L1), qPrintable(outcome().failures.at(0)));
    QVERIFY2(outcome().failures.at(1).contains("ended with 5: Unit not found."_L1), qPrintable(outcome().failures.at(1)));
    QVERIFY2(outcome().failures.at(2).contains("no-agent"_L1), qPrintable(outcome().failures.at(2)));
}

void AgentWakerTest::leavesALauncherThatHangs()
{
    startWaker({{u"hanging"_s, script(u"hang"_s, "echo $$ >pid; exec sleep 60"), {}, false},
                {u"good"_s, script(u"start"_s, "touch launched"), {}, false}});
    serveWhen(u"launched"_s);
    QElapsedTimer timer;
    timer.start();
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 15'000);
    QVERIFY(timer.elapsed() < 10'000);
    QVERIFY(outcome().awake);
    QCOMPARE(outcome().way, u"good"_s);
    QVERIFY2(outcome().failures.value(0).contains("did not end within"_L1), qPrintable(outcome().failures.value(0)));
    QFile pid(inFolder(u"pid"_s));
    QVERIFY(pid.open(QIODevice::ReadOnly));
    const pid_t hanging = pid.readAll().trimmed().toInt();
    QVERIFY(hanging > 1);
    QTRY_VERIFY(::kill(hanging, 0) != 0); // not left behind
}

void AgentWakerTest::givesUpAfterTenSeconds()
{
    startWaker({{u"hopeful"_s, script(u"start"_s, "echo >>launched"), {}, false}});
    QElapsedTimer timer;
    timer.start();
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 15'000);
    QVERIFY2(timer.elapsed() > 9000 && timer.elapsed() < 12'000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(!outcome().awake);
    QVERIFY(!outcome().status.has_value());
    QVERIFY2(outcome().failures.value(0).contains("did not answer within 10 s"_L1), qPrintable(outcome().failures.join(u'\n')));
    QVERIFY(QFileInfo(inFolder(u"launched"_s)).size() > 1); // it was tried more than once
}

void AgentWakerTest::startsTheAgentOnItsOwn()
{
    const QString socket = inFolder(u"elsewhere.sock"_s);
    const QString agent = script(u"agent"_s, "echo \"$@\" >args; echo $$ >pid.new; mv pid.new pid; exec sleep 60");
    m_waker = std::make_unique<AgentWaker>(
        m_paths, socket, std::vector<Launcher>{{u"started directly"_s, agent, {u"--root"_s, m_paths.root}, true}});
    m_finished = std::make_unique<QSignalSpy>(m_waker.get(), &AgentWaker::finished);
    m_waker->start();
    QTRY_VERIFY(QFile::exists(inFolder(u"pid"_s)));
    QVERIFY(m_server->listen(socket));
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 9000);
    m_waker.reset();

    QFile file(inFolder(u"pid"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const pid_t pid = file.readAll().trimmed().toInt();
    QVERIFY(pid > 1);
    const bool lives = ::kill(pid, 0) == 0;
    const pid_t session = ::getsid(pid);
    const pid_t group = ::getpgid(pid);
    QStringList streams;
    for (int i = 0; i < 3; ++i)
        streams << QFile::symLinkTarget(u"/proc/%1/fd/%2"_s.arg(pid).arg(i));
    ::kill(pid, SIGKILL);
    QVERIFY(lives);
    QVERIFY(session != ::getsid(0)); // a Ctrl-C in our terminal does not reach it
    QVERIFY(group != ::getpgid(0));
    if (QFile::exists(u"/proc/self/fd"_s))
        QCOMPARE(streams, QStringList(3, u"/dev/null"_s));
    QFile args(inFolder(u"args"_s));
    QVERIFY(args.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(args.readAll().trimmed()), u"--root %1 --socket %2"_s.arg(m_paths.root, socket));
}

void AgentWakerTest::tellsWhenTheAgentDies()
{
    startWaker({{u"started directly"_s, script(u"agent"_s, "exit 78"), {u"--root"_s, m_paths.root}, true}});
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 9000); // long before the ten seconds are over
    QVERIFY(!outcome().awake);
    QVERIFY2(outcome().failures.value(0).contains("ended before it answered"_L1), qPrintable(outcome().failures.value(0)));
}

void AgentWakerTest::tellsWhenNothingCanBeStarted()
{
    startWaker({});
    QTRY_COMPARE(m_finished->size(), 1);
    QVERIFY(!outcome().awake);
    QCOMPARE(outcome().failures.size(), 1);
    QVERIFY(QFile::exists(m_paths.wakeSignal())); // whoever watches it may still come
}

void AgentWakerTest::waitsForAPredecessorToGo()
{
    WriterLock predecessor(m_paths); // going down: holds the lock, answers no more
    QVERIFY(predecessor.tryAcquire());
    startWaker({{u"fake"_s, script(u"start"_s, "touch launched"), {}, false}});
    serveWhen(u"launched"_s);
    QTRY_VERIFY(QFile::exists(m_paths.wakeSignal()));
    QTest::qWait(500); // several looks at the lock
    QVERIFY(!QFile::exists(inFolder(u"launched"_s)));
    QVERIFY(QFile::remove(m_paths.wakeSignal())); // it counted, and went all the same
    predecessor.release();
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 9000);
    QVERIFY(outcome().awake);
    QVERIFY(QFile::exists(m_paths.wakeSignal()));
}

void AgentWakerTest::asksByTheSocketWhenTheSignalCannotBeWritten()
{
    QVERIFY(QDir().mkpath(m_paths.wakeSignal()));
    startWaker({{u"fake"_s, script(u"start"_s, "touch launched"), {}, false}});
    serveWhen(u"launched"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 9000);
    QVERIFY(outcome().awake);
    QCOMPARE(outcome().way, u"fake"_s);
    QVERIFY2(outcome().failures.value(0).contains(m_paths.wakeSignal()), qPrintable(outcome().failures.join(u'\n')));
    QCOMPARE(m_server->requests.last(), (QJsonObject{{u"type"_s, u"force_wake"_s}}));
}

void AgentWakerTest::makesAMissingRoot()
{
    QVERIFY(QDir(m_paths.root).removeRecursively());
    startWaker({{u"fake"_s, script(u"start"_s, "touch launched"), {}, false}});
    serveWhen(u"launched"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_finished->size(), 1, 9000);
    QVERIFY(outcome().awake);
    QCOMPARE(outcome().failures, QStringList{});
    QVERIFY(QFile::exists(m_paths.wakeSignal()));
}

void AgentWakerTest::refusesAServerThatIsNoAgent()
{
    m_server->reply = [](const QJsonObject &) { return QByteArrayLiteral("220 mail ready\n"); };
    QVERIFY(m_server->listen(m_paths.socket()));
    startWaker({{u"fake"_s, script(u"fail"_s, "exit 1"), {}, false}});
    QTRY_COMPARE(m_finished->size(), 1);
    QVERIFY(!outcome().awake);
    QVERIFY2(outcome().failures.value(0).contains("protocol"_L1), qPrintable(outcome().failures.join(u'\n')));
}

void AgentWakerTest::mayBeDeletedAtAnyTime()
{
    startWaker({{u"hanging"_s, script(u"hang"_s, "touch launched; exec sleep 60"), {}, false}});
    QTRY_VERIFY(QFile::exists(inFolder(u"launched"_s)));
    m_waker.reset();
    QTRY_VERIFY(QCoreApplication::instance()->findChildren<QProcess *>().isEmpty()); // its launcher has gone, too

    QVERIFY(m_server->listen(m_paths.socket()));
    auto *waker = new AgentWaker(m_paths, m_paths.socket(), {});
    bool heard = false;
    connect(waker, &AgentWaker::finished, this, [waker, &heard](const WakeOutcome &) {
        heard = true;
        delete waker;
    });
    waker->start();
    QTRY_VERIFY(heard);
}

void AgentWakerTest::offersTheInstalledUnitOfThisRootOnly()
{
    if (QStandardPaths::findExecutable(u"systemctl"_s, {u"/usr/bin"_s, u"/bin"_s}).isEmpty())
        QSKIP("there is no systemctl here");
    const QByteArray before = qgetenv("XDG_CONFIG_HOME");
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(m_folder->path()));
    QVERIFY(QDir(m_folder->path()).mkpath(u"systemd/user"_s));
    QFile unit(inFolder(u"systemd/user/dormouse-agent.service"_s));
    QVERIFY(unit.open(QIODevice::WriteOnly));
    unit.write("[Service]\nExecStart=/usr/bin/dormouse-agent --supervised --root " + QFile::encodeName(m_paths.root) + '\n');
    unit.close();
    const std::vector<Launcher> here = availableLaunchers(m_paths);
    const std::vector<Launcher> elsewhere = availableLaunchers(RootPaths{inFolder(u"other"_s)});
    const std::vector<Launcher> otherSocket = availableLaunchers(m_paths, inFolder(u"other.sock"_s));
    before.isNull() ? qunsetenv("XDG_CONFIG_HOME") : qputenv("XDG_CONFIG_HOME", before);

    QVERIFY(!here.empty());
    QCOMPARE(here.front().name, u"systemd"_s);
    QCOMPARE(here.front().arguments, (QStringList{u"--user"_s, u"start"_s, u"dormouse-agent"_s}));
    QVERIFY(QFileInfo(here.front().program).isAbsolute());
    QVERIFY(!here.front().detached);
    for (const std::vector<Launcher> &launchers : {elsewhere, otherSocket}) {
        for (const Launcher &launcher : launchers)
            QVERIFY(launcher.name != "systemd"_L1);
    }
}

QTEST_GUILESS_MAIN(AgentWakerTest)
#include "tst_agentwaker.moc"
