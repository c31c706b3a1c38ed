// SPDX-License-Identifier: MIT
#include "cli/cycletext.h"
#include "cli/servicestext.h"
#include "cli/statustext.h"
#include "cli/withoutagent.h"
#include "shared/presence/bootid.h"
#include "shared/presence/processtable.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// What people read about services and the sleep cycle; the test runs with TZ=UTC, so that local times are known.
class TestCliCycle : public QObject
{
    Q_OBJECT

private:
    const WallTime m_now = *parseTimestamp(u"2026-05-02T15:42:00Z");

    static QJsonObject plain()
    {
        return {{u"progress"_s, QJsonValue()},
                {u"strikes"_s, QJsonArray()},
                {u"quarantine"_s, QJsonValue()},
                {u"deferrals"_s, 0},
                {u"steps"_s, QJsonArray{u"a"_s, u"b"_s, u"c"_s}},
                {u"retry_at"_s, QJsonValue()},
                {u"running_step"_s, QJsonValue()}};
    }
    static QJsonObject with(QJsonObject object, const QString &key, const QJsonValue &value)
    {
        object.insert(key, value);
        return object;
    }
    static Snapshot in(State state)
    {
        Snapshot snapshot;
        snapshot.state = state;
        snapshot.why = u"asleep: housekeeping waits: on battery"_s;
        return snapshot;
    }
    static bool write(const QString &path, const QJsonObject &object)
    {
        QFile out(path);
        const QByteArray bytes = formatJsonFile(object);
        return out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size();
    }

private Q_SLOTS:
    void initTestCase() { QCOMPARE(qgetenv("TZ"), QByteArray("UTC")); }

    void cycleSaysWhatPeopleAsk_data()
    {
        QTest::addColumn<QJsonObject>("cycle");
        QTest::addColumn<QStringList>("lines");
        const QJsonObject progress{{u"last_completed_step"_s, 2}, {u"started_at"_s, u"2026-05-02T15:30:00+00:00"_s}};
        QTest::newRow("idle") << plain() << QStringList{u"Cycle       none is under way"_s, u"Steps       a, b, c"_s};
        QTest::newRow("running") << with(with(plain(), u"progress"_s, progress), u"running_step"_s, u"c"_s)
                                 << QStringList{u"Cycle       running: c (step 3 of 3)"_s};
        QTest::newRow("built in") << with(plain(), u"running_step"_s, u"rotate logs"_s)
                                  << QStringList{u"Cycle       running: rotate logs (built in)"_s};
        QTest::newRow("unfinished") << with(plain(), u"progress"_s, progress)
                                    << QStringList{u"Cycle       unfinished: 2 of 3 steps done, next is c; begun 15:30"_s};
        const QJsonObject strike{
            {u"step"_s, u"c"_s}, {u"count"_s, 2}, {u"error"_s, u"exit code 3"_s}, {u"ts"_s, u"2026-05-02T15:41:00Z"_s}};
        QTest::newRow("strikes") << with(with(plain(), u"strikes"_s, QJsonArray{strike}), u"retry_at"_s,
                                         u"2026-05-02T15:46:00Z"_s)
                                 << QStringList{u"Failed      c 2 times in a row, last at 15:41: exit code 3"_s,
                                                u"            it printed: no space left"_s,
                                                u"Next        not before 15:46 (in 04:00), and in SLEEP only"_s};
        QTest::newRow("deferred") << with(plain(), u"deferrals"_s, 3) << QStringList{u"Deferred    3 times without progress"_s};
        const QJsonObject quarantine{{u"until_ts"_s, u"2026-05-03T15:42:00Z"_s}, {u"reason"_s, u"sleep step 3 (c) failed 3x"_s}};
        QTest::newRow("quarantine") << with(plain(), u"quarantine"_s, quarantine)
                                    << QStringList{u"Quarantine  until Sun 15:42: sleep step 3 (c) failed 3x"_s,
                                                   u"dormouse cycle reset-quarantine"_s, u"Next        not before Sun 15:42"_s};
        QTest::newRow("over") << with(plain(), u"quarantine"_s, with(quarantine, u"until_ts"_s, u"2026-05-02T15:00:00Z"_s))
                              << QStringList{u"Quarantine  over"_s, u"Next        in the next SLEEP"_s};
        QTest::newRow("malformed") << with(plain(), u"quarantine"_s, QJsonObject{{u"until_ts"_s, u"soon"_s}})
                                   << QStringList{u"Quarantine  over"_s};
        QTest::newRow("no steps") << with(plain(), u"steps"_s, QJsonArray()) << QStringList{u"Steps       none of yours"_s};
    }
    void cycleSaysWhatPeopleAsk()
    {
        QFETCH(QJsonObject, cycle);
        QFETCH(QStringList, lines);
        const QString text =
            cycleText({cycle, std::nullopt, std::nullopt, {{u"c"_s, u"saving\nno space left\n"_s}}}, m_now, Palette());
        for (const QString &line : lines)
            QVERIFY2(text.contains(line), qPrintable(text));
    }

