// SPDX-License-Identifier: MIT
#include "tests/integration/cli/clifixture.h"
#include "tests/integration/cli/fakeagent.h"

#include "shared/base/exitcodes.h"
#include "shared/records/timestamp.h"

#include <QtTest>

#include <csignal>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

QJsonObject snapshot(const QString &state)
{
    return {{u"state"_s, state},
            {u"since_ts"_s, u"2026-05-02T15:14:30.123+00:00"_s},
            {u"why"_s, u"because of \u001b[31mthe test"_s},
            {u"wrappers"_s, QJsonObject{{u"fresh"_s, 3}}},
            {u"pid"_s, 812}};
}

QString ago(Millis time)
{
    return formatTimestamp(SystemClock().now().wall - time);
}

} // namespace

/// Commands that only look: they tell the truth, and wake nobody.
class TestCliObserve : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lookingNeverWakes_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("status") << QStringList{u"status"_s};
        QTest::newRow("status --json") << QStringList{u"status"_s, u"--json"_s};
        QTest::newRow("why") << QStringList{u"why"_s};
        QTest::newRow("wrappers") << QStringList{u"wrappers"_s};
        QTest::newRow("services") << QStringList{u"services"_s};
        QTest::newRow("services --json") << QStringList{u"services"_s, u"--json"_s};
        QTest::newRow("cycle") << QStringList{u"cycle"_s};
        QTest::newRow("cycle --json") << QStringList{u"cycle"_s, u"--json"_s};
        QTest::newRow("reload") << QStringList{u"reload"_s};
        QTest::newRow("digest --peek") << QStringList{u"digest"_s, u"--peek"_s};
        QTest::newRow("digest") << QStringList{u"digest"_s};
        QTest::newRow("resume") << QStringList{u"resume"_s};
        QTest::newRow("sleep") << QStringList{u"sleep"_s};
    }
    void lookingNeverWakes()
    {
        QFETCH(QStringList, words);
        CliFixture fixture;
        QVERIFY(fixture.isValid());
        FakeAgent activated(fixture.paths());
        QVERIFY(activated.listenOnly());

        QVERIFY(fixture.writeRecord(State::Hibernation));
        const CliResult hibernated = fixture.run(words);
        QCOMPARE(hibernated.code, kExitOk);
        QVERIFY2(hibernated.out.contains(u"HIBERNATION"_s), qPrintable(hibernated.out));
        const QString absence = words.contains(u"--json"_s) ? u"not running"_s : u"no agent is running"_s;
        QVERIFY2(hibernated.out.contains(absence), qPrintable(hibernated.out));

        QVERIFY(fixture.writeRecord(State::Sleep));
        QCOMPARE(fixture.run(words).code, kExitNoAgent);
        QVERIFY(QFile::remove(fixture.paths().record()));
        QCOMPARE(fixture.run(words).code, kExitNoAgent);
        QCOMPARE(activated.connectionsSeen(), 0);
        QVERIFY(!QFile::exists(fixture.paths().wakeSignal()));
    }

    void statusShowsWhatTheAgentSays()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"status"_s, snapshot(u"DROWSY"_s));
        const CliResult text = fixture.run({u"status"_s});
        QCOMPARE(text.code, kExitOk);
        QVERIFY2(text.out.contains(u"DROWSY"_s) && text.out.contains(u"3 fresh"_s), qPrintable(text.out));
        QVERIFY2(!text.out.contains(QChar(0x1b)), qPrintable(text.out));
        QCOMPARE(text.err, QString());

        const CliResult json = fixture.run({u"status"_s, u"--json"_s});
        const QJsonObject object = QJsonDocument::fromJson(json.out.toUtf8()).object();
        QCOMPARE(object.value(u"state").toString(), u"DROWSY"_s);
        QCOMPARE(object.value(u"agent").toString(), u"running"_s);
        QCOMPARE(object.value(u"pid").toInt(), 812);
        QVERIFY(!object.contains(u"ok"_s));
    }

    void brokenAgentsAreShownAsWhatTheyAre()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"status"_s,
                     {{u"ok"_s, false}, {u"reason"_s, u"unknown_message_type"_s}, {u"error"_s, u"no such\nmessage"_s}});
        const CliResult refused = fixture.run({u"status"_s});
        QCOMPARE(refused.code, kExitFailure);
        QCOMPARE(refused.err.count(u'\n'), 1);

        agent.sendRaw("HTTP/1.1 200 OK\r\n\r\n");
        QCOMPARE(fixture.run({u"status"_s}).code, kExitFailure);
        agent.sendRaw({});
        agent.setSilent(true);
        const CliResult frozen = fixture.run({u"status"_s});
        QCOMPARE(frozen.code, kExitNoAgent);
        QVERIFY2(frozen.err.contains(u"does not answer"_s), qPrintable(frozen.err));
    }

    void tooLongASocketPathIsConfiguration()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const CliResult result = fixture.run({u"status"_s, u"--socket"_s, u"/tmp/"_s + QString(200, u'x')});
        QCOMPARE(result.code, kExitConfiguration);
    }

    void watchFollowsAndComesBack()
    {
        CliFixture fixture;
        QVERIFY(fixture.isValid() && fixture.writeRecord(State::Hibernation));
        FakeAgent agent(fixture.paths());
        agent.answer(u"status"_s, snapshot(u"WAKE"_s));
        const std::unique_ptr<QProcess> watch = fixture.prepared({u"status"_s, u"--watch"_s});
        QString seen;
        connect(watch.get(), &QProcess::readyReadStandardOutput, this,
                [&] { seen += QString::fromUtf8(watch->readAllStandardOutput()); });
        watch->start();
        QTRY_VERIFY(seen.contains(u"HIBERNATION since"_s));

        QVERIFY(agent.start());
        QTRY_COMPARE(agent.requests(u"subscribe"_s).size(), 1);
        agent.tell(snapshot(u"DROWSY"_s));
        QTRY_VERIFY(seen.contains(u" DROWSY "_s));
        agent.tell(snapshot(u"DROWSY"_s)); // the same again is no change
        agent.tell(snapshot(u"SLEEP"_s));
        QTRY_VERIFY(seen.contains(u" SLEEP "_s));
        QCOMPARE(seen.count(u" DROWSY "_s), 1);
        QVERIFY(!seen.contains(QChar(0x1b)));

        agent.vanish();
        QTRY_COMPARE(seen.count(u"HIBERNATION since"_s), 2);
        QVERIFY(agent.start());
        QTRY_COMPARE(agent.requests(u"subscribe"_s).size(), 2);
        ::kill(static_cast<pid_t>(watch->processId()), SIGINT);
        QCOMPARE(CliFixture::finished(*watch).code, kExitOk);
    }

    void watchAsJsonIsALineEach()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        const std::unique_ptr<QProcess> watch = fixture.prepared({u"status"_s, u"--watch"_s, u"--json"_s});
        watch->start();
        QTRY_COMPARE(agent.requests(u"subscribe"_s).size(), 1);
        QJsonObject event = snapshot(u"WAKE"_s);
        event.insert(u"event"_s, u"snapshot"_s);
        agent.tell(event);
        QTRY_VERIFY(watch->canReadLine());
        const QJsonObject line = QJsonDocument::fromJson(watch->readLine()).object();
        QCOMPARE(line.value(u"state").toString(), u"WAKE"_s);
        QCOMPARE(line.value(u"agent").toString(), u"running"_s);
        ::kill(static_cast<pid_t>(watch->processId()), SIGTERM);
        QCOMPARE(CliFixture::finished(*watch).code, kExitOk);
    }

    void whyListsTheBlockers()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answer(u"why"_s, {{u"text"_s, u"awake: somebody"_s},
                                {u"blockers"_s, QJsonArray{u"a lease"_s, QJsonObject{{u"text"_s, u"a hold"_s}}}}});
        const CliResult result = fixture.run({u"why"_s});
        QCOMPARE(result.code, kExitOk);
        QCOMPARE(result.out, u"awake: somebody\n  - a lease\n  - a hold\n"_s);
    }

    void wrappersAreReadToTheLastPage()
    {
        CliFixture fixture;
        FakeAgent agent(fixture.paths());
        QVERIFY(fixture.isValid() && agent.start());
        agent.answerBy(u"wrappers"_s, [](const QJsonObject &request) {
            const int offset = request.value(u"offset").toInt();
            const QJsonObject entry{{u"name"_s, u"wrapper-%1"_s.arg(offset)},
                                    {u"pid"_s, 100 + offset},
                                    {u"status"_s, u"fresh"_s},
                                    {u"age_sec"_s, 12},
                                    {u"counts"_s, true}};
            return QJsonObject{{u"total"_s, 3}, {u"wrappers"_s, QJsonArray{entry}}};
        });
        const CliResult result = fixture.run({u"wrappers"_s});
        QCOMPARE(result.code, kExitOk);
        for (const QString &name : {u"wrapper-0"_s, u"wrapper-1"_s, u"wrapper-2"_s})
            QVERIFY2(result.out.contains(name), qPrintable(result.out));
        QCOMPARE(agent.requests(u"wrappers"_s).size(), 3);
    }

    void historyNeedsNoAgent()
    {
        CliFixture fixture;
        QVERIFY(fixture.isValid());
        const QString at = ago(30min);
        const QByteArray line =
            "{\"ts\":\"" + at.toUtf8()
            + "\",\"event\":\"state_transition\",\"from\":\"WAKE\",\"to\":\"DROWSY\",\"trigger\":\"idle_5min\"}\n";
        const QByteArray stop = "{\"ts\":\"" + ago(10min).toUtf8() + "\",\"event\":\"agent_stopped\"}\n";
        QVERIFY(fixture.writeFile(fixture.paths().logs() + u"/lifecycle-events-"_s + at.left(10) + u".jsonl"_s, line + stop));
        const CliResult json = fixture.run({u"history"_s, u"--since"_s, u"1h"_s, u"--json"_s});
        const QJsonObject object = QJsonDocument::fromJson(json.out.toUtf8()).object();
        QCOMPARE(object.value(u"total").toInt(), 1);
        const double drowsy = object.value(u"seconds").toObject().value(u"DROWSY").toDouble();
        QVERIFY2(drowsy > 1190 && drowsy < 1210, qPrintable(json.out));
        const CliResult csv = fixture.run({u"history"_s, u"--csv"_s});
        QVERIFY2(csv.out.startsWith(u"from,to,state,duration_sec\n"_s) && csv.out.contains(u",DROWSY,1200."_s),
                 qPrintable(csv.out));
        QVERIFY(fixture.run({u"history"_s}).out.contains(u"idle_5min"_s));
        QCOMPARE(fixture.run({u"history"_s, u"--since"_s, u"tomorrow"_s}).code, kExitUsage);
        QCOMPARE(fixture.run({u"history"_s, u"--csv"_s, u"--json"_s}).code, kExitUsage);
    }

    void scanAndCleanNeedNoAgent()
    {
        CliFixture fixture;
        QVERIFY(fixture.isValid());
        const auto heartbeat = [&fixture](const QString &uuid, Millis age) {
            const QByteArray pid = QByteArray::number(QCoreApplication::applicationPid());
            const QByteArray bytes =
                "{\"pid\":" + pid + ",\"uuid\":\"" + uuid.toUtf8() + "\",\"last_refresh\":\"" + ago(age).toUtf8() + "\"}";
            return fixture.writeFile(
                fixture.paths().wrappers() + u"/heartbeat-"_s + QString::fromLatin1(pid) + u'-' + uuid + u".json"_s, bytes);
        };
        QVERIFY(heartbeat(u"young"_s, 1s) && heartbeat(u"old"_s, 10min));
        const CliResult scan = fixture.run({u"scan"_s, u"--json"_s});
        QCOMPARE(scan.code, kExitOk);
        QMap<QString, QString> found;
        for (const QJsonValue &entry : QJsonDocument::fromJson(scan.out.toUtf8()).object().value(u"wrappers").toArray())
            found.insert(entry.toObject().value(u"uuid").toString(), entry.toObject().value(u"status").toString());
        QCOMPARE(found, (QMap<QString, QString>{{u"young"_s, u"fresh"_s}, {u"old"_s, u"stale"_s}}));
        QVERIFY(fixture.run({u"scan"_s, u"--stale-after"_s, u"1h"_s}).out.count(u"fresh"_s) == 2);
        QCOMPARE(fixture.run({u"clean"_s}).out, u"removed 1 file\n"_s);
        QCOMPARE(QDir(fixture.paths().wrappers()).entryList(QDir::Files).size(), 1);
    }

    void digestOfTheNightIsSeenWithoutAnAgent()
    {
        CliFixture fixture;
        QVERIFY(fixture.isValid() && fixture.writeRecord(State::Hibernation));
        QVERIFY(fixture.writeFile(fixture.paths().daemonState(),
                                  "{\"pending_digest\":{\"rem_cycles_completed\":2,\"freed_bytes\":1900000000}}"));
        const CliResult result = fixture.run({u"digest"_s, u"--peek"_s});
        QCOMPARE(result.code, kExitOk);
        QVERIFY2(result.out.contains(u"rem cycles completed"_s) && result.out.contains(u"1.9 GB"_s), qPrintable(result.out));
    }

    void fullDiskIsNoSuccess()
    {
        if (!QFile::exists(u"/dev/full"_s))
            QSKIP("no /dev/full here");
        CliFixture fixture;
        const std::unique_ptr<QProcess> process = fixture.prepared({u"scan"_s});
        process->setStandardOutputFile(u"/dev/full"_s);
        process->start();
        const CliResult result = CliFixture::finished(*process);
        QCOMPARE(result.code, kExitFailure);
        QVERIFY2(result.err.contains(u"standard output"_s), qPrintable(result.err));
    }
};

QTEST_GUILESS_MAIN(TestCliObserve)
#include "tst_cli_observe.moc"
