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
    Plant plant;
    const char *row;
    const char *status;
    const char *says;
    const char *remedy;
};

const std::vector<Fault> kAutostartFaults{
    {"not installed", [](Facts &f) { f.autostart = {}; }, "autostart", "WARN", "not installed", "dormouse install"},
    {"masked", [](Facts &f) { f.autostart.isMasked = true; }, "autostart", "FAIL", "masked", "unmask"},
    {"no command", [](Facts &f) { f.autostart.command.clear(); }, "autostart", "FAIL", "no command", "dormouse install"},
    {"program gone", [](Facts &f) { f.autostart.isProgramThere = false; }, "autostart", "FAIL", "not there", "dormouse install"},
    {"another root", [](Facts &f) { f.autostart.servesThis = false; }, "autostart", "WARN", "another root",
     "--root /home/mouse/.iai-mcp"},
    {"disabled", [](Facts &f) { f.autostart.isEnabled = false; }, "autostart", "FAIL", "not enabled", "systemctl --user enable"},
    {"enabling unknown", [](Facts &f) { f.autostart.isEnabled.reset(); }, "autostart", "PASS", "installed", ""},
    {"another binary",
     [](Facts &f) {
         f.autostart.isExpected = false;
         f.autostart.expectedProgram = u"/opt/dormouse-agent"_s;
     },
     "autostart", "WARN", "/opt/dormouse-agent", "dormouse install"},
    {"no trigger", [](Facts &f) { f.autostart.trigger.clear(); }, "autostart", "FAIL", "wake.signal", "dormouse install"},
    {"trigger of another root", [](Facts &f) { f.autostart.isTriggerRight = false; }, "autostart", "FAIL", "another wake.signal",
     "dormouse install"},
    {"trigger failed", [](Facts &f) { f.autostart.triggerState = u"failed"_s; }, "autostart", "FAIL", "is failed",
     "reset-failed"},
    {"trigger unknown", [](Facts &f) { f.autostart.triggerState.clear(); }, "autostart", "PASS", "installed", ""},
};

const std::vector<Fault> kFileFaults{
    {"store variable", [](Facts &f) { f.storeVariable = u"/srv/store"_s; }, "root", "WARN", "/srv/store", "DORMOUSE_ROOT"},
    {"store variable of the default", [](Facts &f) { f.storeVariable = u"/home/mouse/.iai-mcp/"_s; }, "root", "PASS", "", ""},
    {"grave right",
     [](Facts &f) {
         f.rights.wrong = {{u"/r/a"_s, u"can be written by others"_s, u"chmod 600 /r/a"_s, true}};
         f.rights.wrongCount = 3;
     },
     "rights", "FAIL", "and 2 more", "chmod 600 /r/a"},
    {"light right",
     [](Facts &f) {
         f.rights.wrong = {{u"/r/a"_s, u"is open to others"_s, u"chmod 600 /r/a"_s, false}};
         f.rights.wrongCount = 1;
     },
     "rights", "WARN", "open to others", "chmod 600 /r/a"},
    {"broken configuration",
     [](Facts &f) {
         f.configuration.configuration.reset();
         f.configuration.error = u"dormouse.toml:3:1: unknown key"_s;
         f.configuration.errors = 2;
         f.configuration.remedy = u"dormouse config check"_s;
     },
     "configuration", "FAIL", "2 errors", "dormouse config check"},
    {"command not found",
     [](Facts &f) {
         f.configuration.programs = 2;
         f.configuration.path = {u"/usr/bin:/bin"_s, u"systemd"_s};
         f.configuration.missing = {{u"step \"vacuum\""_s, u"vacuumdb"_s, u"set PATH in [env]"_s}};
     },
     "commands", "FAIL", "\"vacuumdb\" is not found on the agent's PATH, /usr/bin:/bin", "[env]"},
    {"full disk", [](Facts &f) { f.disk.freeBytes = 4096; }, "disk space", "FAIL", "full", "make room"},
    {"nearly full disk", [](Facts &f) { f.disk.freeBytes = 50'000'000; }, "disk space", "WARN", "nearly full", "make room"},
    {"no inodes", [](Facts &f) { f.disk.freeFiles = 0; }, "disk space", "FAIL", "no room for new files", "df -i"},
    {"files without a bound", [](Facts &f) { f.disk.freeFiles.reset(); }, "disk space", "PASS", "free", ""},
    {"read-only", [](Facts &f) { f.disk.isReadOnly = true; }, "disk space", "FAIL", "read-only", "--root"},
    {"no file system", [](Facts &f) { f.disk.error = u"Stale file handle"_s; }, "disk space", "FAIL", "Stale", "df"},
};

