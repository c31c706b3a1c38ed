// SPDX-License-Identifier: MIT
#include "agent/act/childgroup.h"
#include "agent/act/outputtail.h"
#include "tests/unit/act/marked.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(dormouse::ChildEnd)
Q_DECLARE_METATYPE(dormouse::ChildEnd::Kind)

namespace {

constexpr int kEnough = 20'000; ///< ms; a tenth of it is what things take
constexpr qint64 kInterruptLimit = 2'000;
#ifdef __SANITIZE_ADDRESS__
constexpr qint64 kFlat = 400'000'000; ///< the sanitizer keeps what is freed for a while
#else
constexpr qint64 kFlat = 8'000'000;
#endif

const SystemClock kClock;

/// One run, watched. The script is that of /bin/sh, as a user's script might be.
struct Run {
    Mark mark;
    std::unique_ptr<ChildGroup> group;
    std::unique_ptr<QSignalSpy> finished;
    QByteArrayList lines;

    explicit Run(ChildCommand command)
    {
        command.environment.insert(mark.environment());
        group = std::make_unique<ChildGroup>(std::move(command), kClock);
        finished = std::make_unique<QSignalSpy>(group.get(), &ChildGroup::finished);
    }
    explicit Run(const QString &script, Millis timeout = 60s) : Run(ChildCommand{{u"/bin/sh"_s, u"-c"_s, script}, {}, timeout, 0})
    {
    }

    /// Starts, and waits for the script to say "up".
    bool isUp()
    {
        QObject::connect(group.get(), &ChildGroup::outputLine, group.get(),
                         [this](const QByteArray &line) { lines.append(line); });
        group->start();
        return QTest::qWaitFor([this] { return lines.contains("up"); }, kEnough);
    }
    [[nodiscard]] bool isOver() const { return !finished->isEmpty() || finished->wait(kEnough); }
    [[nodiscard]] ChildEnd end() const { return finished->value(0).value(0).value<ChildEnd>(); }
};

QString kindName(ChildEnd::Kind kind)
{
    switch (kind) {
    case ChildEnd::Kind::Exited: return u"exited"_s;
    case ChildEnd::Kind::Signalled: return u"signalled"_s;
    case ChildEnd::Kind::TimedOut: return u"timed out"_s;
    case ChildEnd::Kind::CannotStart: return u"cannot start"_s;
    case ChildEnd::Kind::Interrupted: return u"interrupted"_s;
    }
    return {};
}

#define COMPARE_END(run, expectedKind, expectedCode)                                                                             \
    QVERIFY((run).isOver());                                                                                                     \
    QCOMPARE(kindName((run).end().kind), kindName(ChildEnd::Kind::expectedKind));                                                \
    QCOMPARE((run).end().code, expectedCode);                                                                                    \
    QVERIFY(!(run).group->isRunning())

} // namespace

class ChildGroupTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
#ifndef Q_OS_LINUX
        QSKIP("looks into /proc");
