// SPDX-License-Identifier: MIT
#include "tests/integration/cli/clifixture.h"
#include "tests/integration/cli/fakeagent.h"

#include "shared/base/exitcodes.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

#include <sys/stat.h>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray everything()
{
    QFile file(qEnvironmentVariable("DORMOUSE_SOURCE") + u"/tests/data/config/good/everything.toml"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool configure(const CliFixture &fixture, const QByteArray &text, mode_t mode = 0600)
{
    const QString path = fixture.paths().configuration();
    return fixture.writeFile(path, text) && ::chmod(QFile::encodeName(path).constData(), mode) == 0;
}

bool makeProgram(const CliFixture &fixture, const QString &name)
{
    const QString path = fixture.file(name);
    return QDir().mkpath(QFileInfo(path).path()) && fixture.writeFile(path, "#!/bin/sh\n")
           && QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

QJsonObject jsonOf(const CliResult &result)
{
    return QJsonDocument::fromJson(result.out.toUtf8()).object();
}

} // namespace

/// What a person asks about the configuration before trusting the agent with it.
class TestCliConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void checkTellsEveryErrorWithItsPlace();
    void checkMarksTheText_data();
    void checkMarksTheText();
    void checkOfThresholdsHasAPlace();
    void checkRefusesWhatTheAgentRefuses();
    void checkCountsAndIsFine();
    void checkUsesThePathOfTheFile();
    void checkUsesThePathOfTheRunningAgent();
    void checkSaysThatTheTerminalKnowsMore();
    void showIsWhatTheFileMeans();
    void showAsJson();
    void showRefusesABrokenFile();
    void usage();
};

void TestCliConfig::checkTellsEveryErrorWithItsPlace()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid());
    QVERIFY(configure(fixture, "[timers]\ntick = \"soon\"\n\n[hooks]\non_awake = []\n"));
    const CliResult result = fixture.run({u"config"_s, u"check"_s});
    QCOMPARE(result.code, kExitConfiguration);
    QCOMPARE(result.out, QString());
    const QString path = fixture.paths().configuration();
    QCOMPARE(
        result.err,
        path
            + u":2:8: timers.tick = \"soon\": expected seconds or a duration like \"90s\", \"5m\" or \"2h\", above 0 and at most 365 days\n"
              "    tick = \"soon\"\n"
              "           ^~~~~~\n"_s
            + path
            + u":5:1: unknown key \"hooks.on_awake\"; did you mean \"hooks.on_wake\"?\n"
              "    on_awake = []\n"
              "    ^~~~~~~~\n"
              "dormouse: 2 errors; the agent would not use this file\n"_s);
}

void TestCliConfig::checkMarksTheText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("excerpt");
    QTest::newRow("wide characters") << QByteArray("[env]\n\"名前\" = 5\n") << u"    \"名前\" = 5\n             ^\n"_s;
    QTest::newRow("tabs") << QByteArray("[env]\n\tA\t= 55\n") << u"     A = 55\n         ^~\n"_s;
    QTest::newRow("mark and crlf") << QByteArray("\xEF\xBB\xBFtick = 5\r\n") << u"    tick = 5\n    ^~~~\n"_s;
    QTest::newRow("escape sequence") << QByteArray("[env]\nA = \"\x1b[2J\"\n") << u"    A = \"\uFFFD[2J\"\n         ^\n"_s;
    QTest::newRow("long line") << QByteArray("[env]\nA = ['" + QByteArray(500, 'x') + "']\n")
                               << u"    A = ['"_s + QString(94, u'x') + u'\n' + u"        ^"_s + QString(95, u'~') + u'\n';
    QTest::newRow("far in a long line") << QByteArray("[env]\n'" + QByteArray(300, 'x') + "' = 5 #" + QByteArray(300, 'y') + '\n')
                                        << u"    "_s + QString(46, u'x') + u"' = 5 #"_s + QString(47, u'y') + u'\n'
                                               + QString(54, u' ') + u"^\n"_s;
    QTest::newRow("end of file") << QByteArray("[env]\nA = [") << u"    A = [\n         ^\n"_s;
}

void TestCliConfig::checkMarksTheText()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, excerpt);
    CliFixture fixture;
    QVERIFY(fixture.isValid() && configure(fixture, text));
    const CliResult result = fixture.run({u"config"_s, u"check"_s});
    QCOMPARE(result.code, kExitConfiguration);
    QVERIFY2(result.err.contains(u'\n' + excerpt), qPrintable(result.err));
}

