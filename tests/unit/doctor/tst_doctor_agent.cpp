// SPDX-License-Identifier: MIT
#include "cli/doctor/report.h"
#include "tests/unit/doctor/healthy.h"

#include <QtTest>

#include <functional>

using namespace dormouse;
using namespace dormouse::doctor;
using namespace std::chrono_literals;

using Plant = std::function<void(Facts &)>;

namespace {

struct Fault {
    const char *what;
    bool isRunning;
    Plant plant;
    const char *row;
    const char *status;
    const char *says;
    const char *remedy;
};

const std::vector<Fault> kAgentFaults{
    {"no agent in WAKE", false, [](Facts &f) { f.record.record = recordIn(State::Wake); }, "agent", "FAIL", "WAKE",
     "dormouse wake"},
    {"never ran", false, [](Facts &f) { f.record = {}; }, "agent", "FAIL", "no valid record", "dormouse wake"},
    {"stopped", true,
     [](Facts &f) {
         f.agent.isStopped = true;
         f.agent.snapshot.reset();
     },
     "agent", "FAIL", "stopped", "kill -CONT 812"},
    {"another version", true, [](Facts &f) { f.agent.snapshot->version = u"0.0.1"_s; }, "agent", "WARN", "0.0.1",
     "dormouse stop; dormouse wake"},
    {"frozen", true,
     [](Facts &f) {
         f.agent.snapshot.reset();
         f.agent.trouble = u"no answer"_s;
     },
     "socket", "FAIL", "does not answer", "kill 812"},
    {"frozen: idle source unknown", true, [](Facts &f) { f.agent.snapshot.reset(); }, "idle source", "WARN", "not known",
     "row socket"},
    {"no socket", true, [](Facts &f) { f.socket.kind = FileKind::Missing; }, "socket", "FAIL", "is missing",
     "kill 812; dormouse wake"},
    {"somebody else's", true, [](Facts &f) { f.agent.snapshot->pid = 99; }, "socket", "FAIL", "pid 99", "--root and --socket"},
    {"linked socket", true, [](Facts &f) { f.socket.kind = FileKind::Link; }, "socket", "WARN", "link", "rm "},
    {"too long", false, [](Facts &f) { f.socket.pathError = u"too long"_s; }, "socket", "FAIL", "too long", "--socket"},
    {"stale socket", false,
     [](Facts &f) {
         f.socket.kind = FileKind::Socket;
         f.socket.isListened = false;
     },
     "socket", "WARN", "left over", "dormouse wake"},
    {"no socket but a file", false, [](Facts &f) { f.socket.kind = FileKind::Regular; }, "socket", "FAIL", "no socket",
     "rm /home/mouse/.iai-mcp/agent.sock"},
    {"foreign listener", false,
     [](Facts &f) {
         f.socket.kind = FileKind::Socket;
         f.socket.isListened = true;
     },
     "socket", "FAIL", "other program", "ss -xlp"},
    {"activated socket", false,
     [](Facts &f) {
         f.socket.kind = FileKind::Socket;
         f.socket.isListened = true;
         f.autostart.isSocketInstalled = true;
     },
     "socket", "PASS", "systemd listens", ""},
    {"foreign lock", false,
     [](Facts &f) {
         f.lock.holder = 99;
         f.lock.holderProgram = u"python3"_s;
     },
     "lock", "FAIL", "python3 (pid 99)", "kill 99"},
    {"lock of a dead parent's child", false, [](Facts &f) { f.lock.holder = 99; }, "lock", "FAIL", "child of process 99",
     "kill 99"},
    {"agent that could not tell", false,
     [](Facts &f) {
         f.lock.holder = 99;
         f.lock.holderProgram = u"dormouse-agent"_s;
     },
     "lock", "FAIL", "nobody can see it", "disk"},
    {"lock deleted", true, [](Facts &f) { f.lock.lifecycleLock = FileKind::Missing; }, "lock", "FAIL", "deleted",
     "kill 812; dormouse wake"},
    {"lock exchanged", true, [](Facts &f) { f.lock.holder.reset(); }, "lock", "FAIL", "in its place", "kill 812; dormouse wake"},
    {"lock of another", true,
     [](Facts &f) {
         f.lock.holder = 99;
         f.lock.holderProgram = u"python3"_s;
     },
     "lock", "FAIL", "python3 (pid 99)", "pid 99"},
    {"holders not told", true,
     [](Facts &f) {
         f.lock.holder.reset();
         f.lock.areHoldersTold = false;
     },
     "lock", "PASS", "812", ""},
    {"lock is a link", false, [](Facts &f) { f.lock.lifecycleLock = FileKind::Link; }, "lock", "FAIL", "no regular file", "mv "},
    {"agent.lock is a folder", false, [](Facts &f) { f.lock.agentLock = FileKind::Folder; }, "lock", "FAIL", "no regular file",
     "mv "},
    {"another machine's", false,
     [](Facts &f) {
         f.agent.holder = LockHolder{7, u"elsewhere"_s, u"dormouse-agent"_s, false};
     },
     "lock", "WARN", "elsewhere", "no two machines"},
};

const std::vector<Fault> kStateFaults{
    {"bad record", false,
     [](Facts &f) {
         f.record = {FileKind::Regular, {}, u"unexpected end"_s};
     },
     "record", "FAIL", "unexpected end", "dormouse wake"},
    {"record is a folder", false,
     [](Facts &f) {
         f.record = {FileKind::Folder, {}, u"not a regular file"_s};
     },
     "record", "FAIL", "not a regular file", "mv "},
    {"record gone", true, [](Facts &f) { f.record = {}; }, "record", "FAIL", "is missing", "dormouse wake"},
    {"not written yet", true,
     [](Facts &f) {
         f.record = {};
         f.agent.snapshot->sequence = 0;
     },
     "record", "PASS", "nobody has used", ""},
    {"record behind", true, [](Facts &f) { f.record.record = recordIn(State::Sleep); }, "record", "FAIL", "cannot be written",
     "disk space"},
    {"drift in WAKE", true, [](Facts &f) { f.legacy.fsmState = u"SLEEP"_s; }, "legacy state", "FAIL", "SLEEP", "dormouse wake"},
    {"no drift without a mirror", true, [](Facts &f) { f.legacy.fsmState.clear(); }, "legacy state", "PASS", "names no state",
     ""},
    {"legacy unreadable", true,
     [](Facts &f) {
         f.legacy = {FileKind::Regular, u"NaN"_s, {}};
     },
     "legacy state", "FAIL", "NaN", "dormouse wake"},
    {"clients wait", false,
     [](Facts &f) {
         f.presence.counting = {{u"claude"_s, 90}};
     },
     "hibernation", "FAIL", "claude (pid 90)", "dormouse wake"},
    {"clients wait, but it was asked for", false,
     [](Facts &f) {
         f.presence.counting = {{u"claude"_s, 90}};
         f.presence.isWishStanding = true;
     },
     "hibernation", "PASS", "asked for", ""},
    {"clients in WAKE", true,
     [](Facts &f) {
         f.presence.counting = {{u"claude"_s, 90}};
     },
     "hibernation", "PASS", "not hibernating", ""},
    {"a signal nobody heard", false,
     [](Facts &f) {
         f.signal = {FileKind::Regular, 60s};
     },
     "wake signal", "FAIL", "nobody came", "dormouse wake"},
    {"a signal that stays", true,
     [](Facts &f) {
         f.signal = {FileKind::Folder, 5min};
     },
     "wake signal", "FAIL", "cannot remove", "rm -rf /home/mouse/.iai-mcp/wake.signal"},
    {"a signal just written", false,
     [](Facts &f) {
         f.signal = {FileKind::Regular, 1s};
     },
     "wake signal", "PASS", "just now", ""},
};

const std::vector<Fault> kWorkFaults{
    {"flapping", true, [](Facts &f) { f.history.mostInAnHour = 31; }, "history", "WARN", "31 transitions", "timers.drowsy_after"},
    {"crashing", true, [](Facts &f) { f.history.crashes = 3; }, "history", "WARN", "3 times", "journalctl"},
    {"torn log", true, [](Facts &f) { f.history.tornLines = 1; }, "history", "WARN", "1 line", "skip"},
    {"odd log", true, [](Facts &f) { f.history.odd = u"WAKE to SLEEP"_s; }, "history", "WARN", "WAKE to SLEEP", "lock"},
    {"stuck", true,
     [](Facts &f) {
         f.agent.snapshot->state = State::Drowsy;
         f.history.inState = 8 * 24h;
     },
     "history", "WARN", "DROWSY for 8 d", "dormouse why"},
    {"quarantine", true,
     [](Facts &f) {
         f.cycle.insert("quarantine"_L1,
                        QJsonObject{{"until_ts"_L1, u"2026-05-03T12:00:00Z"_s}, {"reason"_L1, u"vacuum failed 3x"_s}});
     },
     "sleep cycle", "FAIL", "vacuum failed 3x", "dormouse cycle reset-quarantine"},
    {"strikes", true,
     [](Facts &f) {
         f.cycle.insert("strikes"_L1,
                        QJsonArray{QJsonObject{{"step"_L1, u"vacuum"_s}, {"count"_L1, 2}, {"error"_L1, u"exit code 3"_s}}});
     },
     "sleep cycle", "WARN", "vacuum has failed 2 times", "dormouse cycle"},
    {"starved", true,
     [](Facts &f) {
         f.history.starvedFor = 72h;
         f.cycle.insert("deferrals"_L1, 4);
     },
     "starvation", "WARN", "put off 4 times", "dormouse why"},
    {"not yet starved", true, [](Facts &f) { f.history.starvedFor = 72h - 1ms; }, "starvation", "PASS", "", ""},
    {"dead heartbeats", true,
     [](Facts &f) {
         f.presence.total = 2000;
         f.presence.dead = 1999;
     },
     "heartbeats", "WARN", "1999 of 2000", "dormouse clean"},
    {"unreadable heartbeats", true, [](Facts &f) { f.presence.error = u"Permission denied"_s; }, "heartbeats", "FAIL",
     "Permission denied", "chmod 700"},
    {"no wrappers folder", true, [](Facts &f) { f.presence.isFolderMissing = true; }, "heartbeats", "FAIL", "missing",
     "mkdir -m 700"},
    {"overflow", true, [](Facts &f) { f.presence.overflow = 5; }, "overflow", "WARN", "5 heartbeat", "dormouse clean"},
    {"leaked", true,
     [](Facts &f) {
         f.presence.leaked = {{u"mcp"_s, 90}, {u"mcp"_s, 91}};
     },
     "leaked", "WARN", "2 wrappers", "kill 90 91"},
    {"failed service", true,
     [](Facts &f) {
         f.services = {{u"web"_s, u"failed"_s, {}, {}, 5, {}}};
     },
     "services", "FAIL", "web: failed", "dormouse service web restart"},
    {"marked service", true,
     [](Facts &f) {
         f.services = {{u"web"_s, u"starting"_s, {}, {}, 0, {}}};
         f.agent.snapshot->attention = {{u"service web"_s, u"never ready"_s, {}}};
     },
     "services", "FAIL", "never ready", "service-web.log"},
    {"survivor", false,
     [](Facts &f) {
         f.services = {{u"web"_s, u"running"_s, 77, {}, 0, {}}};
     },
     "services", "WARN", "web", "dormouse wake"},
    {"stopped services", false,
     [](Facts &f) {
         f.services = {{u"web"_s, u"stopped"_s, {}, {}, 0, {}}};
     },
     "services", "PASS", "1 service", ""},
    {"python daemon", true, [](Facts &f) { f.pythonDaemons = {55}; }, "python daemon", "WARN", "pid 55", "kill 55"},
    {"the tray is the idle source", true, [](Facts &f) { f.agent.snapshot->idleSources = {u"tray"_s}; }, "idle source", "PASS",
     "dormouse-tray reports it", ""},
    {"no idle source", true, [](Facts &f) { f.agent.snapshot->idleSources.clear(); }, "idle source", "WARN", "heartbeats alone",
     "dormouse-tray"},
    {"no idle source though required", true,
     [](Facts &f) {
         f.agent.snapshot->idleSources.clear();
         f.configuration.configuration->settings.requireUserIdle = true;
     },
     "idle source", "WARN", "require_user_idle is waived", "dormouse-tray"},
    {"a mark", true,
     [](Facts &f) {
         f.agent.snapshot->attention = {{u"commands_changed"_s, u"new commands: web"_s, {}}};
     },
     "attention", "WARN", "new commands", "dormouse acknowledge commands_changed"},
    {"a mark with a row of its own", true,
     [](Facts &f) {
         f.agent.snapshot->attention = {{u"starvation"_s, u"x"_s, {}}};
     },
     "attention", "PASS", "", ""},
    {"last error", true, [](Facts &f) { f.agent.snapshot->lastError = u"no space left"_s; }, "attention", "WARN", "no space left",
     "dormouse status"},
};

} // namespace

