// SPDX-License-Identifier: MIT
#include "shared/storage/historylineparser.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// A history read in haste must be the history that a full JSON parser reads.
class HistoryLineParserTest : public QObject
{
    Q_OBJECT

private:
    static std::optional<HistoryEvent> expected(const QByteArray &line)
    {
        const std::optional<LogEntry> entry = parseLogLine(line);
        return entry ? std::optional(historyEvent(*entry)) : std::nullopt;
    }
    static std::optional<HistoryEvent> parsed(HistoryLineParser &parser, const QByteArray &line, WallTime since = WallTime::min(),
                                              WallTime until = WallTime::max())
    {
        const HistoryEvent *event = parser.parse(line, since, until);
        return event != nullptr ? std::optional(*event) : std::nullopt;
    }

private Q_SLOTS:
    void agreesWithTheFullParser_data()
    {
        QTest::addColumn<QByteArray>("line");
        const QByteArray ts = "{\"ts\":\"2026-05-02T10:00:00.123+00:00\",";
        for (const char *rest :
             {"\"event\":\"state_transition\",\"from\":\"WAKE\",\"to\":\"DROWSY\",\"trigger\":\"idle_5min\"}",
              "\"event\":\"state_transition\",\"from\":\"WAKE\",\"to\":\"NOWHERE\",\"trigger\":\"idle_5min\"}",
              "\"event\":\"state_transition\",\"from\":\"SLEEP\",\"to\":\"WAKE\"}",
              "\"event\":\"state_transition\",\"from\":\"SLEEP\",\"to\":\"WAKE\",\"tri",
              "\"event\":\"state_transition\",\"from\":\"WAKE\",\"to\":\"WAKE\",\"trigger\":\"\\u0077ake\"}",
              "\"event\":\"lifecycle_hibernation_exit\",\"freed_bytes\":8000000000,\"mode\":\"exit\"}",
              "\"event\":\"agent_started\",\"last_seen_ts\":\"2026-05-02T09:00:00Z\",\"pid\":12,\"state\":\"SLEEP\"}",
              "\"event\":\"agent_started\"}",
              "\"event\":\"agent_stopped\",\"state\":\"WAKE\"}",
              "\"event\":\"service_ready\",\"ready_sec\":2.25,\"service\":\"ollama\"}",
              "\"event\":\"service_ready\",\"name\":\"ollama\"}",
              "\"event\":\"service_ready\",\"name\":\"a\",\"service\":\"b\"}",
              "\"event\":\"service_ready\",\"service\":\"b\",\"name\":\"a\"}",
              "\"event\":\"service_ready\",\"service\":7}",
              "\"event\":\"service_ready\",\"service\":\"\\u00fcber\"}",
              "\"event\":\"service_ready\"}",
              "\"event\":\"service_ready\",\"service\":\"torn",
              "\"event\":\"system_resumed\",\"slept_sec\":28800.5}",
              "\"event\":\"system_resumed\",\"slept_sec\":3}",
              "\"event\":\"system_resumed\",\"slept_sec\":1e3}",
              "\"event\":\"system_resumed\",\"slept_sec\":-4.5}",
              "\"event\":\"system_resumed\",\"slept_sec\":\"8\"}",
              "\"event\":\"system_resumed\",\"slept_sec\":01}",
              "\"event\":\"system_resumed\",\"slept_sec\":1,\"slept_sec\":2}",
              "\"event\":\"system_resumed\"}",
              "\"event\":\"wrapper_event\",\"name\":\"x\",\"age_sec\":3}",
              "\"event\":\"\",\"name\":\"x\"}",
              "\"event\":\"wrapper_\\u0065vent\"}",
              "\"event\":7}",
              "\"name\":\"x\",\"event\":\"agent_stopped\"}",
              "\"event\":\"service_ready\",\"service\":\"a\",\"ts\":\"2026-05-02T11:00:00Z\"}",
              "\"event\":\"state_transition\",\"from\":\"WAKE\",\"to\":\"DROWSY\",\"ts\":\"2026-05-02T11:00:00Z\"}",
              "}",
              ""})
            QTest::newRow(rest) << QByteArray(ts + rest);
        for (
            const char *line :
            {"{\"ts\": \"2026-05-02T10:00:00Z\", \"event\": \"state_transition\", \"from\": \"WAKE\", \"to\": \"DROWSY\", \"trigger\": \"x\"}",
             "{\"ts\":\"2026-05-02T10:00:00.5+02:00\",\"event\":\"agent_stopped\"}",
             "{\"ts\":\"2026-05-02 10:00\",\"event\":\"agent_stopped\"}",
             "{\"event\":\"agent_stopped\",\"ts\":\"2026-05-02T10:00:00Z\"}",
             "{\"ts\":\"2026-02-30T10:00:00Z\",\"event\":\"agent_stopped\"}",
             "{\"ts\":\"2026-05-02T24:00:00Z\",\"event\":\"agent_stopped\"}",
             "{\"ts\":\"2026-05-02T10:00:00.+00:00\",\"event\":\"agent_stopped\"}",
             "{\"ts\":\"2026-05-02T10:00:00.12x+00:00\",\"event\":\"agent_stopped\"}", "{\"ts\":\"2026-05-02T1", "[]", "null", "",
             "\xff\xfe"})
            QTest::newRow(line) << QByteArray(line);
    }
    void agreesWithTheFullParser()
    {
        QFETCH(QByteArray, line);
        HistoryLineParser parser;
        for (int again = 0; again < 3; ++again) // what is known by then is told from memory
            QVERIFY(parsed(parser, line) == expected(line));
        QVERIFY(parsed(parser, line + '\r') == expected(line + '\r'));
    }

