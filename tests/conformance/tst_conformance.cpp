// SPDX-License-Identifier: MIT
#include "shared/presence/heartbeatscanner.h"
#include "shared/records/daemonstate.h"
#include "shared/records/json.h"
#include "shared/records/lifecyclerecord.h"
#include "shared/records/logentry.h"
#include "shared/records/timestamp.h"

#include <QtTest>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray text(const QJsonValue &value)
{
    const QByteArray array = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return value.isUndefined() ? QByteArray("(absent)") : array.sliced(1).chopped(1);
}

/// Equal strings, or two texts of the same instant; what we stamp has milliseconds.
bool isSameText(const QString &expected, const QString &got)
{
    if (expected == got)
        return true;
    const std::optional<WallTime> a = parseTimestamp(expected);
    const std::optional<WallTime> b = parseTimestamp(got);
    return a && b && std::chrono::floor<Millis>(*a) == std::chrono::floor<Millis>(*b);
}

/// JSON by value, times as instants.
bool isSame(const QJsonValue &expected, const QJsonValue &got)
{
    if (expected.type() != got.type())
        return false;
    if (expected.isString())
        return isSameText(expected.toString(), got.toString());
    if (expected.isArray()) {
        const QJsonArray a = expected.toArray();
        const QJsonArray b = got.toArray();
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](const QJsonValue &x, const QJsonValue &y) { return isSame(x, y); });
    }
    if (expected.isObject()) {
        const QJsonObject a = expected.toObject();
        const QJsonObject b = got.toObject();
        const QStringList keys = a.keys();
        return keys == b.keys()
               && std::all_of(keys.begin(), keys.end(), [&](const QString &key) { return isSame(a[key], b[key]); });
    }
    return expected == got;
}

/// Session ids that went are a set; their order says nothing.
QJsonArray sortedTexts(const QJsonArray &texts)
{
    QStringList list;
    for (const QJsonValue &value : texts)
        list.append(value.toString());
    list.sort();
    return QJsonArray::fromStringList(list);
}

Payload payloadFrom(const QJsonValue &value)
{
    return {value["sleep_eligible"_L1].toBool(), value["still_idle"_L1].toBool()};
}

QJsonValue stateValue(std::optional<State> state)
{
    return state ? QJsonValue(QString(toString(*state))) : QJsonValue();
}

WallTime secondsBefore(WallTime now, double seconds)
{
    return now - std::chrono::microseconds(std::llround(seconds * 1e6));
}

/// Liveness as a vector has it.
class ListedProcesses final : public ProcessTable
{
public:
    explicit ListedProcesses(const QJsonArray &alive) : m_alive(alive) {}
    [[nodiscard]] bool isAlive(qint64 pid) const override { return pid > 0 && m_alive.contains(pid); }
    [[nodiscard]] ProcessFacts facts(qint64) const override { return {}; }
    [[nodiscard]] bool isReaper(qint64 pid) const override { return pid == 1; }

private:
    QJsonArray m_alive;
};

/// Puts a file with content and time stamp into place. False with errno when the system refuses.
bool makeFile(const QString &path, const QByteArray &bytes, WallTime mtime)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return false;
    file.close();
    const auto sinceEpoch = std::chrono::nanoseconds(mtime.time_since_epoch()).count();
    timespec time{};
    time.tv_sec = static_cast<time_t>(sinceEpoch / 1'000'000'000);
    time.tv_nsec = static_cast<long>(sinceEpoch % 1'000'000'000);
    const timespec times[2] = {time, time};
    return ::utimensat(AT_FDCWD, QFile::encodeName(path).constData(), times, 0) == 0;
}

} // namespace

/// Replays what the reference implementation answers. If a case fails, existing wrappers or the Python side would be understood
/// differently than before. DORMOUSE_VECTORS names another folder of vectors in the same shape.
class TestConformance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void transitions();
    void heartbeats();
    void lifecycleRecords();
    void daemonState();
    void dispatch();
    void cleanupTestCase();

