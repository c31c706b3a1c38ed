// SPDX-License-Identifier: MIT
#include "cli/doctor/gathering.h"
#include "shared/records/agentmemory.h"
#include "shared/records/json.h"
#include "shared/records/logentry.h"
#include "shared/records/timestamp.h"
#include "shared/storage/eventlogfiles.h"
#include "shared/storage/file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

using namespace dormouse;
using namespace dormouse::doctor;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// What is read from real files. A fact that is read wrongly sends a person after the wrong cause.
class TestDoctorFacts : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    RootPaths m_paths;
    const SystemClock m_clock;

    WallTime now() const { return m_clock.now().wall; }

    void put(const QString &path, const QByteArray &bytes, mode_t mode = 0600)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
    }

    void log(const std::vector<LogEntry> &entries)
    {
        for (const LogEntry &entry : entries) {
            QFile file(eventLogPath(m_paths.logs(), std::chrono::floor<std::chrono::days>(entry.time)));
            QVERIFY(file.open(QIODevice::Append));
            file.write(formatLogLine(entry));
        }
    }

    void beat(const QString &uuid, WallTime at, const QByteArray &more = {})
    {
        const QByteArray pid = QByteArray::number(::getpid());
        put(m_paths.wrappers() + u"/heartbeat-%1-%2.json"_s.arg(::getpid()).arg(uuid),
            "{\"pid\":" + pid + ",\"uuid\":\"" + uuid.toLatin1() + "\",\"last_refresh\":\"" + formatTimestamp(at).toLatin1() + '"'
                + more + '}');
    }

    PresenceFacts presence(const Settings &settings = {})
    {
        const Invocation invocation;
        const std::vector<char *> words;
        Output out(STDOUT_FILENO), err(STDERR_FILENO);
        return presenceFacts(Context{invocation, words, m_paths, m_paths.socket(), m_clock, out, err}, {}, settings);
    }

    QStringList wrong(const RightsFacts &facts)
    {
        QStringList paths;
        for (const WrongRight &one : facts.wrong)
            paths.append(QDir(m_paths.root).relativeFilePath(one.path) + (one.isGrave ? u" grave"_s : u""_s));
        return paths;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_paths = {m_folder->filePath(u"root"_s)};
        QVERIFY(prepareRoot(m_paths));
    }

    void privateFilesAreFine()
    {
        put(m_paths.record(), "{}");
        put(m_paths.wrappers() + u"/heartbeat-1-a.json"_s, "{}", 0644); // as wrappers write them
        put(m_paths.configuration(), "", 0666);                         // has a row of its own
        const RightsFacts facts = rightsFacts(m_paths, m_paths.socket());
        QCOMPARE(facts.wrongCount, 0);
        QCOMPARE(facts.looked, 6);
        QVERIFY(!facts.isCut);
    }

    void eachWrongRightIsFound_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("isGrave");
        QTest::addColumn<QString>("remedy");
        QTest::newRow("root, writable") << u"."_s << 0770 << true << u"chmod 700"_s;
        QTest::newRow("root, readable") << u"."_s << 0755 << false << u"chmod 700"_s;
        QTest::newRow("wrappers, not writable by us") << u"wrappers"_s << 0500 << true << u"chmod 700"_s;
        QTest::newRow("logs, writable") << u"logs"_s << 0702 << true << u"chmod 700"_s;
        QTest::newRow("record, readable") << u"lifecycle_state.json"_s << 0644 << false << u"chmod 600"_s;
        QTest::newRow("record, writable") << u"lifecycle_state.json"_s << 0620 << true << u"chmod 600"_s;
        QTest::newRow("record, not ours to read") << u"lifecycle_state.json"_s << 0200 << true << u"chmod 600"_s;
        QTest::newRow("a log") << u"logs/service-web.log"_s << 0640 << false << u"chmod 600"_s;
        QTest::newRow("somebody's file") << u"notes.txt"_s << 0666 << false << u"chmod go-w"_s;
    }

    void eachWrongRightIsFound()
    {
        QFETCH(QString, path);
        QFETCH(int, mode);
        QFETCH(bool, isGrave);
        QFETCH(QString, remedy);
        for (const QString &name : {u"lifecycle_state.json"_s, u"logs/service-web.log"_s, u"notes.txt"_s})
            put(m_paths.root + u'/' + name, "x");
        const QString whole = QDir::cleanPath(m_paths.root + u'/' + path);
        QCOMPARE(::chmod(QFile::encodeName(whole).constData(), static_cast<mode_t>(mode)), 0);
        const RightsFacts facts = rightsFacts(m_paths, m_paths.socket());
        ::chmod(QFile::encodeName(whole).constData(), 0700); // so that it can be removed
        QCOMPARE(facts.wrongCount, 1);
        QCOMPARE(facts.wrong.front().path, whole);
        QCOMPARE(facts.wrong.front().isGrave, isGrave);
        QVERIFY2(facts.wrong.front().remedy.startsWith(remedy), qPrintable(facts.wrong.front().remedy));
        QVERIFY(facts.wrong.front().remedy.endsWith(whole));
    }

    void aFolderAboveThatEverybodyMayWriteIsGrave()
    {
        const QString above = m_folder->filePath(u"above"_s);
        const RootPaths paths{above + u"/root"_s};
        QVERIFY(prepareRoot(paths));
        QCOMPARE(rightsFacts(paths, paths.socket()).wrongCount, 0);
        QCOMPARE(::chmod(QFile::encodeName(above).constData(), 01777), 0); // sticky, as /tmp
        QCOMPARE(rightsFacts(paths, paths.socket()).wrongCount, 0);
        QCOMPARE(::chmod(QFile::encodeName(above).constData(), 0777), 0);
        const RightsFacts facts = rightsFacts(paths, paths.socket());
        QCOMPARE(facts.wrongCount, 1);
        QVERIFY(facts.wrong.front().isGrave);
        QCOMPARE(facts.wrong.front().remedy, u"chmod o-w "_s + above);
    }

    void aLinkedFolderIsGraveAndNotFollowed()
    {
        QVERIFY(QDir(m_paths.root).rmdir(u"wrappers"_s));
        QVERIFY(QFile::link(u"/"_s, m_paths.wrappers()));
        QCOMPARE(wrong(rightsFacts(m_paths, m_paths.socket())), QStringList{u"wrappers grave"_s});
    }

    void transitionsAreCountedByTheWorstHour()
    {
        std::vector<LogEntry> entries{{now() - 20h, QString(logkind::kAgentStarted), {}}};
        for (int i = 0; i < 40; ++i) // two an hour, then twenty within ten minutes
            entries.push_back(transitionEntry(i < 20 ? now() - 19h + i * 30min : now() - 1h + (i - 20) * 30s,
                                              i % 2 ? State::Drowsy : State::Wake, i % 2 ? State::Wake : State::Drowsy,
                                              i % 2 ? Event::HeartbeatRefresh : Event::Idle5Min));
        entries.push_back(transitionEntry(now() - 1min, State::Wake, State::Wake, Event::RequestArrived)); // enters nothing
        entries.push_back(transitionEntry(now() - 50h, State::Wake, State::Drowsy, Event::Idle5Min));      // long ago
        log(entries);
        const HistoryFacts facts = historyFacts(m_paths, {}, now());
        QCOMPARE(facts.transitions, 40);
        QCOMPARE(facts.mostInAnHour, 20);
        QCOMPARE(facts.odd, QString());
    }

    void tornLinesAndOddTransitionsAreSeen()
    {
        log({{now() - 2h, QString(logkind::kAgentStarted), {}},
             transitionEntry(now() - 90min, State::Wake, State::Sleep, Event::Idle30Min)});
        QFile file(eventLogPath(m_paths.logs(), std::chrono::floor<std::chrono::days>(now())));
        QVERIFY(file.open(QIODevice::Append));
        file.write("{\"ts\":\"2026-\n[]\n\n");
        file.close();
        const HistoryFacts facts = historyFacts(m_paths, {}, now());
        QCOMPARE(facts.tornLines, 2);
        QCOMPARE(facts.odd, u"WAKE to SLEEP"_s);
    }

    void endsWithoutAWordAreCrashes()
    {
        log({{now() - 9h, QString(logkind::kAgentStarted), {}},
             {now() - 8h, QString(logkind::kAgentStarted), {}}, // the one before was killed
             {now() - 7h, QString(logkind::kAgentStopped), {}},
             {now() - 6h, QString(logkind::kAgentStarted), {}},
             {now() - 5h, QString(logkind::kHibernationExit), {}},
             {now() - 4h, QString(logkind::kAgentStarted), {}}});
        QCOMPARE(historyFacts(m_paths, {}, now()).crashes, 1);
    }

    /// Time asleep, hibernated or not running is no starvation; a machine that was suspended for a week has not starved.
    void starvationCountsRunningTimeAlone()
    {
        log({{now() - 240h, QString(logkind::kAgentStarted), {}},
             transitionEntry(now() - 240h, State::Hibernation, State::Wake, Event::RequestArrived),
             {now() - 230h, QString(logkind::kSleepCycleCompleted), {}},
             {now() - 100h, QString(logkind::kSystemResumed), {{"slept_sec"_L1, 90 * 3600}}},
             {now() - 80h, QString(logkind::kAgentStopped), {}}});
        const Millis starved = historyFacts(m_paths, {}, now()).starvedFor;
        QVERIFY2(starved > 59h && starved < 61h, qPrintable(QString::number(double(starved.count()) / 3'600'000)));
    }

    void aStampFromTheFutureIsSeen()
    {
        log({{now() + 48h, QString(logkind::kAgentStarted), {}}});
        const HistoryFacts facts = historyFacts(m_paths, {}, now());
        QVERIFY(facts.newest && *facts.newest > now() + 47h);
    }

    void whoCountsIsJudgedWithoutAnAgent()
    {
        beat(u"fresh"_s, now());
        beat(u"stale"_s, now() - 10min);
        beat(u"ahead"_s, now() + 10min);
        const PresenceFacts facts = presence();
        QCOMPARE(facts.total, 3);
        QCOMPARE(facts.dead, 2);
        QCOMPARE(facts.inFuture, 1);
        QCOMPARE(facts.counting.size(), std::size_t(1));
        QVERIFY(!facts.isWishStanding);
    }

    /// Else `doctor` would tell people that their own "Sleep Now" is a fault.
    void aWishIsHonouredWithoutAnAgent()
    {
        beat(u"fresh"_s, now());
        AgentMemory memory;
        memory.wish = Wish{u"hibernate"_s, now(), {}, true, {{::getpid(), u"fresh"_s, {}}}, {}, true};
        put(m_paths.memory(), formatMemory(memory));
        const PresenceFacts facts = presence();
        QVERIFY(facts.isWishStanding);
        QVERIFY(facts.counting.empty());
    }

    void activePresenceAsksForUse()
    {
        Settings settings;
        settings.presence = PresencePolicy::Active;
        beat(u"used"_s, now(), ",\"last_active\":\"" + formatTimestamp(now() - 1min).toLatin1() + '"');
        beat(u"left"_s, now(), ",\"last_active\":\"" + formatTimestamp(now() - 1h).toLatin1() + '"');
        QCOMPARE(presence(settings).counting.size(), std::size_t(1));
        QCOMPARE(presence().counting.size(), std::size_t(2));
    }

    void aPythonDaemonIsKnownByItsCommandLine_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<bool>("isDaemon");
        QTest::newRow("module") << QStringList{u"/usr/bin/python3.11"_s, u"-m"_s, u"iai_mcp.daemon"_s} << true;
        QTest::newRow("script") << QStringList{u"python3"_s, u"/home/m/.venv/bin/iai-mcp"_s, u"daemon"_s} << true;
        QTest::newRow("a client's server") << QStringList{u"python3"_s, u"-m"_s, u"iai_mcp.server"_s} << false;
        QTest::newRow("an editor") << QStringList{u"vim"_s, u"iai_mcp/daemon.py"_s} << false;
        QTest::newRow("another daemon") << QStringList{u"python3"_s, u"-m"_s, u"daemon"_s} << false;
        QTest::newRow("nothing") << QStringList{} << false;
    }

    void aPythonDaemonIsKnownByItsCommandLine()
    {
        QFETCH(QStringList, command);
        QFETCH(bool, isDaemon);
        QCOMPARE(isPythonDaemon(command), isDaemon);
    }

    void recordsTellWhyTheyAreBad()
    {
        QCOMPARE(recordFacts(m_paths).kind, FileKind::Missing);
        put(m_paths.record(), "{\"current_state\": ");
        QVERIFY(!recordFacts(m_paths).error.isEmpty());
        put(m_paths.record(), "{\"current_state\": \"NAPPING\"}");
        QVERIFY(recordFacts(m_paths).error.contains(u"field"_s));
    }
};

QTEST_GUILESS_MAIN(TestDoctorFacts)
#include "tst_doctor_facts.moc"