    void keepsEachLinesOwnTime()
    {
        HistoryLineParser parser;
        for (int second = 10; second < 60; ++second) {
            const QByteArray line =
                "{\"ts\":\"2026-05-0" + QByteArray::number(1 + second % 9) + "T10:00:" + QByteArray::number(second)
                + ".250+00:00\",\"event\":\"state_transition\",\"from\":\"WAKE\",\"to\":\"DROWSY\",\"trigger\":\"idle_5min\"}";
            QVERIFY(parsed(parser, line) == expected(line));
        }
    }

    void leavesOutWhatIsOutOfRange()
    {
        HistoryLineParser parser;
        const QByteArray line = "{\"ts\":\"2026-05-02T10:00:00.000+00:00\",\"event\":\"agent_stopped\"}";
        const WallTime at = expected(line)->time;
        const auto tick = std::chrono::microseconds(1);
        QVERIFY(parsed(parser, line, at, at + tick));
        QVERIFY(!parsed(parser, line, at + tick));
        QVERIFY(!parsed(parser, line, WallTime::min(), at));
    }

    /// Nothing of the line before is told again.
    void startsAnewWithEachLine()
    {
        HistoryLineParser parser;
        QVERIFY(parsed(
            parser,
            "{\"ts\":\"2026-05-02T10:00:00.000+00:00\",\"event\":\"agent_started\",\"last_seen_ts\":\"2026-05-02T09:00:00Z\",\"state\":\"SLEEP\"}"));
        for (const char *line : {"{\"ts\":\"2026-05-02T10:00:01.000+00:00\",\"event\":\"wrapper_event\"}",
                                 "{\"ts\":\"2026-05-02T10:00:02.000+00:00\",\"event\":\"service_ready\",\"service\":\"a\"}",
                                 "{\"ts\":\"2026-05-02T10:00:03.000+00:00\",\"event\":\"system_resumed\",\"slept_sec\":5}"})
            QVERIFY(parsed(parser, line) == expected(line));
    }
};

QTEST_GUILESS_MAIN(HistoryLineParserTest)
#include "tst_historylineparser.moc"