private:
    bool open(const QString &file);
    void begin(qsizetype index);
    void compare(const char *what, const QJsonValue &expected, const QJsonValue &got);
    void check(const char *what, bool condition);
    void mismatch(const QByteArray &message);
    void checkHeartbeat(const QJsonObject &vector);
    void checkDaemonState(const QJsonObject &vector);
    void checkStep(LifecycleRecord &record, const QJsonObject &step, bool shadowRun);

    QString m_file;
    QJsonArray m_cases;
    WallTime m_now;
    QByteArray m_place;
    int m_mismatches = 0;
    QStringList m_counts;
};

/// Reads one file of the set; a missing, malformed or empty one is a failure.
bool TestConformance::open(const QString &file)
{
    m_file = file;
    m_cases = {};
    m_mismatches = 0;
    m_place.clear();
    const QString source = qEnvironmentVariable("DORMOUSE_SOURCE", QStringLiteral(DORMOUSE_SOURCE_DIR));
    const QString folder = qEnvironmentVariable("DORMOUSE_VECTORS", source + u"/tests/vectors"_s);
    QFile input(folder + u'/' + file);
    const bool opened = input.open(QIODevice::ReadOnly);
    check(qPrintable(input.fileName() + u": "_s + input.errorString()), opened);
    if (!opened)
        return false;
    const Result<QJsonObject> parsed = parseJsonObject(input.readAll());
    check(parsed ? "" : qPrintable(parsed.error().text()), parsed.ok());
    if (!parsed)
        return false;
    const std::optional<WallTime> now = parseTimestamp(parsed.value().value("now"_L1).toString());
    check("`now` is a time", now.has_value());
    m_now = now.value_or(WallTime());
    m_cases = parsed.value().value("cases"_L1).toArray();
    check("at least one case", !m_cases.isEmpty());
    m_counts.append(QString::number(m_cases.size()) + u' ' + file);
    return m_mismatches == 0;
}

void TestConformance::begin(qsizetype index)
{
    const QString note = m_cases.at(index)["note"_L1].toString();
    m_place = "case " + QByteArray::number(index) + (note.isEmpty() ? QByteArray() : " (" + note.toUtf8() + ')');
    check("a case is an object", m_cases.at(index).isObject());
}

void TestConformance::mismatch(const QByteArray &message)
{
    ++m_mismatches;
    std::fprintf(stderr, "MISMATCH %s %s: %s\n", qPrintable(m_file), m_place.constData(), message.constData());
}

void TestConformance::compare(const char *what, const QJsonValue &expected, const QJsonValue &got)
{
    if (!isSame(expected, got))
        mismatch(QByteArray(what) + ": expected " + text(expected) + ", got " + text(got));
}

void TestConformance::check(const char *what, bool condition)
{
    if (!condition)
        mismatch(what);
}

void TestConformance::transitions()
{
    QVERIFY(open(u"transitions.json"_s));
    for (qsizetype i = 0; i < m_cases.size(); ++i) {
        begin(i);
        const QJsonObject vector = m_cases.at(i).toObject();
        const std::optional<State> state = stateFromString(vector["state"_L1].toString());
        const std::optional<Event> event = eventFromString(vector["event"_L1].toString());
        check("known state and event", state && event);
        if (state && event)
            compare("target", vector["target"_L1], stateValue(transition(*state, *event, payloadFrom(vector["payload"_L1]))));
    }
    QCOMPARE(m_mismatches, 0);
}