const std::vector<Fault> kLimitFaults{
    {"agent polls", [](Facts &f) { f.watches->agentInstances = 0; }, "watcher limits", "WARN", "no inotify instance",
     "fs.inotify.max_user_instances=256"},
    {"agent watches nothing",
     [](Facts &f) {
         f.watches->agentInstances = 1;
         f.watches->agentWatches = 1;
     },
     "watcher limits", "WARN", "could not watch", "fs.inotify.max_user_watches=131072"},
    {"no instance left", [](Facts &f) { f.watches->instances = 128; }, "watcher limits", "WARN", "all 128 inotify instances",
     "max_user_instances"},
    {"no watch left", [](Facts &f) { f.watches->watches = 65535; }, "watcher limits", "WARN", "watches are in use",
     "max_user_watches"},
    {"all used, but the agent has its own", [](Facts &f) { f.watches = WatchFacts{128, 65536, 128, 65536, 1, 2}; },
     "watcher limits", "PASS", "in use", ""},
    {"no limits here", [](Facts &f) { f.watches.reset(); }, "watcher limits", "PASS", "none", ""},
    {"clock of 1970", [](Facts &f) { f.now = WallTime(1h); }, "clock", "FAIL", "cannot be", "timedatectl"},
    {"record ahead", [](Facts &f) { f.record.record->sinceTs = formatTimestamp(noon() + 3h); }, "clock", "FAIL",
     "3 h in the future", "timedatectl"},
    {"activity ahead", [](Facts &f) { f.record.record->lastActivityTs = formatTimestamp(noon() + 91s); }, "clock", "FAIL",
     "in the future", "timedatectl"},
    {"a little ahead", [](Facts &f) { f.record.record->lastActivityTs = formatTimestamp(noon() + 90s); }, "clock", "PASS", "",
     ""},
    {"no time at all", [](Facts &f) { f.record.record->sinceTs = u"yesterday"_s; }, "clock", "PASS", "", ""},
    {"log ahead", [](Facts &f) { f.history.newest = noon() + 2h; }, "clock", "WARN", "2 h into the future", "timedatectl"},
    {"heartbeats ahead", [](Facts &f) { f.presence.inFuture = 2; }, "clock", "WARN", "2 heartbeats", "timedatectl"},
};

} // namespace

/// One fault at a time in what the agent lives on. Each of these has kept somebody's services from waking.
class TestDoctorMachine : public QObject
{
    Q_OBJECT

private:
    static void add(const std::vector<Fault> &faults)
    {
        for (const Fault &fault : faults)
            QTest::newRow(fault.what) << fault.plant << QString::fromLatin1(fault.row) << QString::fromLatin1(fault.status)
                                      << QString::fromLatin1(fault.says) << QString::fromLatin1(fault.remedy);
    }

private Q_SLOTS:
    void aFaultIsFound_data()
    {
        QTest::addColumn<Plant>("plant");
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("remedy");
        add(kAutostartFaults);
        add(kFileFaults);
        add(kLimitFaults);
    }

    void aFaultIsFound()
    {
        QFETCH(Plant, plant);
        QFETCH(QString, row);
        QFETCH(QString, status);
        QFETCH(QString, says);
        QFETCH(QString, remedy);
        Facts facts = hibernated();
        plant(facts);
        const std::vector<Finding> findings = diagnose(facts);
        const auto found = std::find_if(findings.begin(), findings.end(), [&row](const Finding &one) { return one.name == row; });
        QVERIFY2(found != findings.end(), qPrintable(row));
        QCOMPARE(toString(found->verdict), status);
        QVERIFY2(found->text.contains(says), qPrintable(found->text));
        QVERIFY2(found->remedy.contains(remedy), qPrintable(found->remedy));
        QCOMPARE(found->remedy.isEmpty(), status == u"PASS"_s);
        QCOMPARE(exitCodeOf(findings), countOf(findings, Verdict::Fail) > 0 ? 1 : 0);
        // One fault, one row: a doctor that cries everywhere tells nothing.
        QCOMPARE(countOf(findings, Verdict::Pass), static_cast<int>(findings.size()) - (status == u"PASS"_s ? 0 : 1));
    }

    /// What a remedy says is pasted into a shell.
    void pathsInRemediesAreQuoted()
    {
        QCOMPARE(shellWord(u"/home/mouse/.iai-mcp"_s), u"/home/mouse/.iai-mcp"_s);
        QCOMPARE(shellWord(u"/a b/$(x)"_s), u"'/a b/$(x)'"_s);
        QCOMPARE(shellWord(u"/it's"_s), u"'/it'\\''s'"_s);
        QCOMPARE(shellWord(QString()), u"''"_s);
    }
};

QTEST_GUILESS_MAIN(TestDoctorMachine)
#include "tst_doctor_machine.moc"