void TestCliConfig::checkOfThresholdsHasAPlace()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid());
    QVERIFY(configure(fixture, "[timers]\nsleep_after = \"1h\"\nhibernate_after = \"30m\"\n"));
    const CliResult result = fixture.run({u"config"_s, u"check"_s});
    QCOMPARE(result.code, kExitConfiguration);
    QVERIFY2(
        result.err.startsWith(fixture.paths().configuration()
                              + u":3:19: timers.sleep_after (1 h) must not be longer than timers.hibernate_after (30 min)\n"_s),
        qPrintable(result.err));
}

void TestCliConfig::checkRefusesWhatTheAgentRefuses()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid() && configure(fixture, "[timers]\n", 0666));
    for (const QString &action : {u"check"_s, u"show"_s}) {
        const CliResult result = fixture.run({u"config"_s, action});
        QCOMPARE(result.code, kExitConfiguration);
        QCOMPARE(result.out, QString());
        QVERIFY2(result.err.contains(u"others may write it (mode 0666; remedy: chmod go-w)"_s), qPrintable(result.err));
    }
}

void TestCliConfig::checkCountsAndIsFine()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid());
    const CliResult missing = fixture.run({u"config"_s, u"check"_s});
    QCOMPARE(missing.code, kExitOk);
    QCOMPARE(missing.out,
             u"OK: 0 steps, 0 services (there is no "_s + fixture.paths().configuration() + u": the defaults hold)\n"_s);
    QVERIFY(configure(fixture, everything()));
    const CliResult result = fixture.run({u"config"_s, u"check"_s});
    QCOMPARE(result.code, kExitOk);
    QVERIFY2(result.out.startsWith(u"OK: 2 steps, 3 services\n"_s), qPrintable(result.out));
}

void TestCliConfig::checkUsesThePathOfTheFile()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid() && makeProgram(fixture, u"tools/here"_s));
    const QByteArray folder = QFile::encodeName(fixture.file(u"tools"_s));
    QVERIFY(configure(fixture, "[env]\nPATH = '" + folder
                                   + "'\n"
                                     "[[sleep.step]]\nname = 'one'\ncommand = ['here']\n"
                                     "[[sleep.step]]\nname = 'two'\ncommand = ['"
                                   + folder
                                   + "/here']\n"
                                     "[[sleep.step]]\nname = 'three'\ncommand = ['gone']\n"
                                     "[[service]]\nname = 's'\ncommand = ['"
                                   + folder
                                   + "/gone']\nready = { command = ['here'] }\n"
                                     "[hooks]\non_wake = [['~/here']]\n"));
    const CliResult result = fixture.run({u"config"_s, u"check"_s});
    QCOMPARE(result.code, kExitOk);
    QCOMPARE(result.out,
             u"OK: 3 steps, 1 service\nThe agent looks for programs on %1 ([env] in the file)\n"_s.arg(fixture.file(u"tools"_s)));
    QCOMPARE(
        result.err,
        u"warning: step \"three\": \"gone\" is not found; write its whole path, or set PATH in [env]\n"
        "warning: service \"s\": \"%1/gone\" is not found; there is no such program, or it may not be executed\n"
        "warning: hook on_wake: \"~/here\" is not found; there is no shell that would expand ~: write the whole path\n"_s.arg(
            fixture.file(u"tools"_s)));
}

void TestCliConfig::checkUsesThePathOfTheRunningAgent()
{
#ifdef __APPLE__
    QSKIP("macOS does not tell another process' environment");
#endif
    CliFixture fixture;
    FakeAgent agent(fixture.paths()); // this very process, whose PATH is known
    QVERIFY(fixture.isValid() && agent.start());
    QVERIFY(configure(fixture, "[[sleep.step]]\nname = 'one'\ncommand = ['sh']\n"));
    const CliResult result = fixture.run({u"config"_s, u"check"_s});
    QCOMPARE(result.code, kExitOk);
    QCOMPARE(result.out, u"OK: 1 step, 0 services\nThe agent looks for programs on %1 (the running agent, pid %2)\n"_s.arg(
                             qEnvironmentVariable("PATH"), QString::number(QCoreApplication::applicationPid())));
    QCOMPARE(agent.connectionsSeen(), 0);
}