/// By the scanner and a real file, since that is what runs.
void TestConformance::checkHeartbeat(const QJsonObject &vector)
{
    const QTemporaryDir folder;
    const QByteArray bytes = QByteArray::fromBase64(vector["content_b64"_L1].toString().toLatin1());
    const QString path = folder.filePath(vector["file"_L1].toString());
    const bool isMade = folder.isValid() && makeFile(path, bytes, secondsBefore(m_now, vector["mtime_age_sec"_L1].toDouble()));
    check("the file can be made", isMade);
    const ListedProcesses processes(vector["alive_pids"_L1].toArray());
    HeartbeatScanner scanner(folder.path(), processes);
    for (const ScanDepth depth : {ScanDepth::Full, ScanDepth::Hint, ScanDepth::Full}) {
        const HeartbeatScan scan = scanner.scan(depth, m_now, defaults::kStaleAfter);
        check("one entry at most, no error", scan.entries.size() <= 1 && !scan.error && scan.overflow == 0);
        QJsonValue got;
        if (!scan.entries.empty()) {
            const HeartbeatEntry &entry = scan.entries.front();
            const std::chrono::duration<double> age = m_now - entry.heartbeat.lastRefresh;
            got = QJsonObject{{u"pid"_s, entry.heartbeat.pid},
                              {u"uuid"_s, entry.heartbeat.uuid},
                              {u"age_sec"_s, age.count()},
                              {u"status"_s, QString(toString(entry.status))}};
            check("the entry names its file", heartbeatPath(folder.path(), entry.name) == path);
        }
        compare("entry", vector["expect"_L1], got);
    }
}

void TestConformance::heartbeats()
{
    QVERIFY(open(u"heartbeats.json"_s));
    for (qsizetype i = 0; i < m_cases.size(); ++i) {
        begin(i);
        checkHeartbeat(m_cases.at(i).toObject());
    }
    QCOMPARE(m_mismatches, 0);
}

void TestConformance::lifecycleRecords()
{
    QVERIFY(open(u"lifecycle_records.json"_s));
    const QString now = formatTimestamp(m_now);
    const QJsonObject fallback{{u"current_state"_s, u"WAKE"_s},
                               {u"since_ts"_s, now},
                               {u"last_activity_ts"_s, now},
                               {u"wrapper_event_seq"_s, 0},
                               {u"sleep_cycle_progress"_s, QJsonValue()},
                               {u"quarantine"_s, QJsonValue()},
                               {u"shadow_run"_s, false}};
    for (qsizetype i = 0; i < m_cases.size(); ++i) {
        begin(i);
        const QJsonObject vector = m_cases.at(i).toObject();
        const QByteArray bytes = QByteArray::fromBase64(vector["content_b64"_L1].toString().toLatin1());
        check("`valid` is a boolean", vector["valid"_L1].isBool());
        const bool valid = vector["valid"_L1].toBool();
        const std::optional<LifecycleRecord> record = parseRecord(bytes);
        compare("valid", valid, record.has_value());
        const QJsonObject written = recordToJson(record.value_or(defaultRecord(m_now)));
        compare("record", valid ? QJsonDocument::fromJson(bytes).object() : fallback, written);
        const std::optional<LifecycleRecord> again = parseRecord(formatJsonFile(written));
        check("what is written reads back", again && recordToJson(*again) == written);
    }
    QCOMPARE(m_mismatches, 0);
}

void TestConformance::checkDaemonState(const QJsonObject &vector)
{
    const QString op = vector["op"_L1].toString();
    const QJsonObject args = vector["args"_L1].toObject();
    const QString session = args["session_id"_L1].toString();
    QJsonObject state = vector["state"_L1].toObject();
    QJsonValue expected = vector["result"_L1];
    QJsonValue result;
    bool saved = false; // the pruning operations leave writing to their caller
    if (op == "prune_stale_first_turn"_L1) {
        const Millis ttl(std::llround(args["ttl_hours"_L1].toDouble(24) * 3'600'000));
        result = daemonstate::pruneStaleFirstTurns(state, m_now, ttl, args["max_entries"_L1].toInt(defaults::kFirstTurnMax));
    } else if (op == "prune_first_turn_pending"_L1) {
        const Millis ttl(std::llround(args["ttl_sec"_L1].toDouble(3600) * 1000));
        result = sortedTexts(QJsonArray::fromStringList(daemonstate::prunePendingFirstTurns(state, m_now, ttl)));
        expected = sortedTexts(expected.toArray());
    } else if (op == "mark_session_opened"_L1) {
        saved = daemonstate::markSessionOpened(state, session, m_now);
    } else if (op == "consume_first_turn"_L1) {
        const daemonstate::FirstTurn turn = daemonstate::consumeFirstTurn(state, session);
        result = turn.first;
        saved = turn.save;
    } else if (op == "get_pending_digest"_L1) {
        const daemonstate::Digest digest = daemonstate::takePendingDigest(state, m_now);
        result = digest.digest ? QJsonValue(*digest.digest) : QJsonValue();
        saved = digest.save;
    } else {
        mismatch("unknown operation \"" + op.toUtf8() + '"');
        return;
    }
    compare("result", expected, result);
    compare("state after", vector["after"_L1], state);
    if (vector.contains("saved"_L1))
        compare("saved", vector["saved"_L1], saved);
}

