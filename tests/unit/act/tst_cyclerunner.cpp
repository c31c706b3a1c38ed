// SPDX-License-Identifier: MIT
#include "tests/unit/act/cyclefixture.h"

#include <QElapsedTimer>
#include <QRegularExpression>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

void expectFailure(const QString &pattern)
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(pattern));
}

} // namespace

class CycleRunnerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
#ifndef Q_OS_LINUX
        QSKIP("looks into /proc");
#endif
        QLoggingCategory::setFilterRules(u"dormouse.*.info=false\ndormouse.*.debug=false"_s);
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
    }
    void cleanup()
    {
        QTRY_VERIFY(zombies().isEmpty());
    }

    void stepsRunInOrderAndAreTold()
    {
        CycleFixture night;
        night.configure({note(u"first"_s, u"echo '{\"episodes_processed\": 3, \"mb\": 0.5}'"_s),
                         note(u"second"_s, u"echo '{\"episodes_processed\": 4}'"_s)});
        QVERIFY(night.run());
        QCOMPARE(night.ran(), (QByteArrayList{"first 0", "second 0"}));
        QCOMPARE(night.saved.size(), 2);
        QCOMPARE(night.completions, 1);
        QVERIFY2(!night.saved.front().value("progress"_L1).toObject().isEmpty(), "durable behind the first step");
        QVERIFY(!night.saved.back().contains("progress"_L1));

        QStringList kinds;
        for (const LogEntry &entry : night.entries())
            kinds.append(entry.kind);
        QCOMPARE(kinds, (QStringList{logkind::kSleepStepStarted, logkind::kSleepStepCompleted, logkind::kSleepStepStarted,
                                     logkind::kSleepStepCompleted, logkind::kSleepCycleCompleted}));
        QCOMPARE(night.entries()[2].fields, (QJsonObject{{u"step"_s, u"second"_s}, {u"step_num"_s, 2}}));
        QCOMPARE(night.entries()[3].fields, (QJsonObject{{u"step"_s, u"second"_s}, {u"step_num"_s, 2}, {u"duration_sec"_s, 0}}));
        const QJsonObject digest = night.json(u".daemon-state.json"_s).value("pending_digest"_L1).toObject();
        QCOMPARE(digest, (QJsonObject{{u"rem_cycles_completed"_s, 1},
                                      {u"episodes_processed"_s, 7},
                                      {u"schemas_induced_tier0"_s, 0},
                                      {u"duration_sec"_s, 0},
                                      {u"freed_bytes"_s, 0},
                                      {u"mb"_s, 0.5}}));
        QVERIFY(night.json(u".daemon-state.json"_s).contains("last_learned_at"_L1));
    }

    void withoutStepsTheHouseIsKeptAllTheSame()
    {
        CycleFixture night;
        const QByteArray theirs =
            R"({"current_state":"WAKE","since_ts":"x","last_activity_ts":"y","wrapper_event_seq":3,"shadow_run":false,
            "sleep_cycle_progress":{"last_completed_step":3,"attempt":1}})";
        QFile record(night.paths.record());
        QVERIFY(record.open(QIODevice::WriteOnly) && record.write(theirs) == theirs.size());
        record.close();
        night.start();
        QVERIFY(night.run());
        QCOMPARE(night.completions, 1);
        QCOMPARE(night.entries(logkind::kSleepCycleCompleted).size(), 1);
        QVERIFY2(night.content(u"lifecycle_state.json"_s) == theirs, "the progress of somebody else's pipeline was touched");
    }

    /// As after a kill -9 at each moment that was durable.
    void resumesFromWhereverItWasDurable()
    {
        CycleFixture night;
        night.configure({note(u"a"_s, u"echo '{\"n\": 1}'"_s), note(u"b"_s, u"echo '{\"n\": 10}'"_s),
                         note(u"c"_s, u"echo '{\"n\": 100}'"_s)});
        QVERIFY(night.run());
        const std::vector<QJsonObject> saved = night.saved;
        QCOMPARE(saved.size(), 3);
        QCOMPARE(night.ran(), (QByteArrayList{"a 0", "b 0", "c 0"}));
        for (std::size_t done = 1; done < saved.size(); ++done) {
            night.start(saved[done - 1]);
            QVERIFY(night.run());
            QCOMPARE(night.ran().size(), 3 - qsizetype(done));
        }
        QCOMPARE(night.json(u".daemon-state.json"_s).value("pending_digest"_L1)["n"_L1].toInt(), 3 * 111);
        QCOMPARE(night.json(u".daemon-state.json"_s).value("pending_digest"_L1)["rem_cycles_completed"_L1].toInt(), 3);
    }

    void strikesQuarantineAndLiftAgain()
    {
        CycleFixture night;
        night.configure({note(u"good"_s), note(u"bad"_s, u"echo the reason; exit 9"_s)});
        for (int strike = 1; strike <= 3; ++strike) {
            expectFailure(u"sleep step 2 bad failed: exit code 9"_s);
            if (strike == 3)
                expectFailure(u"quarantined: sleep step 2 \\(bad\\) failed 3x"_s);
            QVERIFY(!night.run());
            QVERIFY(!night.runner->view().canStart);
            const LogEntry end = night.entries(logkind::kSleepStepCompleted).back();
            QCOMPARE(end.fields.value("attempt"_L1).toInt(), strike);
            QCOMPARE(end.fields.value("error"_L1).toString(), u"exit code 9"_s);
            QCOMPARE(end.fields.value("output"_L1).toString(), u"the reason\n"_s);
            QCOMPARE(night.recorded("sleep_cycle_progress"_L1)["attempt"_L1].toInt(), strike);
            QCOMPARE(night.ran().last(), "bad " + QByteArray::number(strike - 1));
            night.clock.advance(strike == 1 ? Millis(1min) : Millis(5min));
            night.restart();
            QCOMPARE(night.runner->view().canStart, strike < 3);
        }
        const auto entered = night.entries(logkind::kQuarantineEntered);
        QCOMPARE(entered.size(), 1);
        QCOMPARE(entered[0].fields.value("ttl_hours"_L1).toDouble(), 24);
        const QString until = entered[0].fields.value("until_ts"_L1).toString();
        QCOMPARE(parseTimestamp(night.recorded("quarantine"_L1)["until_ts"_L1].toString()), parseTimestamp(until));
        QCOMPARE(night.recorded("quarantine"_L1)["reason"_L1].toString(), u"sleep step 2 (bad) failed 3x"_s);
        QVERIFY(night.runner->view().heldBack.contains(u"quarantined until"_s));

        night.clock.advance(24h);
        night.runner->refresh();
        QVERIFY(night.runner->view().canStart);
        QVERIFY(night.recorded("quarantine"_L1).isNull());
        QCOMPARE(night.entries(logkind::kQuarantineLifted).size(), 1);
        QCOMPARE(night.entries(logkind::kQuarantineLifted)[0].fields,
                 (QJsonObject{{u"reason"_s, u"auto_recovery_after_ttl"_s}, {u"prior_until_ts"_s, until}}));
        QVERIFY(!night.saved.back().contains("quarantine"_L1));
    }

    void aForcedCycleRunsInQuarantineAndDoesNotLiftIt()
    {
        CycleFixture night;
        night.configuration.settings.strikes = 1;
        night.configure({note(u"bad"_s, u"test -e $DORMOUSE_ROOT/mended"_s)});
        expectFailure(u"bad failed"_s);
        expectFailure(u"quarantined"_s);
        QVERIFY(!night.run());
        QFile mended(night.path(u"mended"_s));
        QVERIFY(mended.open(QIODevice::WriteOnly));
        night.runner->start(true);
        QVERIFY(night.runner->view().forced);
        QVERIFY(night.isOver());
        QCOMPARE(night.completions, 1);
        QVERIFY(!night.runner->view().canStart);
        QVERIFY(!night.recorded("quarantine"_L1).isNull());
        QVERIFY(night.runner->resetQuarantine());
        QCOMPARE(night.entries(logkind::kQuarantineLifted).back().fields.value("reason"_L1).toString(), u"manual_reset"_s);
        QVERIFY(night.recorded("quarantine"_L1).isNull());
        QVERIFY(night.runner->view().canStart);
        QVERIFY(!night.runner->resetQuarantine());
    }

    void exit75IsADeferral()
    {
        CycleFixture night;
        night.configure({note(u"shy"_s, u"exit 75"_s)});
        for (int minutes : {1, 2, 4}) {
            QVERIFY(!night.run());
            QCOMPARE(night.memory().progress->lastError, std::optional(u"deferred:step=shy"_s));
            QCOMPARE(night.recorded("sleep_cycle_progress"_L1)["last_error"_L1].toString(), u"deferred:step=shy"_s);
            QCOMPARE(night.recorded("sleep_cycle_progress"_L1)["attempt"_L1].toInt(), 0);
            night.clock.advance(std::chrono::minutes(minutes) - 1ms);
            QVERIFY(!night.runner->view().canStart);
            night.clock.advance(1ms);
            QVERIFY(night.runner->view().canStart);
        }
        const LogEntry end = night.entries(logkind::kSleepStepCompleted).back();
        QCOMPARE(end.fields.value("error"_L1).toString(), u"deferred:step=shy"_s);
        QVERIFY(!end.fields.contains("attempt"_L1));
    }

    void othersThatCannotEndWellAreStrikes_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<QString>("error");
        QTest::newRow("hangs") << QStringList{u"/bin/sh"_s, u"-c"_s, u"trap '' TERM; sleep 60 & sleep 60; sleep 60"_s}
                               << u"timed out"_s;
        QTest::newRow("cannot start") << QStringList{u"/no/such/program"_s} << u"no program of that name"_s;
        QTest::newRow("crashes") << QStringList{u"/bin/sh"_s, u"-c"_s, u"kill -SEGV $$"_s} << u"killed by signal 11"_s;
        QTest::newRow("is killed by somebody")
            << QStringList{u"/bin/sh"_s, u"-c"_s, u"kill -9 0"_s} << u"its guard process was killed"_s;
    }
    void othersThatCannotEndWellAreStrikes()
    {
        QFETCH(const QStringList, command);
        QFETCH(const QString, error);
        CycleFixture night;
        StepConfig bad;
        bad.name = u"bad"_s;
        bad.command = command;
        bad.timeout = 300ms;
        night.configure({bad});
        expectFailure(u"bad failed: .*"_s + error);
        QVERIFY(!night.run());
        QCOMPARE(night.memory().strikes.value(u"bad"_s).count, 1);
        QVERIFY(night.memory().progress->lastError->contains(error));
        QTRY_COMPARE(night.mark.processes(), QList<qint64>());
    }

    void anInterruptionIsQuickAndNoStrike()
    {
        CycleFixture night;
        night.configure(
            {note(u"done"_s),
             step(u"stubborn"_s, u"trap '' TERM; (sleep 60; sleep 60) & touch $DORMOUSE_ROOT/up; while :; do sleep 60; done"_s)});
        QVERIFY(night.runUntil(u"up"_s));
        QCOMPARE(night.runner->runningStep(), std::optional(u"stubborn"_s));
        QElapsedTimer timer;
        timer.start();
        night.runner->interrupt();
        QVERIFY2(timer.elapsed() < 50, "whoever wakes waits for this");
        QVERIFY2(night.memory().progress->lastError == u"deferred:step=stubborn"_s, "booked at once: the agent may be leaving");
        QVERIFY(night.runner->view().running);
        QTRY_COMPARE(night.saved.back().value("progress"_L1)["last_error"_L1].toString(), u"deferred:step=stubborn"_s);
        QVERIFY(night.isOver());
        QVERIFY2(timer.elapsed() <= 2'000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!night.runner->view().running);
        QVERIFY(night.memory().strikes.isEmpty());
        QCOMPARE(night.mark.processes(), QList<qint64>());
        night.ran();
        night.configure({note(u"done"_s), note(u"stubborn"_s)});
        QVERIFY(night.run());
        QCOMPARE(night.ran(), QByteArrayList{"stubborn 0"});
    }

    void anInterruptionAmongTheBuiltInStepsIsNone()
    {
        CycleFixture night;
        night.configure({note(u"a"_s)});
        night.runner->start();
        night.runner->interrupt();
        QCOMPARE(night.finished->size(), 1);
        QVERIFY(!night.runner->view().running);
        QVERIFY(night.runner->view().canStart);
        QVERIFY(night.run());
        QCOMPARE(night.ran(), QByteArrayList{"a 0"});
    }

    void forcedWhileTheOneBeforeIsEnding()
    {
        CycleFixture night;
        night.configure({note(u"a"_s, u"touch $DORMOUSE_ROOT/up; test -e $DORMOUSE_ROOT/go || sleep 60"_s)});
        QVERIFY(night.runUntil(u"up"_s));
        night.runner->interrupt();
        night.runner->start(true);
        QFile go(night.path(u"go"_s));
        QVERIFY(go.open(QIODevice::WriteOnly));
        QTRY_COMPARE(night.finished->size(), 2);
        QCOMPARE(night.finished->at(1).at(0).toBool(), true);
    }

    void renamedStepsStartAfresh()
    {
        CycleFixture night;
        night.configure({note(u"a"_s), note(u"b"_s, u"exit 75"_s)});
        QVERIFY(!night.run());
        night.wait();
        night.configuration.steps = {note(u"z"_s), note(u"b"_s)};
        night.restart();
        night.ran();
        QVERIFY(night.run());
        QCOMPARE(night.ran(), (QByteArrayList{"z 0", "b 0"}));
    }

    void configurationDuringACycleCountsFromTheNext()
    {
        CycleFixture night;
        night.configure(
            {note(u"a"_s, u"touch $DORMOUSE_ROOT/up; while ! test -e $DORMOUSE_ROOT/go; do sleep 0.02; done"_s), note(u"b"_s)});
        QVERIFY(night.runUntil(u"up"_s));
        night.configure({note(u"other"_s)});
        QFile go(night.path(u"go"_s));
        QVERIFY(go.open(QIODevice::WriteOnly));
        QVERIFY(night.isOver());
        QCOMPARE(night.ran(), (QByteArrayList{"a 0", "b 0"}));
        QVERIFY(night.run());
        QCOMPARE(night.ran(), QByteArrayList{"other 0"});
    }

    void whatHoldsItBackStopsBetweenSteps()
    {
        CycleFixture night;
        night.configure(
            {note(u"a"_s, u"touch $DORMOUSE_ROOT/up; while ! test -e $DORMOUSE_ROOT/go; do sleep 0.02; done"_s), note(u"b"_s)});
        QVERIFY(night.runUntil(u"up"_s));
        night.runner->setHeldBack(u"on battery"_s);
        QVERIFY(!night.runner->view().canStart);
        QCOMPARE(night.runner->view().heldBack, u"on battery"_s);
        QFile go(night.path(u"go"_s));
        QVERIFY(go.open(QIODevice::WriteOnly));
        QVERIFY(night.isOver());
        QCOMPARE(night.ran(), QByteArrayList{"a 0"});
        QCOMPARE(night.completions, 0);
        night.runner->setHeldBack(std::nullopt);
        QVERIFY(night.runner->view().canStart);
        QVERIFY(night.run());
        QCOMPARE(night.ran(), QByteArrayList{"b 0"});
    }

    void secretOutputReachesNoFileAndNoLog()
    {
        CycleFixture night;
        StepConfig secret = note(u"secret"_s, u"echo the password is xyzzy; echo xyzzy >&2; exit 1"_s);
        secret.logOutput = false;
        night.configure({secret});
        expectFailure(u"^(?!.*xyzzy).*secret failed: exit code 1$"_s); // any other warning fails the test
        QVERIFY(!night.run());
        QDirIterator files(night.paths.root, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        int count = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains("xyzzy"), qPrintable(file.fileName()));
            ++count;
        }
        QVERIFY(count >= 2);
    }
};

QTEST_GUILESS_MAIN(CycleRunnerTest)
#include "tst_cyclerunner.moc"