/// One fault at a time among healthy facts. A person who is told nothing, the wrong thing, or what does not help, has a doctor for nothing.
class TestDoctorAgent : public QObject
{
    Q_OBJECT

private:
    static void columns()
    {
        QTest::addColumn<bool>("isRunning");
        QTest::addColumn<Plant>("plant");
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("remedy");
    }

    static void add(const std::vector<Fault> &faults)
    {
        for (const Fault &fault : faults)
            QTest::newRow(fault.what) << fault.isRunning << fault.plant << QString::fromLatin1(fault.row)
                                      << QString::fromLatin1(fault.status) << QString::fromLatin1(fault.says)
                                      << QString::fromLatin1(fault.remedy);
    }

private Q_SLOTS:
    void aHealthyInstallationIsAllPass()
    {
        QList<Facts> healthy{hibernated()};
        for (const State state : kAllStates)
            healthy.append(running(state));
        for (const Facts &facts : healthy) {
            const std::vector<Finding> findings = diagnose(facts);
            for (const Finding &finding : findings)
                QVERIFY2(finding.verdict == Verdict::Pass && finding.remedy.isEmpty(),
                         qPrintable(finding.name + u": "_s + finding.text));
            QCOMPARE(exitCodeOf(findings), 0);
        }
    }

    void aFaultIsFound_data()
    {
        columns();
        add(kAgentFaults);
        add(kStateFaults);
        add(kWorkFaults);
    }

