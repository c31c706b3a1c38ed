// SPDX-License-Identifier: MIT
#include "shared/records/logentry.h"

#include "shared/records/timestamp.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

const WallTime kNow = parseTimestamp(u"2026-05-02T12:00:00.250Z").value_or(WallTime());

} // namespace

/// The event log is what history, the tray and people read months later.
class TestLogEntry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timeFirstKindSecond();
    void fieldsCannotForgeTimeOrKind();
    void linesReadBack();
    void unusableLinesAreSkipped_data();
    void unusableLinesAreSkipped();
    void pythonsLinesAreRead();
    void transitionAndShadowRunLines();
};

void TestLogEntry::timeFirstKindSecond()
{
    QCOMPARE(formatLogLine({kNow, u"wrapper_event"_s, {{u"aa"_s, 1}, {u"zz"_s, QJsonArray{true}}}}),
             QByteArray("{\"ts\":\"2026-05-02T12:00:00.250+00:00\",\"event\":\"wrapper_event\",\"aa\":1,\"zz\":[true]}\n"));
    QCOMPARE(formatLogLine({kNow, u"tick"_s, {}}), QByteArray("{\"ts\":\"2026-05-02T12:00:00.250+00:00\",\"event\":\"tick\"}\n"));
}

void TestLogEntry::fieldsCannotForgeTimeOrKind()
{
    const QByteArray line = formatLogLine({kNow, u"a\"\nb"_s, {{u"ts"_s, u"x"_s}, {u"event"_s, u"y"_s}, {u"text"_s, u"1\n2"_s}}});
    QCOMPARE(line.count('\n'), 1);
    QCOMPARE(parseLogLine(line), std::optional(LogEntry{kNow, u"a\"\nb"_s, {{u"text"_s, u"1\n2"_s}}}));
}

void TestLogEntry::linesReadBack()
{
    const LogEntry entry{
        kNow, u"sleep_step_completed"_s, {{u"step"_s, u"ünï"_s}, {u"step_num"_s, 2}, {u"error"_s, QJsonValue()}}};
    QCOMPARE(parseLogLine(formatLogLine(entry)), std::optional(entry));
}

void TestLogEntry::unusableLinesAreSkipped_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("newline") << QByteArray("\n");
    QTest::newRow("torn") << QByteArray(R"({"ts":"2026-05-02T12:00:00Z","event":"tic)");
    QTest::newRow("array") << QByteArray(R"(["ts"])");
    QTest::newRow("no time") << QByteArray(R"({"event":"tick"})");
    QTest::newRow("bad time") << QByteArray(R"({"ts":"noon","event":"tick"})");
    QTest::newRow("number as time") << QByteArray(R"({"ts":5,"event":"tick"})");
    QTest::newRow("no kind") << QByteArray(R"({"ts":"2026-05-02T12:00:00Z"})");
    QTest::newRow("number as kind") << QByteArray(R"({"ts":"2026-05-02T12:00:00Z","event":5})");
    QTest::newRow("two on one line") << QByteArray(
        R"({"ts":"2026-05-02T12:00:00Z","event":"a"}{"ts":"2026-05-02T12:00:00Z","event":"b"})");
    QTest::newRow("zeros after a power cut") << QByteArray(64, '\0');
}

void TestLogEntry::unusableLinesAreSkipped()
{
    QFETCH(const QByteArray, line);
    QVERIFY(!parseLogLine(line));
}

void TestLogEntry::pythonsLinesAreRead()
{
    const std::optional<LogEntry> entry = parseLogLine(
        "{\"event\": \"state_transition\", \"from\": \"WAKE\", \"to\": \"DROWSY\", \"ts\": \"2026-05-02T12:00:00.250000+00:00\"}\r\n");
    QVERIFY(entry);
    QVERIFY(entry->time == kNow);
    QCOMPARE(entry->kind, u"state_transition"_s);
    QCOMPARE(entry->fields, (QJsonObject{{u"from"_s, u"WAKE"_s}, {u"to"_s, u"DROWSY"_s}}));
}

void TestLogEntry::transitionAndShadowRunLines()
{
    QCOMPARE(transitionEntry(kNow, State::Drowsy, State::Sleep, Event::Idle30Min),
             (LogEntry{kNow,
                       u"state_transition"_s,
                       {{u"from"_s, u"DROWSY"_s}, {u"to"_s, u"SLEEP"_s}, {u"trigger"_s, u"idle_30min"_s}}}));
    const LogEntry warning = shadowRunWarning(kNow);
    QCOMPARE(warning.kind, u"shadow_run_warning"_s);
    QCOMPARE(warning.fields.value("would_action"_L1).toString(), u"hibernate_kill_process"_s);
    QCOMPARE(warning.fields.value("blocked_by"_L1).toString(), u"shadow_run=True"_s);
    QVERIFY(!warning.fields.value("note"_L1).toString().isEmpty());
}

QTEST_GUILESS_MAIN(TestLogEntry)
#include "tst_logentry.moc"
