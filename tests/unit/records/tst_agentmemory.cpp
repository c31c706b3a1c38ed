// SPDX-License-Identifier: MIT
#include "shared/records/agentmemory.h"

#include "tests/support/memoryjson.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = parseTimestamp(u"2026-05-02T12:00:00.123456Z").value_or(WallTime());

/// One that uses every part.
AgentMemory fullMemory()
{
    AgentMemory memory;
    memory.bootId = u"boot"_s;
    memory.savedAwake = AwakeTime(Millis(1'000));
    memory.savedElapsed = ElapsedTime(Millis(2'000));
    memory.baseline = AwakeTime(Millis(900));
    memory.lastHeartbeatPresence = AwakeTime(Millis(800));
    memory.wrappers = {{{7, 12345, u"u"_s}, AwakeTime(Millis(1)), kNow, AwakeTime(Millis(2)), true, true},
                       {{8, std::nullopt, QString()}, {}, {}, {}, false, false}};
    memory.hold = Hold{kNow, Millis(60'000), ElapsedTime(Millis(62'000)), kNow + 60s, u"build"_s};
    memory.wish =
        Wish{u"sleep"_s, kNow, u"night"_s, true, {{7, u"u"_s, kNow}, {8, QString(), std::nullopt}}, {u"run"_s, u"x"_s}, true};
    memory.countedSignal = CountedSignal{std::numeric_limits<qint64>::max(), 1'777'723'200'123'456'789};
    memory.cycleComplete = true;
    memory.cycle = {{u"deferrals"_s, 2}};
    memory.acknowledged = {{u"starvation"_s, u"quarantine"_s}, {u"wake_signal"_s, QString()}};
    memory.lastDigest = QJsonObject{{u"rem_cycles_completed"_s, 2}};
    memory.unknown = {{u"later"_s, QJsonObject{{u"x"_s, QJsonValue()}}}};
    return memory;
}

AgentMemory throughAFile(const AgentMemory &memory)
{
    const Result<QJsonObject> read = parseJsonObject(formatMemory(memory));
    return read ? memoryFromJson(read.value()) : AgentMemory();
}

class Random
{
public:
    explicit Random(quint32 seed) : m_generator(seed) {}
    bool flip() { return m_generator.bounded(2) == 1; }
    qint64 number() { return static_cast<qint64>(m_generator.generate64() >> m_generator.bounded(64)) * (flip() ? 1 : -1); }
    int count() { return static_cast<int>(m_generator.bounded(4)); }
    QString text() { return flip() ? QString() : QString::number(number()) + u"\n\"ü😀"_s; }
    WallTime wall() { return kNow + std::chrono::microseconds(m_generator.bounded(1'000'000'000)); }
    template<typename Instant>
    Instant instant()
    {
        return Instant(Millis(number()));
    }
    template<typename T>
    std::optional<T> maybe(T value)
    {
        return flip() ? std::optional<T>(value) : std::nullopt;
    }

private:
    QRandomGenerator m_generator;
};

AgentMemory randomMemory(Random &random)
{
    AgentMemory memory;
    memory.bootId = random.text();
    memory.savedAwake = random.instant<AwakeTime>();
    memory.savedElapsed = random.instant<ElapsedTime>();
    memory.baseline = random.maybe(random.instant<AwakeTime>());
    memory.lastHeartbeatPresence = random.maybe(random.instant<AwakeTime>());
    for (int i = random.count(); i > 0; --i) {
        memory.wrappers.push_back({{random.number(), random.maybe(random.number()), random.text()},
                                   random.instant<AwakeTime>(),
                                   random.maybe(random.wall()),
                                   random.maybe(random.instant<AwakeTime>()),
                                   random.flip(),
                                   random.flip()});
    }
    memory.hold = random.maybe(Hold{random.wall(), random.maybe(Millis(random.number())),
                                    random.maybe(random.instant<ElapsedTime>()), random.maybe(random.wall()), random.text()});
    Wish wish{random.maybe(random.text()), random.wall(), random.text(), random.flip(), {}, {}, random.flip()};
    for (int i = random.count(); i > 0; --i) {
        wish.ignored.push_back({random.number(), random.text(), random.maybe(random.wall())});
        wish.ignoredLeases.append(random.text());
    }
    memory.wish = random.maybe(wish);
    memory.countedSignal = random.maybe(CountedSignal{random.number(), random.number()});
    memory.cycleComplete = random.flip();
    memory.acknowledged = {{random.text(), random.text()}};
    memory.lastDigest = random.maybe(QJsonObject{{random.text(), random.number()}});
    return memory;
}

} // namespace

/// dormouse.json: what a restart of the agent would forget. A hold that loses its end would keep the memory full for ever.
class TestAgentMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPartSurvivesARestart();
    void anyMemorySurvivesARestart();
    void anEmptyObjectIsANewMemory();
    void keysTellUnitAndClock();
    void illTypedPartsAreLeftOut();
    void anyOnePartMayBeWrong_data();
    void anyOnePartMayBeWrong();
    void aHoldWithoutAReadableEndIsDropped();
};

void TestAgentMemory::everyPartSurvivesARestart()
{
    QVERIFY(throughAFile(fullMemory()) == fullMemory());
}

void TestAgentMemory::anyMemorySurvivesARestart()
{
    for (quint32 seed = 1; seed <= 500; ++seed) {
        Random random(seed);
        const AgentMemory memory = randomMemory(random);
        QVERIFY2(throughAFile(memory) == memory, qPrintable(u"seed %1"_s.arg(seed)));
    }
}

void TestAgentMemory::anEmptyObjectIsANewMemory()
{
    QVERIFY(memoryFromJson({}) == AgentMemory());
    QVERIFY(throughAFile({}) == AgentMemory());
}

void TestAgentMemory::keysTellUnitAndClock()
{
    const QJsonObject object = memoryToJson(fullMemory());
    QCOMPARE(object["baseline_awake_ms"_L1].toInteger(), 900);
    QCOMPARE(object["saved_elapsed_ms"_L1].toInteger(), 2'000);
    QCOMPARE(object["hold"_L1]["length_ms"_L1].toInteger(), 60'000);
    QCOMPARE(object["hold"_L1]["since"_L1].toString(), u"2026-05-02T12:00:00.123456+00:00"_s);
    QVERIFY(!memoryToJson({}).contains("hold"_L1));
}

void TestAgentMemory::illTypedPartsAreLeftOut()
{
    QJsonObject object = memoryToJson(fullMemory());
    object[u"baseline_awake_ms"_s] = u"900"_s;
    object[u"wrappers"_s] =
        QJsonArray{1, QJsonObject{{u"pid"_s, true}}, QJsonObject{{u"pid"_s, 9}, {u"first_seen_awake_ms"_s, 5}, {u"uuid"_s, 1}}};
    object[u"wish"_s] = QJsonObject{{u"since"_s, u"never"_s}};
    object[u"counted_signal"_s] = QJsonObject{{u"inode"_s, 5}};
    object[u"acknowledged"_s] = QJsonObject{{u"a"_s, u"b"_s}, {u"c"_s, 1}};
    object[u"last_digest"_s] = 3;
    AgentMemory expected = fullMemory();
    expected.baseline.reset();
    expected.wrappers = {{{9, std::nullopt, QString()}, AwakeTime(Millis(5)), {}, {}, false, false}};
    expected.wish.reset();
    expected.countedSignal.reset();
    expected.acknowledged = {{u"a"_s, u"b"_s}};
    expected.lastDigest.reset();
    QVERIFY(memoryFromJson(object) == expected);
}

void TestAgentMemory::anyOnePartMayBeWrong_data()
{
    QTest::addColumn<QString>("key");
    for (const QString &key : memoryToJson(fullMemory()).keys())
        QTest::newRow(qPrintable(key)) << key;
}

/// The other parts stay, and what is written then is well formed.
void TestAgentMemory::anyOnePartMayBeWrong()
{
    QFETCH(const QString, key);
    const QJsonObject whole = memoryToJson(fullMemory());
    for (const QJsonValue &wrong : {QJsonValue(), QJsonValue(true), QJsonValue(2.5), QJsonValue(u"x"_s),
                                    QJsonValue(QJsonArray{QJsonArray()}), QJsonValue(QJsonObject{{u"x"_s, 1}})}) {
        QJsonObject object = whole;
        object[key] = wrong;
        QJsonObject written = memoryToJson(memoryFromJson(object));
        QVERIFY(memoryFromJson(written) == memoryFromJson(object));
        QJsonObject others = whole;
        others.remove(key);
        written.remove(key);
        QCOMPARE(written, others);
    }
}

void TestAgentMemory::aHoldWithoutAReadableEndIsDropped()
{
    for (const QString &key : {u"length_ms"_s, u"until_elapsed_ms"_s, u"until"_s, u"since"_s}) {
        QJsonObject object = memoryToJson(fullMemory());
        QJsonObject hold = object[u"hold"_s].toObject();
        hold[key] = u"soon"_s;
        object[u"hold"_s] = hold;
        QVERIFY2(!memoryFromJson(object).hold, qPrintable(key));
    }
}

QTEST_GUILESS_MAIN(TestAgentMemory)
#include "tst_agentmemory.moc"
