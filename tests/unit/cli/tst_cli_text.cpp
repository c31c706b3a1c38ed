// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/childprocess.h"
#include "cli/historytext.h"
#include "cli/statusjson.h"
#include "cli/statustext.h"
#include "cli/table.h"
#include "cli/times.h"
#include "shared/records/timestamp.h"

#include <QtTest>

#include <cerrno>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// The texts that people read; the test runs with TZ=UTC, so that local times are known.
class TestCliText : public QObject
{
    Q_OBJECT

private:
    const WallTime m_now = *parseTimestamp(u"2026-05-02T15:42:00Z");

    Snapshot drowsy() const
    {
        Snapshot snapshot;
        snapshot.state = State::Drowsy;
        snapshot.sinceTs = u"2026-05-02T15:30:00+00:00"_s;
        snapshot.next = NextState{State::Sleep, u"2026-05-02T15:55:00+00:00"_s};
        snapshot.why = u"nobody is attached"_s;
        snapshot.wrappers.fresh = 2;
        snapshot.wrappers.leases = 1;
        snapshot.pid = 812;
        snapshot.version = u"0.1.0"_s;
        return snapshot;
    }

private Q_SLOTS:
    void initTestCase() { QCOMPARE(qgetenv("TZ"), QByteArray("UTC")); }

    void statusSaysWhatPeopleAsk()
    {
        const QString text = statusText(drowsy(), m_now, Palette());
        QVERIFY2(text.contains(u"State       DROWSY for 12 min (since 15:30)\n"_s), qPrintable(text));
        QVERIFY2(text.contains(u"Next        SLEEP at 15:55 (in 13:00)\n"_s), qPrintable(text));
        QVERIFY2(text.contains(u"Why         nobody is attached\n"_s), qPrintable(text));
        QVERIFY2(text.contains(u"Wrappers    2 fresh, 1 lease\n"_s), qPrintable(text));
        QVERIFY(!text.contains(QChar(0x1b)));
    }

    void statusNamesTheRemedy()
    {
        Snapshot snapshot = drowsy();
        snapshot.attention.push_back({u"starvation"_s, u"no cycle for three days"_s, u"2026-05-01T15:00:00+00:00"_s});
        snapshot.schedulerPaused = true;
        snapshot.lastError = u"disk full"_s;
        const QString text = statusText(snapshot, m_now, Palette());
        QVERIFY2(text.contains(u"dormouse acknowledge starvation"_s), qPrintable(text));
        QVERIFY2(text.contains(u"dormouse resume"_s), qPrintable(text));
        QVERIFY2(text.contains(u"disk full"_s), qPrintable(text));
    }

    void foreignTextCannotPlayWithTheTerminal()
    {
        Snapshot snapshot = drowsy();
        snapshot.why = u"\u001b]0;owned\u0007\nState       WAKE"_s;
        snapshot.lastError = u"\u202Eevil\r"_s;
        snapshot.services.push_back({u"a\u001b[2J"_s, u"ready"_s, std::nullopt, std::nullopt, 0, std::nullopt});
        const QString text = statusText(snapshot, m_now, Palette());
        for (const char16_t bad : {u'\u001b', u'\u0007', u'\r', u'\u202e'})
            QVERIFY2(!text.contains(QChar(bad)), qPrintable(text));
        QVERIFY(!text.contains(u"\nState       WAKE"_s));
    }

    void absurdNumbersAreShownAllTheSame()
    {
        Snapshot snapshot = drowsy();
        snapshot.uptimeSec = 1e300;
        snapshot.sinceTs = u"not a time"_s;
        snapshot.next->at = u"never"_s;
        const QString text = statusText(snapshot, m_now, Palette());
        QVERIFY2(text.contains(u"State       DROWSY\n"_s), qPrintable(text));
        QVERIFY2(text.contains(u"Next        SLEEP\n"_s), qPrintable(text));
    }

    void absentAgentIsToldByTheRecord()
    {
        LifecycleRecord record;
        record.state = State::Hibernation;
        record.sinceTs = u"2026-05-02T14:00:00+00:00"_s;
        record.lastActivityTs = record.sinceTs;
        QCOMPARE(absentText(record, RootPaths{u"/r"_s}, m_now),
                 u"HIBERNATION since 14:00; no agent is running; `dormouse wake` starts it"_s);
        QCOMPARE(absentCode(record), kExitOk);
        QCOMPARE(absentStatusJson(record).value("state"_L1).toString(), u"HIBERNATION"_s);
        QCOMPARE(absentStatusJson(record).value("agent"_L1).toString(), u"not running"_s);
        record.state = State::Sleep;
        QCOMPARE(absentCode(record), kExitNoAgent);
        QCOMPARE(absentCode(std::nullopt), kExitNoAgent);
    }