    void nextStartFollowsTheState()
    {
        const CompletedCycle last{m_now - 12h, 2min};
        Snapshot drowsy = in(State::Drowsy);
        drowsy.next = NextState{State::Sleep, u"2026-05-02T15:55:00+00:00"_s};
        const QString soon = cycleText({plain(), drowsy, last}, m_now, Palette());
        QVERIFY2(soon.contains(u"Next        in SLEEP, at 15:55 if nobody comes\n"_s), qPrintable(soon));
        QVERIFY2(soon.contains(u"Last        completed at 03:42, took 2 min\n"_s), qPrintable(soon));
        const QString held = cycleText({plain(), in(State::Sleep), std::nullopt}, m_now, Palette());
        QVERIFY2(held.contains(u"on battery"_s), qPrintable(held));
        const QString awake = cycleText({plain(), in(State::Wake), std::nullopt}, m_now, Palette());
        QVERIFY2(awake.contains(u"in the next SLEEP; the state is WAKE now"_s), qPrintable(awake));
        const QString running =
            cycleText({with(plain(), u"running_step"_s, u"a"_s), in(State::Sleep), std::nullopt}, m_now, Palette());
        QVERIFY2(!running.contains(u"Next"_s), qPrintable(running));
    }

    void foreignTextCannotPlayWithTheTerminal()
    {
        const QString evil = u"x\u001b[2J\n\u202Ey"_s;
        QJsonObject cycle = with(plain(), u"steps"_s, QJsonArray{evil});
        cycle.insert(u"running_step"_s, evil);
        cycle.insert(u"quarantine"_s, QJsonObject{{u"until_ts"_s, u"2026-05-03T15:42:00Z"_s}, {u"reason"_s, evil}});
        cycle.insert(u"strikes"_s,
                     QJsonArray{QJsonObject{{u"step"_s, evil}, {u"count"_s, 1e300}, {u"error"_s, evil}, {u"ts"_s, evil}}});
        Snapshot asleep = in(State::Sleep);
        asleep.why = evil;
        const ServiceView service{evil, evil, -5, -5, -5, -1e300};
        const QString text = cycleText({cycle, asleep, std::nullopt, {{evil, evil}}}, m_now, Palette())
                             + servicesTable({service}, Palette()) + serviceDoneText(u"leave_alone"_s, service)
                             + unknownServiceText(evil, {evil + u"1"_s, u"b"_s});
        for (const char16_t bad : {u'\u001b', u'\u202e'})
            QVERIFY2(!text.contains(QChar(bad)), qPrintable(text));
    }

