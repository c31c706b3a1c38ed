// SPDX-License-Identifier: MIT
#include "shared/control/snapshot.h"

#include <QJsonArray>
#include <QtTest>

#include <functional>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

using Change = std::function<void(Snapshot &)>;

namespace {

Snapshot fullSnapshot()
{
    Snapshot snapshot;
    snapshot.state = State::Drowsy;
    snapshot.sinceTs = u"2026-05-02T15:14:30.123+00:00"_s;
    snapshot.stateSinceTs = u"2026-05-02T15:10:00.000+00:00"_s;
    snapshot.lastActivityTs = u"2026-05-02T15:10:00.000+00:00"_s;
    snapshot.sequence = 9007199254740993;
    snapshot.shadowRun = true;
    snapshot.version = u"0.1.0"_s;
    snapshot.pid = 4711;
    snapshot.daemonStartedAt = u"2026-05-02T08:00:00.000+00:00"_s;
    snapshot.uptimeSec = 26070.5;
    snapshot.fsmState = u"TRANSITIONING"_s;
    snapshot.wrappers = {1, 2, 3, 4, 5, 6};
    snapshot.idleSec = 301.25;
    snapshot.userIdleSec = 12.5;
    snapshot.idleSources = {u"x11"_s, u"logind"_s};
    snapshot.next = NextState{State::Sleep, u"2026-05-02T15:40:00.000+00:00"_s};
    snapshot.why = u"drowsy: nobody for 5 min; asleep in 24:10"_s;
    snapshot.attention = {{u"starvation"_s, u"no sleep cycle for 73 h"_s, u"2026-05-01T00:00:00.000+00:00"_s}};
    snapshot.schedulerPaused = true;
    snapshot.pausedUntil = u"2026-05-02T16:00:00.000+00:00"_s;
    snapshot.wish = QJsonObject{{u"kind"_s, u"sleep"_s}};
    snapshot.progress = QJsonObject{{u"attempt"_s, 1}};
    snapshot.runningStep = u"compact"_s;
    snapshot.quarantine = QJsonObject{{u"reason"_s, u"strikes"_s}};
    snapshot.services = {{u"ollama"_s, u"ready"_s, 99, 1'900'000'000, 2, 3.5}, {u"memory"_s, u"stopped"_s, {}, {}, 0, {}}};
    snapshot.freedBytes = 5'000'000'000;
    snapshot.pendingDigest = QJsonObject{{u"learned"_s, 3}};
    snapshot.refused = {{u"rate"_s, 1}};
    snapshot.lastError = u"disk full"_s;
    return snapshot;
}

void addRow(const char *name, bool told, Change change)
{
    QTest::newRow(name) << told << std::move(change);
}

void addSilentRows()
{
    addRow("nothing", false, [](Snapshot &) {});
    addRow("uptime", false, [](Snapshot &s) { s.uptimeSec += 30; });
    addRow("sequence", false, [](Snapshot &s) { ++s.sequence; });
    addRow("activity", false, [](Snapshot &s) { s.lastActivityTs = u"2026-05-02T15:15:00.000+00:00"_s; });
    addRow("idle age", false, [](Snapshot &s) { s.idleSec = 999; });
    addRow("user idle age", false, [](Snapshot &s) { s.userIdleSec = 999; });
    addRow("service memory", false, [](Snapshot &s) { s.services[0].rssBytes = 1; });
    addRow("freed memory", false, [](Snapshot &s) { s.freedBytes = 1; });
    addRow("countdown in why", false, [](Snapshot &s) { s.why = u"drowsy: nobody for 6 min; asleep in 23:09"_s; });
    addRow("another unit in why", false, [](Snapshot &s) { s.why = u"drowsy: nobody for 1 h 5 min; asleep in 45 s"_s; });
    addRow("age in attention", false, [](Snapshot &s) { s.attention[0].text = u"no sleep cycle for 74 h"_s; });
    addRow("next by 30 s", false, [](Snapshot &s) { s.next->at = u"2026-05-02T15:40:30.000+00:00"_s; });
    addRow("next by -30 s", false, [](Snapshot &s) { s.next->at = u"2026-05-02T15:39:30.000+00:00"_s; });
}

void addToldRows()
{
    addRow("state", true, [](Snapshot &s) { s.state = State::Wake; });
    addRow("since", true, [](Snapshot &s) { s.sinceTs = u"2026-05-02T15:20:00.000+00:00"_s; });
    addRow("next by 30.001 s", true, [](Snapshot &s) { s.next->at = u"2026-05-02T15:40:30.001+00:00"_s; });
    addRow("next by an hour less", true, [](Snapshot &s) { s.next->at = u"2026-05-02T14:40:00.000+00:00"_s; });
    addRow("next state", true, [](Snapshot &s) { s.next->state = State::Wake; });
    addRow("next gone", true, [](Snapshot &s) { s.next.reset(); });
    addRow("next no time", true, [](Snapshot &s) { s.next->at = u"soon"_s; });
    addRow("words in why", true, [](Snapshot &s) { s.why = u"drowsy: on hold for 5 min; asleep in 24:10"_s; });
    addRow("a source for user idleness lost", true, [](Snapshot &s) { s.userIdleSec.reset(); });
    addRow("presence again", true, [](Snapshot &s) { s.idleSec.reset(); });
    addRow("wrapper", true, [](Snapshot &s) { ++s.wrappers.fresh; });
    addRow("attention gone", true, [](Snapshot &s) { s.attention.clear(); });
    addRow("hold over", true, [](Snapshot &s) { s.schedulerPaused = false; });
    addRow("hold longer", true, [](Snapshot &s) { s.pausedUntil.reset(); });
    addRow("wish", true, [](Snapshot &s) { s.wish.reset(); });
    addRow("progress", true, [](Snapshot &s) { s.progress = QJsonObject{{u"attempt"_s, 2}}; });
    addRow("step", true, [](Snapshot &s) { s.runningStep.reset(); });
    addRow("quarantine", true, [](Snapshot &s) { s.quarantine.reset(); });
    addRow("service state", true, [](Snapshot &s) { s.services[0].state = u"failed"_s; });
    addRow("service restarts", true, [](Snapshot &s) { ++s.services[0].restarts; });
    addRow("digest", true, [](Snapshot &s) { s.pendingDigest.reset(); });
    addRow("refusals", true, [](Snapshot &s) { s.refused = {{u"rate"_s, 2}}; });
    addRow("error", true, [](Snapshot &s) { s.lastError.reset(); });
}

} // namespace

/// What travels between agent and its observers, and when a subscriber is told.
class SnapshotTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void survivesTheWire();
    void isTheSameWrittenAsText();
    void hasEveryFieldOfTheSpecification();
    void writesUnknownsAsNull();
    void readsWhatIsThere_data();
    void readsWhatIsThere();
    void needsAState();
    void tellsOnlyWhatIsWorthTelling_data();
    void tellsOnlyWhatIsWorthTelling();
};

void SnapshotTest::survivesTheWire()
{
    for (const Snapshot &snapshot : {fullSnapshot(), Snapshot{}}) {
        const QByteArray line = QJsonDocument(snapshotToJson(snapshot)).toJson(QJsonDocument::Compact);
        const std::optional<Snapshot> back = snapshotFromJson(QJsonDocument::fromJson(line).object());
        QVERIFY(back.has_value());
        QCOMPARE(snapshotToJson(*back), snapshotToJson(snapshot));
        QVERIFY(*back == snapshot);
    }
}

void SnapshotTest::isTheSameWrittenAsText()
{
    Snapshot strange = fullSnapshot();
    strange.why = u"\"quoted\" \\ \n\t\u0001 \u00fc \u4f60 \U0001f634"_s;
    strange.uptimeSec = 1e21;
    strange.idleSec = std::numeric_limits<double>::infinity();
    strange.idleSources = {u"a"_s, u"\u00e4\""_s};
    strange.refused = {{u"odd"_s, u"text"_s}};
    for (const Snapshot &snapshot : {fullSnapshot(), Snapshot{}, strange}) {
        QJsonParseError error;
        const QJsonObject read = QJsonDocument::fromJson('{' + snapshotMembers(snapshot) + '}', &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        // Through text, as infinity becomes null there.
        QCOMPARE(read, QJsonDocument::fromJson(QJsonDocument(snapshotToJson(snapshot)).toJson()).object());
    }
}

void SnapshotTest::hasEveryFieldOfTheSpecification()
{
    const QStringList keys{u"state"_s,
                           u"since_ts"_s,
                           u"state_since_ts"_s,
                           u"last_activity_ts"_s,
                           u"wrapper_event_seq"_s,
                           u"shadow_run"_s,
                           u"version"_s,
                           u"pid"_s,
                           u"daemon_started_at"_s,
                           u"uptime_sec"_s,
                           u"fsm_state"_s,
                           u"wrappers"_s,
                           u"idle_sec"_s,
                           u"user_idle_sec"_s,
                           u"idle_sources"_s,
                           u"next"_s,
                           u"why"_s,
                           u"attention"_s,
                           u"scheduler_paused"_s,
                           u"paused_until"_s,
                           u"wish"_s,
                           u"sleep_cycle_progress"_s,
                           u"running_step"_s,
                           u"quarantine"_s,
                           u"services"_s,
                           u"freed_bytes"_s,
                           u"pending_digest"_s,
                           u"refused"_s,
                           u"last_error"_s};
    const QJsonObject json = snapshotToJson(fullSnapshot());
    QCOMPARE(QSet<QString>(keys.begin(), keys.end()), [&json] {
        const QStringList have = json.keys();
        return QSet<QString>(have.begin(), have.end());
    }());
    QCOMPARE(json["state"_L1].toString(), u"DROWSY"_s);
    QCOMPARE(json["wrapper_event_seq"_L1].toInteger(), 9007199254740993);
    QCOMPARE(json["next"_L1].toObject(), (QJsonObject{{u"state"_s, u"SLEEP"_s}, {u"at"_s, u"2026-05-02T15:40:00.000+00:00"_s}}));
    QCOMPARE(json["wrappers"_L1].toObject()["overflow"_L1].toInt(), 6);
    QCOMPARE(json["services"_L1].toArray().at(0).toObject()["rss_bytes"_L1].toInteger(), 1'900'000'000);
}

void SnapshotTest::writesUnknownsAsNull()
{
    const QJsonObject json = snapshotToJson(Snapshot{});
    for (const QLatin1StringView key :
         {"idle_sec"_L1, "user_idle_sec"_L1, "next"_L1, "paused_until"_L1, "wish"_L1, "sleep_cycle_progress"_L1,
          "running_step"_L1, "quarantine"_L1, "freed_bytes"_L1, "pending_digest"_L1, "last_error"_L1})
        QVERIFY2(json.value(key).isNull() && json.contains(key), key.data());
    const QJsonObject service = snapshotToJson(fullSnapshot())["services"_L1].toArray().at(1).toObject();
    QVERIFY(service["pid"_L1].isNull() && service["rss_bytes"_L1].isNull() && service["ready_in_sec"_L1].isNull());
}

void SnapshotTest::readsWhatIsThere_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing else") << QByteArray("{}");
    QTest::newRow("wrong types") << QByteArray(
        R"({"since_ts":1,"pid":"x","uptime_sec":[],"wrappers":7,"next":"SLEEP","attention":{},"services":[1,{}],
        "wish":"w","why":null,"scheduler_paused":"yes","idle_sec":"3","idle_sources":[1],"freed_bytes":1.5,"refused":[],"wrapper_event_seq":true})");
    QTest::newRow("later fields") << QByteArray(R"({"colour":"blue","next":{"state":"DREAM"}})");
}

void SnapshotTest::readsWhatIsThere()
{
    QFETCH(QByteArray, json);
    QJsonObject object = QJsonDocument::fromJson(json).object();
    object.insert(u"state"_s, u"SLEEP"_s);
    Snapshot expected;
    expected.state = State::Sleep;
    const std::optional<Snapshot> snapshot = snapshotFromJson(object);
    QVERIFY(snapshot.has_value());
    QCOMPARE(snapshotToJson(*snapshot), snapshotToJson(expected));
}

void SnapshotTest::needsAState()
{
    QVERIFY(!snapshotFromJson({}));
    QVERIFY(!snapshotFromJson({{u"state"_s, u"AWAKE"_s}}));
    QVERIFY(!snapshotFromJson({{u"state"_s, 1}}));
}

void SnapshotTest::tellsOnlyWhatIsWorthTelling_data()
{
    QTest::addColumn<bool>("told");
    QTest::addColumn<Change>("change");
    addSilentRows();
    addToldRows();
}

void SnapshotTest::tellsOnlyWhatIsWorthTelling()
{
    QFETCH(bool, told);
    QFETCH(Change, change);
    const Snapshot before = fullSnapshot();
    Snapshot after = before;
    change(after);
    QCOMPARE(isWorthTelling(before, after), told);
    QCOMPARE(isWorthTelling(after, before), told);
}

QTEST_GUILESS_MAIN(SnapshotTest)
#include "tst_snapshot.moc"