    void moments_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); // empty: no moment
        QTest::newRow("duration") << u"24h"_s << u"2026-05-01T15:42:00Z"_s;
        QTest::newRow("days") << u"7d"_s << u"2026-04-25T15:42:00Z"_s;
        QTest::newRow("local") << u"2026-05-02T10:00"_s << u"2026-05-02T10:00:00Z"_s;
        QTest::newRow("zone") << u"2026-05-02T10:00+02:00"_s << u"2026-05-02T08:00:00Z"_s;
        QTest::newRow("date") << u"2026-05-02"_s << u"2026-05-02T00:00:00Z"_s;
        QTest::newRow("nonsense") << u"yesterday"_s << QString();
        QTest::newRow("no such date") << u"2026-02-30"_s << QString();
    }
    void moments()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(parseMoment(text, m_now), expected.isEmpty() ? std::nullopt : parseTimestamp(expected));
    }

    void localTimesSayTheDayWhenItMatters()
    {
        QCOMPARE(localTime(*parseTimestamp(u"2026-05-02T03:00:00Z"), m_now), u"03:00"_s);
        QCOMPARE(localTime(*parseTimestamp(u"2026-05-01T03:00:00Z"), m_now), u"Fri 03:00"_s);
        QCOMPARE(localTime(*parseTimestamp(u"2026-04-01T03:00:00Z"), m_now), u"2026-04-01 03:00"_s);
        QCOMPARE(localTimeOf(u"garbage\u001b"_s, m_now).contains(QChar(0x1b)), false);
    }

    void tablesAlign()
    {
        Table table;
        table.addRow({Cell{u"NAME"_s}, Cell{u"PID"_s, Style::Plain, true}, Cell{u"X"_s}});
        table.addRow({Cell{u"梦"_s}, Cell{u"12345"_s, Style::Plain, true}, Cell{}});
        QCOMPARE(table.text(Palette()), u"NAME    PID  X\n梦    12345\n"_s);
        QCOMPARE(displayWidth(u"e\u0301"), 1);
        const QString coloured = Palette(true).paint(Style::Good, u"x"_s);
        QCOMPARE(coloured, u"\u001b[32mx\u001b[0m"_s);
    }

    void colourOnlyWhereItIsWanted()
    {
        QVERIFY(wantsColour(true, "", "xterm"));
        QVERIFY(!wantsColour(false, "", "xterm"));
        QVERIFY(!wantsColour(true, "1", "xterm"));
        QVERIFY(!wantsColour(true, "", "dumb"));
        QVERIFY(!wantsColour(true, "", ""));
    }

    void historyAddsUp()
    {
        const HistoryRange range{m_now - 2h, m_now, m_now};
        History history;
        history.spans = {{m_now - 2h, m_now - 30min, State::Wake}, {m_now - 30min, m_now, std::nullopt}};
        history.timeIn = {{u"WAKE"_s, 90min}, {u"not_running"_s, 30min}};
        history.transitions = {{m_now - 2h, State::Drowsy, State::Wake, u"request_arrived"_s}};
        history.savedGigabyteHours = 1.25;
        const QString text = historyText(history, range, Palette(), false);
        QVERIFY2(text.contains(QRegularExpression(u"WAKE +1 h 30 min +75.0 %\n"_s)), qPrintable(text));
        QVERIFY2(text.contains(QRegularExpression(u"not running +30 min +25.0 %\n"_s)), qPrintable(text));
        QVERIFY2(text.contains(u"13:42  DROWSY  →  WAKE  request_arrived\n"_s), qPrintable(text));
        QCOMPARE(historyCsv(history), u"from,to,state,duration_sec\n"
                                      "2026-05-02T13:42:00.000+00:00,2026-05-02T15:12:00.000+00:00,WAKE,5400.000\n"
                                      "2026-05-02T15:12:00.000+00:00,2026-05-02T15:42:00.000+00:00,not_running,1800.000\n"_s);
        const QJsonObject json = historyJson(history, range);
        QCOMPARE(json.value("seconds"_L1).toObject().value("WAKE"_L1).toDouble(), 5400.0);
        QCOMPARE(json.value("seconds"_L1).toObject().value("SLEEP"_L1).toDouble(), 0.0);
        QCOMPARE(json.value("total"_L1).toInt(), 1);
    }

    void savingsReadWell_data()
    {
        QTest::addColumn<double>("gigabyteHours");
        QTest::addColumn<QString>("line"); // empty: not worth one
        QTest::newRow("nothing") << 0.0 << QString();
        QTest::newRow("tiny") << 0.0004 << QString();
        QTest::newRow("megabytes") << 0.0124 << u"Memory saved:   12 MB·h\n"_s;
        QTest::newRow("nearly one") << 0.9996 << u"Memory saved:   1.0 GB·h\n"_s;
        QTest::newRow("gigabytes") << 12.34 << u"Memory saved:   12.3 GB·h\n"_s;
        QTest::newRow("many") << 1234.4 << u"Memory saved:   1234 GB·h\n"_s;
    }
    void savingsReadWell()
    {
        QFETCH(double, gigabyteHours);
        QFETCH(QString, line);
        History history;
        history.timeIn = {{u"WAKE"_s, 90min}};
        history.savedGigabyteHours = gigabyteHours;
        history.wakeToReady = {4s, 250ms, 2345ms};
        const QString text = historyText(history, {m_now - 2h, m_now, m_now}, Palette(), false);
        QVERIFY2(line.isEmpty() ? !text.contains(u"saved"_s) : text.contains(line), qPrintable(text));
        QVERIFY2(text.contains(u"Wake to ready:  2.3 s (median of 3 wakes)\n"_s), qPrintable(text));
        QVERIFY2(text.startsWith(u"Since 13:42\n"_s), qPrintable(text));
        QVERIFY(historyText(history, {m_now - 2h, m_now - 1h, m_now}, Palette(), false).startsWith(u"From 13:42 to 14:42\n"_s));
    }

    void barsAreProportional()
    {
        QCOMPARE(blockBar(1, 4), u"████"_s);
        QCOMPARE(blockBar(0.5, 4), u"██"_s);
        QCOMPARE(blockBar(0.125 / 4, 4), u"▏"_s);
        QCOMPARE(blockBar(0.0001, 4), u"▏"_s);
        QCOMPARE(blockBar(0, 4), QString());
    }

    void startFailuresAreToldAsShellsDo()
    {
        QCOMPARE(exitCodeOfFailedStart(ENOENT), 127);
        QCOMPARE(exitCodeOfFailedStart(EACCES), 126);
        QCOMPARE(exitCodeOfFailedStart(ENOEXEC), 126);
    }
};

QTEST_GUILESS_MAIN(TestCliText)
#include "tst_cli_text.moc"