    void servicesAlign()
    {
        const std::vector<ServiceView> services{
            {u"embedder"_s, u"ready"_s, 8123, 1'900'000'000, 2, 2.345},
            {u"web"_s, u"left_alone"_s, std::nullopt, std::nullopt, 0, std::nullopt},
        };
        QCOMPARE(servicesTable(services, Palette()), u"NAME      STATE        PID  MEMORY  READY IN  RESTARTS\n"
                                                     "embedder  ready       8123  1.9 GB     2.3 s         2\n"
                                                     "web       left alone     -       -         -         0\n"_s);
        QVERIFY(servicesTable(services, Palette(true)).contains(u"\u001b[32mready"_s));
    }

    void whoActsLearnsHowToUndo_data()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("text");
        QTest::newRow("start") << u"start"_s << u"starting"_s << u"web starts; undo: dormouse service web stop"_s;
        QTest::newRow("runs") << u"start"_s << u"ready"_s << u"web is ready; undo: dormouse service web stop"_s;
        QTest::newRow("in its stop") << u"start"_s << u"stopping"_s << u"as soon as its stop is over"_s;
        QTest::newRow("stop") << u"stop"_s << u"stopping"_s
                              << u"web stops, and stays so until WAKE is entered again; undo: dormouse service web start"_s;
        QTest::newRow("stopped") << u"stop"_s << u"stopped"_s << u"web is stopped, and"_s;
        QTest::newRow("restart") << u"restart"_s << u"stopping"_s << u"web restarts"_s;
        QTest::newRow("leave alone") << u"leave_alone"_s << u"left_alone"_s
                                     << u"neither started nor stopped from now on; undo: dormouse service web start"_s;
    }
    void whoActsLearnsHowToUndo()
    {
        QFETCH(QString, action);
        QFETCH(QString, state);
        QFETCH(QString, text);
        const QString told = serviceDoneText(action, {u"web"_s, state, std::nullopt, std::nullopt, 0, std::nullopt});
        QVERIFY2(told.contains(text), qPrintable(told));
    }

    void unknownServicesAreNamedNearest()
    {
        QVERIFY(unknownServiceText(u"memry"_s, {u"web"_s, u"memory"_s}).endsWith(u"did you mean \"memory\"?"_s));
        QVERIFY(unknownServiceText(u"x"_s, {u"web"_s, u"memory"_s}).endsWith(u"there are: web, memory"_s));
        QVERIFY(unknownServiceText(u"x"_s, {}).contains(u"[[service]]"_s));
    }

    void filesTellWhatRunsOn()
    {
        QTemporaryDir root;
        const RootPaths paths{root.path()};
        const qint64 me = QCoreApplication::applicationPid();
        const std::optional<qint64> began = systemProcessTable()->facts(me).startTime;
        QVERIFY(began);
        const auto entry = [me](const QString &name, qint64 startTime) {
            return QJsonObject{{u"name"_s, name}, {u"pid"_s, me}, {u"start_time"_s, startTime}};
        };
        const QJsonArray entries{entry(u"alive"_s, *began), entry(u"reused"_s, *began + 1), entry(u"removed"_s, *began)};
        QVERIFY(write(paths.services(), {{u"boot_id"_s, currentBootId()}, {u"services"_s, entries}}));
        QVERIFY(write(paths.memory(), {{u"left_alone"_s, QJsonArray{u"alone"_s}}}));
        std::vector<ServiceConfig> configured(4);
        const std::array names{u"alive"_s, u"reused"_s, u"alone"_s, u"unit"_s};
        for (std::size_t i = 0; i < names.size(); ++i) {
            configured[i].name = names[i];
            configured[i].command = QStringList{u"true"_s};
        }
        configured[3].command.clear();
        configured[3].systemd = u"unit.service"_s;
        QMap<QString, QString> states;
        for (const ServiceView &view : servicesWithoutAgent(paths, configured)) {
            states.insert(view.name, view.state);
            QCOMPARE(view.pid.has_value(), view.state == u"running"_s);
        }
        QCOMPARE(states, (QMap<QString, QString>{{u"alive"_s, u"running"_s},
                                                 {u"reused"_s, u"stopped"_s},
                                                 {u"alone"_s, u"left_alone"_s},
                                                 {u"unit"_s, u"unknown"_s},
                                                 {u"removed"_s, u"running"_s}}));
        QVERIFY(write(paths.services(), {{u"boot_id"_s, u"another boot"_s}, {u"services"_s, entries}}));
        QCOMPARE(servicesWithoutAgent(paths, configured).front().state, u"stopped"_s);
    }