void TestConformance::daemonState()
{
    QVERIFY(open(u"daemon_state.json"_s));
    for (qsizetype i = 0; i < m_cases.size(); ++i) {
        begin(i);
        const QJsonObject vector = m_cases.at(i).toObject();
        m_place += ' ' + vector["op"_L1].toString().toUtf8();
        checkDaemonState(vector);
    }
    QCOMPARE(m_mismatches, 0);
}

void TestConformance::checkStep(LifecycleRecord &record, const QJsonObject &step, bool shadowRun)
{
    const std::optional<WallTime> at = parseTimestamp(step["at"_L1].toString());
    const std::optional<Event> event = eventFromString(step["event"_L1].toString());
    check("known event and time", at && event);
    if (!at || !event)
        return;
    const State from = record.state;
    const Dispatched next = dispatched(record, *event, payloadFrom(step["payload"_L1]), *at, shadowRun);
    const std::optional<LifecycleRecord> onDisk = parseRecord(formatJsonFile(recordToJson(next.record)));
    check("the record reads back from its file", onDisk == next.record);
    record = onDisk.value_or(next.record);
    compare("returns", step["returns"_L1], stateValue(record.state));
    compare("record", step["record"_L1], recordToJson(record));

    std::vector<LogEntry> log;
    if (next.target)
        log.push_back(transitionEntry(*at, from, *next.target, *event));
    if (next.target == State::Hibernation && shadowRun)
        log.push_back(shadowRunWarning(*at));
    const QJsonArray expected = step["log"_L1].toArray();
    check("number of log lines", expected.size() == std::ssize(log));
    for (qsizetype i = 0; i < std::min<qsizetype>(expected.size(), std::ssize(log)); ++i) {
        const QJsonObject line = QJsonDocument::fromJson(formatLogLine(log.at(static_cast<std::size_t>(i)))).object();
        const QJsonObject wanted = expected.at(i).toObject();
        for (const QString &key : wanted.keys())
            compare("log line", wanted.value(key), line.value(key));
        compare("time of the log line", step["at"_L1], line.value("ts"_L1));
    }
}

void TestConformance::dispatch()
{
    QVERIFY(open(u"dispatch.json"_s));
    for (qsizetype i = 0; i < m_cases.size(); ++i) {
        begin(i);
        const QByteArray sequence = m_place;
        const QJsonObject vector = m_cases.at(i).toObject();
        std::optional<LifecycleRecord> record = recordFromJson(vector["record"_L1].toObject());
        const QJsonArray steps = vector["steps"_L1].toArray();
        check("a valid record and at least one step", record && !steps.isEmpty());
        for (qsizetype j = 0; record && j < steps.size(); ++j) {
            m_place = sequence + " step " + QByteArray::number(j);
            checkStep(*record, steps.at(j).toObject(), vector["shadow_run"_L1].toBool());
        }
    }
    QCOMPARE(m_mismatches, 0);
}

void TestConformance::cleanupTestCase()
{
    std::fprintf(stderr, "conformance cases: %s\n", qPrintable(m_counts.join(u", "_s)));
    QCOMPARE(m_counts.size(), 5);
}

QTEST_GUILESS_MAIN(TestConformance)
#include "tst_conformance.moc"
