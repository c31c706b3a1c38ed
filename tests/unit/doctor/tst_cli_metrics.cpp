// SPDX-License-Identifier: MIT
#include "cli/metricstext.h"
#include "shared/records/timestamp.h"

#include <QRegularExpression>
#include <QSet>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// What a fleet's Prometheus reads. A line that it rejects loses the whole file; promtool itself is asked in the process test.
class TestCliMetrics : public QObject
{
    Q_OBJECT

private:
    static bool has(const QString &text, const QString &line) { return text.split(u'\n').contains(line); }

    static MetricsSource full()
    {
        Snapshot snapshot;
        snapshot.state = State::Drowsy;
        snapshot.stateSinceTs = u"2026-05-02T15:30:00.5+00:00"_s;
        snapshot.sequence = 12;
        snapshot.wrappers = {2, 1, 0, 1, 3, 4};
        snapshot.services = {{u"we\"b\\\n"_s, u"ready"_s, 7, 1'900'000'000, 2, {}}, {u"db"_s, u"failed"_s, {}, {}, 5, {}}};
        snapshot.attention = {{u"x"_s, u"y"_s, {}}};
        snapshot.quarantine = QJsonObject();
        snapshot.freedBytes = 1'234'567'890'123;
        snapshot.refused = {{"rate"_L1, 3}};
        return {snapshot, defaultRecord(WallTime()), {}, true};
    }

private Q_SLOTS:
    void everythingIsTold()
    {
        const QString text = metricsText(full());
        for (const QString &line :
             {u"dormouse_agent_up 1"_s, u"dormouse_state{state=\"WAKE\"} 0"_s, u"dormouse_state{state=\"DROWSY\"} 1"_s,
              u"dormouse_state_since_timestamp_seconds 1777735800.5"_s, u"dormouse_wrappers{kind=\"fresh\"} 2"_s,
              u"dormouse_wrappers_leaked 1"_s, u"dormouse_leases 3"_s, u"dormouse_heartbeats_overflow 4"_s,
              u"dormouse_service_ready{service=\"we\\\"b\\\\\\n\"} 1"_s, u"dormouse_service_failed{service=\"db\"} 1"_s,
              u"dormouse_service_resident_memory_bytes{service=\"db\"} 0"_s,
              u"dormouse_service_restarts_total{service=\"db\"} 5"_s, u"dormouse_freed_bytes 1234567890123"_s,
              u"dormouse_attention_marks 1"_s, u"dormouse_quarantined 1"_s, u"dormouse_activity_events_total 12"_s,
              u"dormouse_refused_total{limit=\"rate\"} 3"_s})
            QVERIFY2(has(text, line), qPrintable(line + u'\n' + text));
    }

    /// One TYPE a metric, right before all of its samples; counters, and nothing else, end with _total.
    void theFormatIsKept()
    {
        static const QRegularExpression sample(
            u"\\A(dormouse_[a-z_]+)(\\{[a-z]+=\"([^\"\\\\]|\\\\[\"\\\\n])*\"\\})? -?[0-9.e+]+\\z"_s);
        const QString text = metricsText(full());
        QVERIFY(text.endsWith(u'\n'));
        QString current;
        QSet<QString> seen;
        for (const QString &line : text.chopped(1).split(u'\n')) {
            if (line.startsWith(u"# HELP "_s))
                continue;
            if (line.startsWith(u"# TYPE "_s)) {
                current = line.section(u' ', 2, 2);
                QVERIFY2(!seen.contains(current), qPrintable(current));
                QCOMPARE(line.endsWith(u" counter"_s), current.endsWith(u"_total"_s));
                seen.insert(current);
                continue;
            }
            const QRegularExpressionMatch match = sample.match(line);
            QVERIFY2(match.hasMatch(), qPrintable(line));
            QCOMPARE(match.captured(1), current);
        }
        QVERIFY(seen.size() > 20);
    }

    /// A machine whose agent is gone must show as that, not vanish from the dashboard.
    void itWorksWithoutAnAgent()
    {
        LifecycleRecord record = defaultRecord(WallTime());
        record.state = State::Hibernation;
        const QString text = metricsText({{}, record, {{u"web"_s, u"running"_s, 7, {}, 0, {}}}, false});
        QVERIFY(has(text, u"dormouse_agent_up 0"_s));
        QVERIFY(has(text, u"dormouse_record_valid 1"_s));
        QVERIFY(has(text, u"dormouse_state{state=\"HIBERNATION\"} 1"_s));
        QVERIFY(has(text, u"dormouse_service_ready{service=\"web\"} 1"_s));
        QVERIFY(!text.contains(u"dormouse_wrappers"_s)); // not known, so not told
    }

    void aTimeThatIsNoneIsLeftOut()
    {
        LifecycleRecord record = defaultRecord(WallTime());
        record.sinceTs = u"yesterday"_s;
        QVERIFY(!metricsText({{}, record, {}, false}).contains(u"state_since"_s));
        QVERIFY(has(metricsText({}), u"dormouse_record_valid 0"_s));
    }
};

QTEST_GUILESS_MAIN(TestCliMetrics)
#include "tst_cli_metrics.moc"