    void aFaultIsFound()
    {
        QFETCH(bool, isRunning);
        QFETCH(Plant, plant);
        QFETCH(QString, row);
        QFETCH(QString, status);
        QFETCH(QString, says);
        QFETCH(QString, remedy);
        Facts facts = isRunning ? running() : hibernated();
        plant(facts);
        const std::vector<Finding> findings = diagnose(facts);
        const auto found = std::find_if(findings.begin(), findings.end(), [&row](const Finding &one) { return one.name == row; });
        QVERIFY2(found != findings.end(), qPrintable(row));
        QCOMPARE(toString(found->verdict), status);
        QVERIFY2(found->text.contains(says), qPrintable(found->text));
        QVERIFY2(found->remedy.contains(remedy), qPrintable(found->remedy));
        QCOMPARE(found->remedy.isEmpty(), status == u"PASS"_s);
        if (status != u"FAIL"_s && countOf(findings, Verdict::Fail) == 0)
            QCOMPARE(exitCodeOf(findings), 0);
        if (status == u"FAIL"_s)
            QCOMPARE(exitCodeOf(findings), 1);
    }

private:
private Q_SLOTS:
    /// The whole table of canonical against legacy states: a Python reader must not be told of a drift that is none.
    void driftIsJudgedByTheTable()
    {
        const QStringList legacy{u"WAKE"_s, u"TRANSITIONING"_s, u"SLEEP"_s, u"DREAMING"_s};
        const QMap<State, QStringList> agreeing{{State::Wake, {u"WAKE"_s}},
                                                {State::Drowsy, {u"TRANSITIONING"_s}},
                                                {State::Sleep, {u"SLEEP"_s, u"DREAMING"_s}},
                                                {State::Hibernation, legacy}};
        for (const State state : kAllStates) {
            for (const QString &word : legacy) {
                Facts facts = running(state);
                facts.legacy.fsmState = word;
                const bool isFine = agreeing[state].contains(word);
                QCOMPARE(legacyRow(facts).verdict == Verdict::Pass, isFine);
            }
        }
    }

