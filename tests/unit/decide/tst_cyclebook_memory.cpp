// SPDX-License-Identifier: MIT
#include "agent/decide/cyclebook.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <QRandomGenerator>
#include <QtTest>

#include <map>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = parseTimestamp(u"2026-05-02T03:00:00.123456+00:00").value_or(WallTime());

QJsonObject object(const QByteArray &text)
{
    const auto parsed = parseJsonObject(text);
    return parsed ? parsed.value() : QJsonObject{{u"broken"_s, u"test"_s}};
}

CycleMemory throughAFile(const CycleMemory &memory)
{
    return cycleMemoryFromJson(object(formatJsonFile(cycleMemoryToJson(memory))));
}

/// Random outcomes against a count of what happened, kept beside.
struct RandomNights {
    QRandomGenerator random;
    CycleBook book;
    Settings settings;
    WallTime now = kNow;
    QStringList steps{u"a"_s, u"b"_s, u"c"_s};
    std::map<QString, int> inARow; ///< failures of each step
    int completed = 0;

    explicit RandomNights(quint32 seed) : random(seed)
    {
        settings.strikes = 1 + static_cast<int>(random.bounded(4));
        book.setSettings(settings);
        book.setSteps(steps);
    }

    StepOutcome outcome()
    {
        constexpr std::array kEnds{StepEnd::Done,        StepEnd::Done,   StepEnd::Deferred,
                                   StepEnd::Interrupted, StepEnd::Failed, StepEnd::Failed};
        return {.end = kEnds.at(random.bounded(quint32(kEnds.size()))), .error = u"exit code 1"_s};
    }

    /// One cycle as far as it comes. False with what is wrong in `wrong`.
    bool cycle(QByteArray &wrong)
    {
        for (auto next = book.begin(now); next;) {
            const QString name = steps.at(next->step);
            const StepOutcome how = outcome();
            next = book.stepEnded(next->step, how, now);
            if (how.end == StepEnd::Done)
                inARow[name] = 0;
            else if (how.end == StepEnd::Failed)
                ++inARow[name];
            if (inARow[name] > settings.strikes)
                wrong = "more failures in a row than strikes";
            else if ((inARow[name] == settings.strikes) != book.memory().quarantine.has_value())
                wrong = "quarantine and strikes do not agree";
            else if (book.canStart(now) && how.end != StepEnd::Done)
                wrong = "nothing waits after a step that did not end well";
            now += std::chrono::seconds(random.bounded(600));
        }
        if (!book.isComplete())
            return wrong.isEmpty();
        ++completed;
        inARow.clear();
        if (CycleMemory memory = book.memory(); memory != CycleMemory())
            wrong = "a completed cycle left something behind";
        return wrong.isEmpty();
    }

    /// Time passes until a cycle can start again.
    bool rest(QByteArray &wrong)
    {
        for (int waits = 0; !book.canStart(now); ++waits) {
            const auto change = book.nextChange(now);
            if (!change || *change <= now || waits > 3) {
                wrong = "it waits, and nobody knows for what";
                return false;
            }
            now = *change;
            if (book.liftExpired(now))
                inARow.clear();
        }
        if (random.bounded(4) == 0)
            book.restore(throughAFile(book.memory()));
        return true;
    }
};

} // namespace

class CycleBookMemoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingSurvivesAFile()
    {
        CycleMemory memory;
        memory.progress = CycleProgress{2, u"consolidate"_s, 1, u"exit code 3"_s, kNow, {{u"episodes_processed"_s, 3.5}}};
        memory.strikes = {{u"vacuum"_s, {1, kNow, u"exit code 3"_s}}, {u"Ü \"\n"_s, {2, kNow - 24h, QString()}}};
        memory.quarantine = Quarantine{kNow + 24h, u"sleep step 2 (x) failed 3x"_s, kNow};
        memory.deferrals = 4;
        memory.retryAt = kNow + 5min;
        QCOMPARE(throughAFile(memory), memory);
        memory.quarantine.reset();
        memory.malformedUntil = u"tomorrow"_s;
        QCOMPARE(throughAFile(memory), memory);
        QCOMPARE(throughAFile({}), CycleMemory());
        QVERIFY2(!cycleMemoryToJson({}).isEmpty(), "an empty book must differ from one that never was");
    }

    void brokenPartsAreLeftOut_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("{}");
        QTest::newRow("wrong types") << QByteArray(
            R"({"progress":3,"strikes":[1],"quarantine":"x","deferrals":"2","retry_at":5})");
        QTest::newRow("progress without a start")
            << QByteArray(R"({"progress":{"last_completed_step":2,"last_completed_name":"b"}})");
        QTest::newRow("strikes without a time")
            << QByteArray(R"({"strikes":{"a":{"count":2},"b":{"count":0,"at":"2026-05-02"},"c":7}})");
        QTest::newRow("negative") << QByteArray(R"({"deferrals":-5})");
    }
    void brokenPartsAreLeftOut()
    {
        QFETCH(const QByteArray, text);
        QCOMPARE(cycleMemoryFromJson(object(text)), CycleMemory());
    }

    void absurdNumbersDoNotHarm()
    {
        CycleBook book;
        book.setSteps({u"a"_s});
        book.restore(cycleMemoryFromJson(
            object(R"({"deferrals":99999999999,"progress":{"last_completed_step":-3,"started_at":"2026-05-02T03:00:00Z"}})")));
        const auto next = book.begin(kNow);
        QVERIFY(next);
        QCOMPARE(next->step, 0);
        QVERIFY(!book.stepEnded(0, {.end = StepEnd::Deferred, .error = {}}, kNow));
        QCOMPARE(book.nextChange(kNow), std::optional(kNow + 30min));
    }

    void theMirrorIsWhatOthersRead()
    {
        CycleBook book;
        QVERIFY(progressMirror(book.memory()).isNull());
        QVERIFY(quarantineMirror(book.memory()).isNull());
        book.setSteps({u"a"_s, u"b"_s});
        (void)book.begin(kNow);
        (void)book.stepEnded(0, {.end = StepEnd::Done, .error = {}}, kNow);
        for (int tries = 0; tries < 3; ++tries) {
            (void)book.begin(kNow);
            (void)book.stepEnded(1, {.end = StepEnd::Failed, .error = u"exit code 9"_s}, kNow);
        }
        QCOMPARE(progressMirror(book.memory()).toObject(),
                 object(R"({"last_completed_step":1,"attempt":3,"last_error":"exit code 9",
            "started_at":"2026-05-02T03:00:00.123456+00:00"})"));
        QCOMPARE(quarantineMirror(book.memory()).toObject(), object(R"({"until_ts":"2026-05-03T03:00:00.123456+00:00",
            "reason":"sleep step 2 (b) failed 3x","since_ts":"2026-05-02T03:00:00.123456+00:00"})"));
    }

    void aQuarantineOfAnEarlierWriterIsTakenOver_data()
    {
        QTest::addColumn<QByteArray>("record");
        QTest::addColumn<bool>("isInForce");
        QTest::addColumn<QString>("lifted");
        QTest::newRow("in force") << QByteArray(
            R"({"until_ts":"2026-05-02T10:00:00+00:00","reason":"r","since_ts":"2026-05-01T10:00:00+00:00"})")
                                  << true << QString();
        QTest::newRow("over") << QByteArray(R"({"until_ts":"2026-05-01T10:00:00Z","reason":"r","since_ts":"x"})") << false
                              << u"auto_recovery_after_ttl"_s;
        QTest::newRow("malformed") << QByteArray(R"({"until_ts":"soon","reason":"r","since_ts":"x"})") << false
                                   << u"auto_recovery_malformed_ts"_s;
        QTest::newRow("years away") << QByteArray(R"({"until_ts":"2036-05-01T10:00:00Z","reason":"r","since_ts":"x"})") << false
                                    << u"auto_recovery_malformed_ts"_s;
        QTest::newRow("none") << QByteArray("{}") << false << QString();
    }
    void aQuarantineOfAnEarlierWriterIsTakenOver()
    {
        QFETCH(const QByteArray, record);
        QFETCH(const bool, isInForce);
        QFETCH(const QString, lifted);
        CycleBook book;
        book.restore(takeOver(object(record), kNow));
        QCOMPARE(book.isQuarantined(kNow), isInForce);
        const auto result = book.liftExpired(kNow);
        QCOMPARE(result ? result->first : QString(), lifted);
        if (result && lifted == "auto_recovery_malformed_ts"_L1 && record.contains("soon"))
            QCOMPARE(result->second, u"soon"_s);
        QCOMPARE(book.canStart(kNow), !isInForce);
    }

    /// What a user would lose: services down, and a step that burns the battery in a loop; or housekeeping that never runs again.
    void randomNightsKeepTheRules_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 200; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void randomNightsKeepTheRules()
    {
        QFETCH(const quint32, seed);
        RandomNights nights(seed);
        QByteArray wrong;
        for (int count = 0; count < 300; ++count)
            QVERIFY2(nights.cycle(wrong) && nights.rest(wrong), wrong.constData());
        QVERIFY(nights.completed > 0);
    }
};

QTEST_GUILESS_MAIN(CycleBookMemoryTest)
#include "tst_cyclebook_memory.moc"