#endif
        QVERIFY2(guardProgram().ok(), "the guard is not beside the test");
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
    }
    void cleanup()
    {
        QTRY_VERIFY2(zombies().isEmpty(), "a child was never taken");
    }

    void tellsHowItEnded_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<ChildEnd::Kind>("kind");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("error");
        QTest::newRow("done") << u"exit 0"_s << ChildEnd::Kind::Exited << 0 << QString();
        QTest::newRow("failed") << u"exit 3"_s << ChildEnd::Kind::Exited << 3 << u"exit code 3"_s;
        QTest::newRow("its own 127") << u"exit 127"_s << ChildEnd::Kind::Exited << 127 << u"exit code 127"_s;
        QTest::newRow("killed") << u"kill -9 $$"_s << ChildEnd::Kind::Signalled << 9 << u"killed by signal 9 (Killed)"_s;
        QTest::newRow("crashed") << u"kill -SEGV $$"_s << ChildEnd::Kind::Signalled << 11
                                 << u"killed by signal 11 (Segmentation fault)"_s;
    }
    void tellsHowItEnded()
    {
        QFETCH(const QString, script);
        QFETCH(const ChildEnd::Kind, kind);
        QFETCH(const int, code);
        QFETCH(const QString, error);
        Run run(script);
        run.group->start();
        QVERIFY(run.group->isRunning());
        QVERIFY(run.finished->isEmpty());
        QVERIFY(run.isOver());
        QCOMPARE(kindName(run.end().kind), kindName(kind));
        QCOMPARE(run.end().code, code);
        QCOMPARE(run.end().error, error);
    }

    void aProgramThatCannotStartIsNamed_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("part");
        QTest::newRow("on no PATH") << u"dormouse-no-such"_s << u"/only/here"_s;
        QTest::newRow("missing") << u"/no/such/program"_s << u"/no/such/program"_s;
        QTest::newRow("not executable") << u"/etc/passwd"_s << u"/etc/passwd"_s;
        QTest::newRow("a folder") << u"/tmp"_s << u"/tmp"_s;
        QTest::newRow("empty") << QString() << u"PATH"_s;
    }
    void aProgramThatCannotStartIsNamed()
    {
        QFETCH(const QString, program);
        QFETCH(const QString, part);
        Run run(ChildCommand{{program}, {{u"PATH"_s, u"/only/here"_s}}, 10s, 0});
        run.group->start();
        QVERIFY2(run.finished->isEmpty(), "nobody expects the end within start()");
        COMPARE_END(run, CannotStart, 0);
        QVERIFY2(run.end().error.contains(part), qPrintable(run.end().error));
    }

    void aBrokenProgramIsNeverGivenToAShell()
    {
        QTemporaryDir folder;
        QFile script(folder.filePath(u"script"_s));
        QVERIFY(script.open(QIODevice::WriteOnly) && script.write("echo a shell ran this\n") > 0);
        script.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        script.close();
        Run run(ChildCommand{{script.fileName()}, {}, 10s, 0});
        run.group->start();
        COMPARE_END(run, CannotStart, 0);
        QVERIFY2(run.end().error.contains(u"Exec format error"_s), qPrintable(run.end().error));
        QVERIFY(!run.end().tail.contains("a shell ran this\n"));
    }

    void programsAreFoundOnTheGivenPath()
    {
        QTemporaryDir folder;
        QFile script(folder.filePath(u"greet"_s));
        QVERIFY(script.open(QIODevice::WriteOnly) && script.write("#!/bin/sh\necho hello $1\n") > 0);
        script.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        script.close();
        Run run(ChildCommand{{u"greet"_s, u"a b"_s}, {{u"PATH"_s, QString(folder.path() + u":/bin"_s)}}, 10s, 0});
        run.group->start();
        COMPARE_END(run, Exited, 0);
        QCOMPARE(run.end().tail, "hello a b\n");
    }

    void childrenGetNothingOfTheAgent()
    {
        qputenv("LISTEN_PID", "1");
        qputenv("LISTEN_FDS", "1");
        qputenv("NOTIFY_SOCKET", "/run/x");
        qputenv("WATCHDOG_USEC", "1");
        const int descriptor = ::dup(2); // one without close-on-exec
        Run run(u"env | grep -E 'LISTEN_|NOTIFY_|WATCHDOG_'; ls /proc/self/fd; cat; nice; echo $GREETING"_s);
        Run polite(ChildCommand{{u"nice"_s}, {}, 10s, 10});
        run.group->start();
        polite.group->start();
        COMPARE_END(run, Exited, 0);
        COMPARE_END(polite, Exited, 0);
        ::close(descriptor);
        for (const char *name : {"LISTEN_PID", "LISTEN_FDS", "NOTIFY_SOCKET", "WATCHDOG_USEC"})
            qunsetenv(name);
        QCOMPARE(run.end().tail.simplified().split(' '), (QByteArrayList{"0", "1", "2", "3", "0"}));
        QCOMPARE(polite.end().tail.trimmed(), "10");
    }

    void aHangingOneTimesOut()
    {
        Run run(u"trap '' TERM; sleep 60 & while :; do sleep 60; done"_s, 200ms);
        QElapsedTimer timer;
        timer.start();
        run.group->start();
        COMPARE_END(run, TimedOut, 0);
        QVERIFY(timer.elapsed() < 200 + kInterruptLimit + 200);
        QVERIFY2(run.end().error.contains(u"timed out"_s), qPrintable(run.end().error));
        QCOMPARE(run.mark.processes(), QList<qint64>());
    }

    void interruptingEndsTheWholeGroup_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<qint64>("atLeast");
        QTest::addColumn<qint64>("atMost");
        QTest::newRow("obedient") << u"echo up; sleep 60"_s << qint64(0) << qint64(1'000);
        QTest::newRow("ignores SIGTERM") << u"trap '' TERM; echo up; while :; do sleep 60; done"_s << qint64(1'400)
                                         << kInterruptLimit;
        QTest::newRow("has grandchildren") << u"(trap '' TERM; (sleep 60; sleep 60) & sleep 60; sleep 60) & echo up; sleep 60"_s
                                           << qint64(1'400) << kInterruptLimit;
        QTest::newRow("cleans up") << u"trap 'sleep 0.3; exit 0' TERM; echo up; sleep 60 & wait"_s << qint64(250)
                                   << qint64(1'400);
        QTest::newRow("floods") << u"echo up; sleep 0.1; exec yes"_s << qint64(0) << qint64(1'400);
    }
    void interruptingEndsTheWholeGroup()
    {
        QFETCH(const QString, script);
        QFETCH(const qint64, atLeast);
        QFETCH(const qint64, atMost);
        Run run(script);
        QVERIFY(run.isUp());
        QElapsedTimer timer;
        timer.start();
        run.group->interrupt();
        run.group->interrupt();
        COMPARE_END(run, Interrupted, 0);
        QVERIFY2(timer.elapsed() >= atLeast, qPrintable(QString::number(timer.elapsed())));
        QVERIFY2(timer.elapsed() <= atMost, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(run.mark.processes(), QList<qint64>());
        QTest::qWait(1);
        QCOMPARE(run.finished->size(), 1);
    }

    void interruptingAtOnceIsNotLost()
    {
        Run run(u"sleep 60"_s);
        run.group->start();
        run.group->interrupt();
        COMPARE_END(run, Interrupted, 0);
        QTRY_COMPARE(run.mark.processes(), QList<qint64>());
        Run never(u"exit 0"_s);
        never.group->interrupt();
        QVERIFY(!never.group->isRunning());
    }

    void aGuardThatIsStoppedHoldsNothingUp()
    {
        Run run(u"trap '' TERM; echo up; while :; do sleep 60; done"_s);
        QVERIFY(run.isUp());
        for (const qint64 pid : run.mark.processes()) {
            if (statOf(pid).value(1).toLongLong() == ::getpid())
                ::kill(static_cast<pid_t>(pid), SIGSTOP);
        }
        QElapsedTimer timer;
        timer.start();
        run.group->interrupt();
        COMPARE_END(run, Interrupted, 0);
        QVERIFY2(timer.elapsed() <= kInterruptLimit, qPrintable(QString::number(timer.elapsed())));
        QTRY_COMPARE(run.mark.processes(), QList<qint64>());
    }

    void aGuardThatIsKilledLeavesNobody()
    {
        Run run(u"sleep 60 & echo up; sleep 60"_s);
        QVERIFY(run.isUp());
        for (const qint64 pid : run.mark.processes()) {
            if (statOf(pid).value(1).toLongLong() == ::getpid())
                ::kill(static_cast<pid_t>(pid), SIGKILL);
        }
        COMPARE_END(run, Signalled, 9);
        QTRY_COMPARE(run.mark.processes(), QList<qint64>());
    }

    void goingAwayEndsTheGroupAtOnce()
    {
        Run run(u"trap '' TERM; sleep 60 & echo up; while :; do sleep 60; done"_s);
        QVERIFY(run.isUp());
        QElapsedTimer timer;
        timer.start();
        run.group.reset();
        QVERIFY2(timer.elapsed() < 500, "it blocked");
        QTRY_COMPARE(run.mark.processes(), QList<qint64>());
        QVERIFY(run.finished->isEmpty());
    }

    void aFloodKeepsTheAgentsMemoryFlat()
    {
        Run run(u"yes 'all work and no play' | head -c 100000000; echo; echo the end"_s);
        const qint64 before = residentBytes();
        qint64 most = before;
        QTimer watch;
        connect(&watch, &QTimer::timeout, this, [&most] { most = std::max(most, residentBytes()); });
        watch.start(5);
        run.group->start();
        COMPARE_END(run, Exited, 0);
        QCOMPARE(run.end().tail.size(), OutputTail::kBytesMax);
        QVERIFY(run.end().tail.endsWith("the end\n"));
        QVERIFY2(most - before < kFlat, qPrintable(QString::number(most - before)));
    }

    void everyLineIsTold()
    {
        Run run(u"yes | head -n 100000"_s);
        qint64 count = 0;
        connect(run.group.get(), &ChildGroup::outputLine, run.group.get(),
                [&count](const QByteArray &line) { count += line == "y" ? 1 : 0; });
        run.group->start();
        QVERIFY(run.isOver());
        QCOMPARE(count, 100'000);
    }

    void whatLeavesTheGroupHoldsNothingUp()
    {
        Run run(u"setsid sh -c 'exec yes' & sleep 0.2; exit 0"_s);
        run.group->start();
        COMPARE_END(run, Exited, 0);
    }

    void aCommandThatHasEndedIsNotInterrupted()
    {
        Run run(u"(trap '' TERM; sleep 60; sleep 60) & echo $$; echo up; exit 0"_s); // what it left behind has not
        QVERIFY(run.isUp());
        const auto command = static_cast<pid_t>(run.lines.first().toInt());
        QTRY_VERIFY(::kill(command, 0) != 0);
        run.group->interrupt();
        COMPARE_END(run, Exited, 0);
        QCOMPARE(run.mark.processes(), QList<qint64>());
    }

    void linesAreCutAndTheTailIsTheEnd()
    {
        OutputTail output;
        QByteArrayList lines;
        const auto line = [&lines](const QByteArray &text) { lines.append(text); };
        output.add("a\nb", line);
        output.add("c\n\n", line);
        output.add(QByteArray(10'000, 'x'), line);
        output.add(QByteArray(10'000, 'y') + "\nz", line);
        QCOMPARE(lines, (QByteArrayList{"a", "bc", "", QByteArray(4096, 'x')}));
        QCOMPARE(output.tail(), QByteArray(4094, 'y') + "\nz");
        output.add("\n");
        QCOMPARE(output.tail(), QByteArray(4093, 'y') + "\nz\n");
    }
};

QTEST_GUILESS_MAIN(ChildGroupTest)
#include "tst_childgroup.moc"