    void theReportIsStableJson()
    {
        const QJsonObject json = reportJson({pass(u"agent"_s, u"fine"_s), warn(u"leaked"_s, u"two"_s, u"kill 1 2"_s)});
        const QJsonArray rows{
            QJsonObject{{"name"_L1, u"agent"_s}, {"status"_L1, u"PASS"_s}, {"text"_L1, u"fine"_s}, {"remedy"_L1, QJsonValue()}},
            QJsonObject{{"name"_L1, u"leaked"_s}, {"status"_L1, u"WARN"_s}, {"text"_L1, u"two"_s}, {"remedy"_L1, u"kill 1 2"_s}}};
        QCOMPARE(json, (QJsonObject{{"rows"_L1, rows}, {"pass"_L1, 1}, {"warn"_L1, 1}, {"fail"_L1, 0}}));
    }

    /// Names and errors of others must not draw on the terminal.
    void foreignTextIsShownHarmless()
    {
        const QString text = reportText({fail(u"record"_s, u"bad \x1b[2J"_s, u"x\ny"_s)}, Palette());
        QVERIFY(!text.contains(u'\x1b'));
        QVERIFY(!text.contains(u"x\ny"_s));
    }
};

QTEST_GUILESS_MAIN(TestDoctorAgent)
#include "tst_doctor_agent.moc"
