// SPDX-License-Identifier: MIT
#include "tests/integration/cli/clifixture.h"
#include "tests/integration/cli/fakeagent.h"

#include "shared/base/exitcodes.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

QJsonObject notFound()
{
    return {{u"ok"_s, false}, {u"reason"_s, u"not_found"_s}, {u"error"_s, u"there is no such service"_s}};
}

QJsonObject snapshot()
{
    const QJsonObject web{{u"name"_s, u"web"_s},
                          {u"state"_s, u"ready"_s},
                          {u"pid"_s, 812},
                          {u"rss_bytes"_s, 1'900'000'000},
                          {u"ready_in_sec"_s, 0.25}};
    const QJsonObject memory{{u"name"_s, u"memory"_s}, {u"state"_s, u"failed"_s}, {u"restarts"_s, 4}, {u"later_key"_s, 1}};
    return {{u"state"_s, u"WAKE"_s}, {u"services"_s, QJsonArray{web, memory}}};
}

const QByteArray kConfiguration = "[[sleep.step]]\nname = \"vacuum\"\ncommand = [\"true\"]\n"
                                  "[[service]]\nname = \"web\"\ncommand = [\"true\"]\n";

} // namespace

/// `services`, `service`, `cycle` and `reload`: what is asked for reaches the agent, and people learn what came of it.
class TestCliServices : public QObject
{
    Q_OBJECT

private:
    static bool configure(const CliFixture &fixture, const QByteArray &text = kConfiguration)
    {
        const QString path = fixture.paths().configuration();
        return fixture.writeFile(path, text) && QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    }

private Q_SLOTS:
    void servicesAreListed()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"status"_s, snapshot());
        QVERIFY(fixture.writeFile(fixture.paths().logs() + u"/service-memory.log"_s, "out of memory\n"));
        const CliResult text = fixture.run({u"services"_s});
        QCOMPARE(text.code, kExitOk);
        QVERIFY2(text.out.contains(QRegularExpression(u"web +ready +812 +1.9 GB +250 ms +0\n"_s)), qPrintable(text.out));
        QVERIFY2(text.out.contains(QRegularExpression(u"memory +failed +- +- +- +4\n"_s)), qPrintable(text.out));
        QVERIFY2(text.out.contains(fixture.paths().logs() + u"/service-memory.log"_s), qPrintable(text.out));
        QVERIFY(!text.out.contains(u"service-web.log"_s));

        const QJsonObject json = QJsonDocument::fromJson(fixture.run({u"services"_s, u"--json"_s}).out.toUtf8()).object();
        QCOMPARE(json.value(u"services").toArray(), snapshot().value(u"services").toArray()); // keys of later versions, too
        QCOMPARE(json.value(u"agent").toString(), u"running"_s);
        QCOMPARE(json.value(u"state").toString(), u"WAKE"_s);
    }

    void messagesCarryWhatWasTyped_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QJsonObject>("message");
        QTest::addColumn<QString>("hint");
        const auto row =
            [](const QString &word, const QString &action, const QString &hint) {
                QTest::newRow(qPrintable(word))
                    << QStringList{u"service"_s, u"web"_s, word}
                    << QJsonObject{{u"type"_s, u"service"_s}, {u"name"_s, u"web"_s}, {u"action"_s, action}} << hint;
            };
        row(u"start"_s, u"start"_s, u"dormouse service web stop"_s);
        row(u"stop"_s, u"stop"_s, u"dormouse service web start"_s);
        row(u"restart"_s, u"restart"_s, u"restarts"_s);
        row(u"leave-alone"_s, u"leave_alone"_s, u"is left alone"_s);
        const auto cycle = [](const QString &action) {
            return QJsonObject{{u"type"_s, u"sleep_cycle"_s}, {u"action"_s, action}};
        };
        QTest::newRow("cycle") << QStringList{u"cycle"_s} << cycle(u"status"_s) << u"none is under way"_s;
        QTest::newRow("cycle status") << QStringList{u"cycle"_s, u"status"_s} << cycle(u"status"_s) << u"Next"_s;
        QTest::newRow("cycle run") << QStringList{u"cycle"_s, u"run"_s} << QJsonObject{{u"type"_s, u"force_rem"_s}}
                                   << u"starts now"_s;
        QTest::newRow("cycle reset") << QStringList{u"cycle"_s, u"reset-quarantine"_s} << cycle(u"reset_quarantine"_s)
                                     << u"was no quarantine"_s;
        QTest::newRow("reload") << QStringList{u"reload"_s} << QJsonObject{{u"type"_s, u"reload"_s}} << u"OK"_s;
    }
    void messagesCarryWhatWasTyped()
    {
        QFETCH(QStringList, words);
        QFETCH(QJsonObject, message);
        QFETCH(QString, hint);
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"status"_s, snapshot());
        const CliResult result = fixture.run(words);
        QVERIFY2(result.code == kExitOk, qPrintable(result.err));
        QCOMPARE(agent.requests(message.value(u"type").toString()), QList<QJsonObject>{message});
        QVERIFY2(result.out.contains(hint), qPrintable(result.out));
    }

    void slipsOfTheFingerAreToldWithTheNearestName()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"service"_s, notFound());
        agent.answer(u"status"_s, snapshot());
        const CliResult name = fixture.run({u"service"_s, u"memry"_s, u"start"_s});
        QCOMPARE(name.code, kExitFailure);
        QVERIFY2(name.err.contains(u"did you mean \"memory\"?"_s), qPrintable(name.err));
        const CliResult action = fixture.run({u"service"_s, u"web"_s, u"strat"_s});
        QCOMPARE(action.code, kExitUsage);
        QVERIFY2(action.err.contains(u"did you mean 'start'?"_s), qPrintable(action.err));
        const CliResult swapped = fixture.run({u"service"_s, u"stop"_s, u"web"_s});
        QCOMPARE(swapped.code, kExitUsage);
        QVERIFY2(swapped.err.contains(u"dormouse service web stop"_s), qPrintable(swapped.err));
        QCOMPARE(fixture.run({u"service"_s, u"web"_s}).code, kExitUsage);
        QCOMPARE(fixture.run({u"cycle"_s, u"rnu"_s}).code, kExitUsage);
        QCOMPARE(agent.requests(u"service"_s).size(), 1);
    }

    void cycleIsToldInFull()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"status"_s, snapshot());
        agent.answer(u"sleep_cycle"_s, {{u"steps"_s, QJsonArray{u"vacuum"_s, u"index"_s}}, {u"running_step"_s, u"index"_s}});
        const CliResult text = fixture.run({u"cycle"_s});
        QVERIFY2(text.out.contains(u"running: index (step 2 of 2)"_s), qPrintable(text.out));
        const QJsonObject json = QJsonDocument::fromJson(fixture.run({u"cycle"_s, u"--json"_s}).out.toUtf8()).object();
        QCOMPARE(json.value(u"running_step").toString(), u"index"_s);
        QCOMPARE(json.value(u"agent").toString(), u"running"_s);
        QVERIFY(!json.contains(u"ok"_s));
        agent.answer(u"sleep_cycle"_s, {{u"was_quarantined"_s, true}});
        const CliResult reset = fixture.run({u"cycle"_s, u"reset-quarantine"_s});
        QVERIFY2(reset.out.contains(u"the quarantine is ended"_s), qPrintable(reset.out));
    }

    void wrongConfigurationsAreToldByReload()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"reload"_s,
                     {{u"ok"_s, false}, {u"reason"_s, u"invalid_message"_s}, {u"error"_s, u"dormouse.toml:3:8: unknown key"_s}});
        const CliResult result = fixture.run({u"reload"_s});
        QCOMPARE(result.code, kExitConfiguration);
        QVERIFY2(result.err.contains(u"dormouse.toml:3:8: unknown key"_s) && result.err.contains(u"config check"_s),
                 qPrintable(result.err));
        QCOMPARE(result.out, QString());
    }

    void observersReadTheFilesWithoutAnAgent()
    {
        CliFixture fixture;
        QVERIFY(fixture.isValid() && configure(fixture) && fixture.writeRecord(State::Hibernation));
        FakeAgent activated(fixture.paths());
        QVERIFY(activated.listenOnly());
        const CliResult services = fixture.run({u"services"_s});
        QCOMPARE(services.code, kExitOk);
        QVERIFY2(services.out.contains(QRegularExpression(u"web +stopped"_s)) && services.out.contains(u"no agent is running"_s),
                 qPrintable(services.out));
        const QByteArray memory =
            "{\"cycle\":{\"deferrals\":0,\"quarantine\":{\"until_ts\":\"2999-01-01T00:00:00Z\",\"reason\":\"vacuum failed 3x\"}}}";
        QVERIFY(fixture.writeFile(fixture.paths().memory(), memory));
        const CliResult cycle = fixture.run({u"cycle"_s});
        QCOMPARE(cycle.code, kExitOk);
        QVERIFY2(cycle.out.contains(u"vacuum failed 3x"_s) && cycle.out.contains(u"no agent is running"_s),
                 qPrintable(cycle.out));
        QCOMPARE(fixture.run({u"cycle"_s, u"reset-quarantine"_s}).code, kExitNoAgent);
        QVERIFY(fixture.writeRecord(State::Sleep));
        QCOMPARE(fixture.run({u"services"_s, u"--json"_s}).code, kExitNoAgent);
        QCOMPARE(fixture.run({u"cycle"_s, u"--json"_s}).code, kExitNoAgent);
        QVERIFY(configure(fixture, "[[service]]\nnam = 1\n"));
        QCOMPARE(fixture.run({u"services"_s}).code, kExitConfiguration);
        QCOMPARE(activated.connectionsSeen(), 0);
        QVERIFY(!QFile::exists(fixture.paths().wakeSignal()));
    }

    void actsThatNeedNoAgentWakeNobody_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("code");
        QTest::newRow("stop") << QStringList{u"web"_s, u"stop"_s} << int(kExitOk); // stopped already
        QTest::newRow("restart") << QStringList{u"web"_s, u"restart"_s} << int(kExitNoAgent);
        QTest::newRow("leave-alone") << QStringList{u"web"_s, u"leave-alone"_s} << int(kExitNoAgent);
        QTest::newRow("start of an unknown one") << QStringList{u"wed"_s, u"start"_s} << int(kExitFailure);
    }
    void actsThatNeedNoAgentWakeNobody()
    {
        QFETCH(QStringList, words);
        QFETCH(int, code);
        CliFixture fixture;
        QVERIFY(fixture.isValid() && configure(fixture) && fixture.writeRecord(State::Hibernation));
        const CliResult result = fixture.run(QStringList{u"service"_s} + words);
        QCOMPARE(result.code, code);
        QCOMPARE(QString(result.out + result.err).count(u'\n'), 1);
        QVERIFY(!QFile::exists(fixture.paths().wakeSignal()));
    }

    void absentAgentIsStarted_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("type");
        QTest::newRow("service start") << QStringList{u"service"_s, u"web"_s, u"start"_s} << u"service"_s;
        QTest::newRow("cycle run") << QStringList{u"cycle"_s, u"run"_s} << u"force_rem"_s;
    }
    void absentAgentIsStarted()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, type);
        CliFixture fixture;
        QVERIFY(fixture.isValid() && configure(fixture) && fixture.writeRecord(State::Hibernation)
                && fixture.installAgentScript());
        FakeAgent agent(fixture.paths());
        agent.answer(u"status"_s, snapshot());
        const std::unique_ptr<QProcess> process = fixture.prepared(words);
        process->start();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(fixture.file(u"agent.pid"_s)), 20'000);
        QVERIFY(agent.start());
        const CliResult result = CliFixture::finished(*process);
        QVERIFY2(result.code == kExitOk, qPrintable(result.err));
        QCOMPARE(agent.requests(type).size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestCliServices)
#include "tst_cli_services.moc"
