// SPDX-License-Identifier: MIT
// The sleep cycle's two fields in lifecycle_state.json, which the Python side reads, and where a step uses them, writes.
#include "tests/unit/act/cyclefixture.h"

#include <QRegularExpression>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray record(const QJsonValue &progress, const QJsonValue &quarantine)
{
    return formatJsonFile({{u"current_state"_s, u"SLEEP"_s},
                           {u"since_ts"_s, u"2024-10-04T00:00:00+00:00"_s},
                           {u"last_activity_ts"_s, u"2024-10-04T00:00:00+00:00"_s},
                           {u"wrapper_event_seq"_s, 3},
                           {u"shadow_run"_s, false},
                           {u"sleep_cycle_progress"_s, progress},
                           {u"quarantine"_s, quarantine},
                           {u"theirs"_s, 1}});
}

QJsonObject quarantineUntil(const QString &until, const QString &reason)
{
    return {{u"until_ts"_s, until}, {u"reason"_s, reason}, {u"since_ts"_s, u"x"_s}};
}

const QJsonObject kTheirProgress{{u"last_completed_step"_s, 4},
                                 {u"attempt"_s, 1},
                                 {u"last_error"_s, u"theirs"_s},
                                 {u"started_at"_s, u"2024-10-04T00:00:00+00:00"_s}};

void put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

/// A step that works on the record itself, as the Python pipeline does: reads it, goes on for a while, and writes it whole.
StepConfig pipeline(const QString &then)
{
    StepConfig config =
        step(u"pipeline"_s,
             u"cat $DORMOUSE_ROOT/theirs.json > $DORMOUSE_ROOT/.t; mv $DORMOUSE_ROOT/.t $DORMOUSE_ROOT/lifecycle_state.json; "_s
                 + then);
    config.usesRecord = true;
    return config;
}

} // namespace