    void filesTellTheCycleAsTheAgentWould()
    {
        QTemporaryDir root;
        const RootPaths paths{root.path()};
        const QJsonObject quarantine{{u"until_ts"_s, u"2026-05-03T15:42:00Z"_s}, {u"reason"_s, u"r"_s}};
        QVERIFY(
            write(paths.memory(),
                  {{u"cycle"_s,
                    QJsonObject{{u"quarantine"_s, quarantine},
                                {u"progress"_s, QJsonObject{{u"last_completed_step"_s, 1}, {u"numbers"_s, QJsonObject()}}},
                                {u"strikes"_s,
                                 QJsonObject{{u"b"_s, QJsonObject{{u"count"_s, 3}, {u"at"_s, u"t"_s}, {u"error"_s, u"e"_s}}}}},
                                {u"deferrals"_s, 2}}}}));
        std::vector<StepConfig> steps(2);
        steps[0].name = u"a"_s;
        steps[1].name = u"b"_s;
        const QJsonObject cycle = cycleWithoutAgent(paths, steps);
        QCOMPARE(cycle.value(u"quarantine").toObject(), quarantine);
        QCOMPARE(cycle.value(u"progress").toObject(), (QJsonObject{{u"last_completed_step"_s, 1}}));
        const QJsonObject strike{{u"step"_s, u"b"_s}, {u"count"_s, 3}, {u"ts"_s, u"t"_s}, {u"error"_s, u"e"_s}};
        QCOMPARE(cycle.value(u"strikes").toArray(), QJsonArray{strike});
        QCOMPARE(cycle.value(u"steps").toArray(), (QJsonArray{u"a"_s, u"b"_s}));
        QCOMPARE(cycle.value(u"deferrals").toInt(), 2);
    }

    void quarantineOfThePythonSideIsSeen()
    {
        QTemporaryDir root;
        const RootPaths paths{root.path()};
        QVERIFY(write(paths.record(),
                      {{u"current_state"_s, u"SLEEP"_s},
                       {u"since_ts"_s, u"2026-05-02T15:14:30+00:00"_s},
                       {u"last_activity_ts"_s, u"2026-05-02T15:14:30+00:00"_s},
                       {u"wrapper_event_seq"_s, 0},
                       {u"shadow_run"_s, false},
                       {u"quarantine"_s, QJsonObject{{u"until_ts"_s, u"u"_s}, {u"reason"_s, u"r"_s}, {u"since_ts"_s, u"s"_s}}}}));
        QCOMPARE(cycleWithoutAgent(paths, {}).value(u"quarantine").toObject().value(u"reason").toString(), u"r"_s);
        QVERIFY(write(paths.memory(),
                      {{u"cycle"_s, QJsonObject{{u"deferrals"_s, 0}}}})); // ours was there, and says that there is none
        QVERIFY(!cycleWithoutAgent(paths, {}).value(u"quarantine").isObject());
    }

    void statusNamesWhatWasFreedAndWhatIsHeldBack()
    {
        Snapshot snapshot = in(State::Sleep);
        snapshot.freedBytes = 1'900'000'000;
        snapshot.quarantine = QJsonObject{{u"until_ts"_s, u"2026-05-03T15:42:00Z"_s}, {u"reason"_s, u"step c failed"_s}};
        snapshot.attention.push_back({u"quarantine"_s, u"the same in other words"_s, {}});
        snapshot.attention.push_back({u"configuration"_s, u"dormouse.toml:1:1: bad"_s, {}});
        snapshot.lastError = u"dormouse.toml:1:1: bad"_s;
        snapshot.progress = QJsonObject{{u"last_completed_step"_s, 1}, {u"last_error"_s, u"deferred:step=b"_s}};
        const QString text = statusText(snapshot, m_now, Palette());
        QVERIFY2(text.contains(u"Memory      1.9 GB freed\n"_s), qPrintable(text));
        QVERIFY2(text.contains(u"Quarantine  no sleep cycle until Sun 15:42: step c failed\n"_s), qPrintable(text));
        QVERIFY2(text.contains(u"dormouse cycle reset-quarantine"_s) && !text.contains(u"other words"_s), qPrintable(text));
        QCOMPARE(text.count(u"dormouse.toml:1:1: bad"_s), 1);
        QVERIFY2(text.contains(u"Cycle       unfinished, 1 step done; more: dormouse cycle\n"_s), qPrintable(text));
        snapshot.runningStep = u"b"_s;
        QVERIFY(statusText(snapshot, m_now, Palette()).contains(u"Cycle       running: b, 1 step done\n"_s));
        QVERIFY(statusLine(snapshot, m_now).contains(u"1.9 GB freed · running: b"_s));
    }
};

QTEST_GUILESS_MAIN(TestCliCycle)
#include "tst_cli_cycle.moc"