void TestCliConfig::checkSaysThatTheTerminalKnowsMore()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid() && makeProgram(fixture, u"mine/dormouse-test-tool"_s));
    QVERIFY(configure(fixture, "[[sleep.step]]\nname = 'one'\ncommand = ['dormouse-test-tool']\n"));
    const std::unique_ptr<QProcess> process = fixture.prepared({u"config"_s, u"check"_s});
    QProcessEnvironment environment = process->processEnvironment();
    environment.insert(u"PATH"_s, fixture.file(u"mine"_s) + u":/usr/bin:/bin"_s);
    process->setProcessEnvironment(environment);
    process->start();
    const CliResult result = CliFixture::finished(*process);
    QCOMPARE(result.code, kExitOk);
    QVERIFY2(result.err.contains(u"(this terminal finds "_s + fixture.file(u"mine/dormouse-test-tool"_s) + u')'),
             qPrintable(result.err));
    QVERIFY2(result.out.contains(u"The agent looks for programs on /"_s), qPrintable(result.out)); // and whose PATH that is
}

void TestCliConfig::showIsWhatTheFileMeans()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid() && configure(fixture, everything()));
    const CliResult shown = fixture.run({u"config"_s, u"show"_s});
    QCOMPARE(shown.code, kExitOk);
    QVERIFY(shown.out.contains(u"drowsy_after = \"6m\""_s));
    QVERIFY(configure(fixture, shown.out.toUtf8())); // what is shown can be used as the file
    const CliResult again = fixture.run({u"config"_s, u"show"_s});
    QCOMPARE(again.code, kExitOk);
    QCOMPARE(again.out, shown.out);
}

void TestCliConfig::showAsJson()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid() && configure(fixture, everything()));
    const std::unique_ptr<QProcess> process = fixture.prepared({u"config"_s, u"show"_s, u"--json"_s});
    QProcessEnvironment environment = process->processEnvironment();
    environment.insert(u"LIFECYCLE_DROWSY_AFTER_SEC"_s, u"7.5"_s);
    process->setProcessEnvironment(environment);
    process->start();
    const CliResult result = CliFixture::finished(*process);
    QCOMPARE(result.code, kExitOk);
    const QJsonObject shown = jsonOf(result);
    QCOMPARE(shown.value(u"timers"_s).toObject().value(u"drowsy_after"_s), QJsonValue(7.5)); // the environment's
    QCOMPARE(shown.value(u"timers"_s).toObject().value(u"tick"_s), QJsonValue(0.5));
    QCOMPARE(shown.value(u"sleep"_s).toObject().value(u"strikes"_s), QJsonValue(5));
    QCOMPARE(shown.value(u"sleep"_s).toObject().value(u"require_ac"_s), QJsonValue(true));
    const QJsonObject step = shown.value(u"sleep"_s).toObject().value(u"step"_s).toArray().at(0).toObject();
    QCOMPARE(step.value(u"timeout"_s), QJsonValue(900));
    QCOMPARE(step.value(u"command"_s), QJsonValue(QJsonArray{u"iai-mcp"_s, u"maintenance"_s, u"sleep-cycle"_s}));
    QCOMPARE(shown.value(u"service"_s).toArray().at(0).toObject().value(u"stop_timeout"_s), QJsonValue(0.25));
    QCOMPARE(shown.value(u"env"_s).toObject().value(u"EMPTY"_s), QJsonValue(u""_s));
}

void TestCliConfig::showRefusesABrokenFile()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid() && configure(fixture, "[timers]\ntick = 90\n"));
    const CliResult result = fixture.run({u"config"_s, u"show"_s});
    QCOMPARE(result.code, kExitConfiguration);
    QVERIFY2(result.err.startsWith(u"dormouse: %1:2:8: timers.tick ("_s.arg(fixture.paths().configuration())),
             qPrintable(result.err));
}

void TestCliConfig::usage()
{
    CliFixture fixture;
    QVERIFY(fixture.isValid());
    QCOMPARE(fixture.run({u"config"_s, u"path"_s}).out, fixture.paths().configuration() + u'\n');
    QCOMPARE(fixture.run({u"config"_s}).code, kExitUsage);
    QCOMPARE(fixture.run({u"config"_s, u"chek"_s}).code, kExitUsage);
    QCOMPARE(fixture.run({u"config"_s, u"path"_s, u"--json"_s}).code, kExitUsage);
}

QTEST_GUILESS_MAIN(TestCliConfig)
#include "tst_cli_config.moc"
