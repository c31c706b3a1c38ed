// SPDX-License-Identifier: MIT
#include "tests/integration/cli/clifixture.h"
#include "tests/integration/cli/fakeagent.h"

#include "shared/base/exitcodes.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// Commands that change something: the right message goes out, and the person learns what happened and how to undo it.
class TestCliRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesCarryWhatWasTyped_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QJsonObject>("message");
        QTest::addColumn<QString>("hint");
        QTest::newRow("wake") << QStringList{u"wake"_s} << QJsonObject{{u"type"_s, u"force_wake"_s}} << u"awake"_s;
        QTest::newRow("sleep") << QStringList{u"sleep"_s} << QJsonObject{{u"type"_s, u"user_initiated_sleep"_s}}
                               << u"undo: dormouse wake"_s;
        QTest::newRow("sleep --force") << QStringList{u"sleep"_s, u"--force"_s, u"--reason"_s, u"bye"_s}
                                       << QJsonObject{{u"type"_s, u"user_initiated_sleep"_s},
                                                      {u"force"_s, true},
                                                      {u"reason"_s, u"bye"_s}}
                                       << u"undo: dormouse wake"_s;
        QTest::newRow("hibernate") << QStringList{u"hibernate"_s, u"--force"_s}
                                   << QJsonObject{{u"type"_s, u"hibernate"_s}, {u"force"_s, true}} << u"undo: dormouse wake"_s;
        QTest::newRow("pause") << QStringList{u"pause"_s} << QJsonObject{{u"type"_s, u"pause"_s}} << u"dormouse resume"_s;
        QTest::newRow("pause 15m") << QStringList{u"pause"_s, u"15m"_s, u"--reason=call"_s}
                                   << QJsonObject{{u"type"_s, u"pause"_s}, {u"seconds"_s, 900}, {u"reason"_s, u"call"_s}}
                                   << u"dormouse resume"_s;
        QTest::newRow("resume") << QStringList{u"resume"_s} << QJsonObject{{u"type"_s, u"resume"_s}} << u"dormouse pause"_s;
        QTest::newRow("release") << QStringList{u"release"_s, u"heartbeat"_s, u"1-2"_s}
                                 << QJsonObject{{u"type"_s, u"release"_s}, {u"name"_s, u"heartbeat 1-2"_s}} << u"released"_s;
        QTest::newRow("acknowledge") << QStringList{u"acknowledge"_s, u"starvation"_s}
                                     << QJsonObject{{u"type"_s, u"acknowledge"_s}, {u"what"_s, u"starvation"_s}}
                                     << u"dismissed"_s;
        QTest::newRow("clean") << QStringList{u"clean"_s} << QJsonObject{{u"type"_s, u"clean"_s}} << u"removed"_s;
        QTest::newRow("stop") << QStringList{u"stop"_s} << QJsonObject{{u"type"_s, u"stop"_s}} << u"dormouse wake"_s;
        QTest::newRow("digest") << QStringList{u"digest"_s} << QJsonObject{{u"type"_s, u"digest"_s}, {u"peek"_s, false}}
                                << u"no digest"_s;
    }
    void messagesCarryWhatWasTyped()
    {
        QFETCH(QStringList, words);
        QFETCH(QJsonObject, message);
        QFETCH(QString, hint);
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const CliResult result = fixture.run(words);
        QVERIFY2(result.code == kExitOk, qPrintable(result.err));
        QCOMPARE(agent.requests(message.value(u"type").toString()), QList<QJsonObject>{message});
        QVERIFY2(result.out.contains(hint), qPrintable(result.out));
    }

    void leasesRefuseSleepByName()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const QJsonObject busy{{u"ok"_s, false},
                               {u"reason"_s, u"busy"_s},
                               {u"error"_s, u"held"_s},
                               {u"leases"_s, QJsonArray{u"backup"_s, u"train\u001b"_s}}};
        agent.answer(u"user_initiated_sleep"_s, busy);
        agent.answer(u"hibernate"_s, busy);
        for (const QString &word : {u"sleep"_s, u"hibernate"_s}) {
            const CliResult result = fixture.run({word});
            QCOMPARE(result.code, kExitTryAgain);
            QVERIFY2(result.err.contains(u"backup, train"_s) && result.err.contains(u"--force"_s), qPrintable(result.err));
            QVERIFY(!result.err.contains(QChar(0x1b)));
        }
    }

    void goingToSleepNamesWhatWillStop()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const QJsonObject answer{{u"state"_s, u"SLEEP"_s}, {u"stops"_s, QJsonArray{u"web"_s, u"memory"_s}}};
        agent.answer(u"user_initiated_sleep"_s, answer);
        agent.answer(u"hibernate"_s, answer);
        QVERIFY(fixture.run({u"sleep"_s}).out.contains(u"; will stop: web, memory; undo: dormouse wake"_s));
        QVERIFY(fixture.run({u"hibernate"_s}).out.contains(u"; stopping: web, memory; undo: dormouse wake"_s));
    }

    void whatIsWantedAlreadyIsSuccess()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid());
        QCOMPARE(fixture.run({u"stop"_s}).code, kExitOk);
        QVERIFY(fixture.writeRecord(State::Hibernation));
        QCOMPARE(fixture.run({u"hibernate"_s}).code, kExitOk);
        QVERIFY(agent.start());
        agent.answer(u"user_initiated_sleep"_s,
                     {{u"ok"_s, false}, {u"reason"_s, u"already_sleeping"_s}, {u"error"_s, u"the state is SLEEP"_s}});
        const CliResult result = fixture.run({u"sleep"_s});
        QCOMPARE(result.code, kExitOk);
        QVERIFY2(result.out.contains(u"the state is SLEEP"_s), qPrintable(result.out));
        QCOMPARE(result.err, QString());
    }

    void refusalsFail()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"acknowledge"_s, {{u"ok"_s, false}, {u"reason"_s, u"not_found"_s}, {u"error"_s, u"no mark 'x'"_s}});
        const CliResult result = fixture.run({u"acknowledge"_s, u"x"_s});
        QCOMPARE(result.code, kExitFailure);
        QVERIFY2(result.err.contains(u"no mark 'x'"_s), qPrintable(result.err));
        QCOMPARE(fixture.run({u"pause"_s, u"soon"_s}).code, kExitUsage);
        QCOMPARE(agent.requests(u"pause"_s).size(), 0);
    }

    void wakeWaitsForTheServices()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        int asked = 0;
        agent.answerBy(u"status"_s, [&asked](const QJsonObject &) {
            ++asked;
            const QString service = asked < 4 ? u"starting"_s : u"ready"_s;
            return QJsonObject{{u"state"_s, asked < 2 ? u"HIBERNATION"_s : u"WAKE"_s},
                               {u"services"_s, QJsonArray{QJsonObject{{u"name"_s, u"embedder"_s}, {u"state"_s, service}}}}};
        });
        const CliResult result = fixture.run({u"wake"_s, u"--wait"_s});
        QVERIFY2(result.code == kExitOk, qPrintable(result.err));
        QCOMPARE(asked, 4);
        QVERIFY2(result.out.contains(u"ready"_s), qPrintable(result.out));
    }

    void absentAgentIsStarted_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("type");
        QTest::newRow("wake") << QStringList{u"wake"_s} << QString();
        QTest::newRow("pause") << QStringList{u"pause"_s, u"1h"_s} << u"pause"_s;
    }
    void absentAgentIsStarted()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, type);
        CliFixture fixture;
        QVERIFY(fixture.isValid() && fixture.writeRecord(State::Hibernation) && fixture.installAgentScript());
        FakeAgent agent(fixture.paths());
        agent.answer(u"status"_s, {{u"state"_s, u"WAKE"_s}});
        const std::unique_ptr<QProcess> process = fixture.prepared(words);
        process->start();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(fixture.file(u"agent.pid"_s)), 20'000); // the program beside it was started
        QVERIFY(QFile::exists(fixture.paths().wakeSignal()));
        QVERIFY(agent.start());
        const CliResult result = CliFixture::finished(*process);
        QVERIFY2(result.code == kExitOk, qPrintable(result.err));
        if (!type.isEmpty())
            QCOMPARE(agent.requests(type).size(), 1);
    }

    void whatCannotBeStartedIsTold()
    {
        CliFixture fixture;
        QVERIFY(fixture.isValid());
        for (const QString &word : {u"wake"_s, u"pause"_s}) {
            const CliResult result = fixture.run({word});
            QCOMPARE(result.code, kExitNoAgent);
            QVERIFY2(result.err.contains(u"no agent could be started: "_s), qPrintable(result.err));
        }
    }
};

QTEST_GUILESS_MAIN(TestCliRequest)
#include "tst_cli_request.moc"