class CycleRecordTest : public QObject
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

    void aQuarantineOfThePythonSideIsTakenOverOnce()
    {
        CycleFixture night;
        const QString until = formatTimestamp(night.clock.now().wall + 3h);
        const QByteArray theirs = record({}, quarantineUntil(until, u"step 2 failed"_s));
        put(night.paths.record(), theirs);
        night.configuration.steps = {note(u"a"_s)};
        night.start();
        QVERIFY(!night.runner->view().canStart);
        QVERIFY(night.runner->view().heldBack.contains(u"step 2 failed"_s));
        night.runner->refresh();
        QVERIFY2(night.content(u"lifecycle_state.json"_s) == theirs, "what did not change is not written");
        night.clock.advance(3h);
        night.runner->refresh();
        QVERIFY(night.runner->view().canStart);
        QVERIFY(night.recorded("quarantine"_L1).isNull());
        QCOMPARE(night.recorded("theirs"_L1).toInt(), 1);

        put(night.paths.record(), theirs); // somebody restores an old file
        night.restart();
        QVERIFY2(night.runner->view().canStart, "a quarantine is taken over at the first start only");
    }

    void aMalformedOneIsLiftedAtOnce()
    {
        CycleFixture night;
        put(night.paths.record(), record({}, quarantineUntil(u"tomorrow"_s, u"r"_s)));
        night.start();
        night.runner->refresh();
        QCOMPARE(night.entries(logkind::kQuarantineLifted).size(), 1);
        QCOMPARE(night.entries(logkind::kQuarantineLifted)[0].fields,
                 (QJsonObject{{u"reason"_s, u"auto_recovery_malformed_ts"_s}, {u"prior_until_ts"_s, u"tomorrow"_s}}));
        QVERIFY(night.recorded("quarantine"_L1).isNull());
    }

    void theMirrorFollowsEachStep()
    {
        CycleFixture night;
        night.configure({note(u"a"_s), note(u"b"_s, u"cp $DORMOUSE_ROOT/lifecycle_state.json $DORMOUSE_ROOT/seen"_s)});
        QVERIFY(night.run());
        const QJsonObject seen = night.json(u"seen"_s).value("sleep_cycle_progress"_L1).toObject();
        QCOMPARE(seen.value("last_completed_step"_L1).toInt(), 1);
        QVERIFY(parseTimestamp(seen.value("started_at"_L1).toString()));
        QVERIFY(night.recorded("sleep_cycle_progress"_L1).isNull());
    }

    void aStepThatUsesTheRecordKeepsItsOwnFields()
    {
        CycleFixture night;
        const QString until = formatTimestamp(night.clock.now().wall + 3h);
        const QJsonObject quarantine = quarantineUntil(until, u"theirs"_s);
        put(night.paths.record(), record({}, quarantine));
        put(night.path(u"theirs.json"_s), record(kTheirProgress, quarantine));
        night.configuration.steps = {pipeline(u"exit 0"_s), note(u"after"_s)};
        night.start();
        QVERIFY2(night.runner->view().canStart, "their quarantine is theirs to keep");
        QVERIFY(night.run());
        QCOMPARE(night.dispatcher->record().progress, QJsonValue(kTheirProgress));
        QVERIFY(night.dispatcher->dispatch(Event::RequestArrived, {}, night.clock.now().wall));
        QCOMPARE(night.recorded("sleep_cycle_progress"_L1)["last_error"_L1].toString(), u"theirs"_s);
        QCOMPARE(night.recorded("quarantine"_L1)["reason"_L1].toString(), u"theirs"_s);
        QCOMPARE(night.recorded("current_state"_L1).toString(), u"WAKE"_s);
    }

    /// Without the lock each side can run into the other: neither may lose what it alone knows.
    void aTransitionDuringSuchAStepLosesNothing()
    {
        CycleFixture night;
        put(night.paths.record(), record({}, {}));
        put(night.path(u"theirs.json"_s), record(kTheirProgress, {}));
        night.configuration.steps = {pipeline(
            u"touch $DORMOUSE_ROOT/up; while ! test -e $DORMOUSE_ROOT/go; do sleep 0.02; done; "
            "cp $DORMOUSE_ROOT/theirs.json $DORMOUSE_ROOT/.t; mv $DORMOUSE_ROOT/.t $DORMOUSE_ROOT/lifecycle_state.json"_s)};
        night.start();
        QVERIFY(night.runUntil(u"up"_s));
        QVERIFY(night.dispatcher->dispatch(Event::RequestArrived, {}, night.clock.now().wall));
        QVERIFY2(night.recorded("sleep_cycle_progress"_L1)["last_error"_L1].toString() == u"theirs"_s,
                 "the agent's write lost their progress");
        QCOMPARE(night.recorded("current_state"_L1).toString(), u"WAKE"_s);
        put(night.path(u"go"_s), "");
        QVERIFY(night.isOver());
        QVERIFY2(night.recorded("current_state"_L1).toString() == u"WAKE"_s, "their write took the state back to SLEEP");
        QCOMPARE(night.recorded("wrapper_event_seq"_L1).toInt(), 4);
        QCOMPARE(night.recorded("sleep_cycle_progress"_L1)["last_error"_L1].toString(), u"theirs"_s);
    }

    void aRecordThatSuchAStepBreaksIsMended()
    {
        CycleFixture night;
        put(night.paths.record(), record({}, {}));
        put(night.path(u"theirs.json"_s), "{torn");
        night.configuration.steps = {pipeline(u"exit 0"_s)};
        night.start();
        QVERIFY(night.run());
        QVERIFY(night.dispatcher->dispatch(Event::RequestArrived, {}, night.clock.now().wall));
        QCOMPARE(night.recorded("current_state"_L1).toString(), u"WAKE"_s);
        QCOMPARE(night.recorded("theirs"_L1).toInt(), 1);
    }
};

QTEST_GUILESS_MAIN(CycleRecordTest)
#include "tst_cyclerecord.moc"
