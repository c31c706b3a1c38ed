// SPDX-License-Identifier: MIT
#include "agent/decide/cyclebook.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const WallTime kStart = parseTimestamp(u"2026-05-02T03:00:00+00:00").value_or(WallTime());
const QStringList kSteps{u"rotate"_s, u"consolidate"_s, u"vacuum"_s};

const StepOutcome kDone{.end = StepEnd::Done, .error = {}};
const StepOutcome kDeferred{.end = StepEnd::Deferred, .error = {}};
const StepOutcome kInterrupted{.end = StepEnd::Interrupted, .error = {}};

StepOutcome failed(const QString &error = u"exit code 1"_s)
{
    return {.end = StepEnd::Failed, .error = error};
}

/// A book with the time that goes on.
struct Night {
    CycleBook book;
    WallTime now = kStart;

    explicit Night(const QStringList &steps = kSteps) { book.setSteps(steps); }

    /// As a restart of the agent does: through the file.
    void restart(const QStringList &steps = kSteps)
    {
        const Result<QJsonObject> read = parseJsonObject(formatJsonFile(cycleMemoryToJson(book.memory())));
        book = {};
        book.setSteps(steps);
        if (read)
            book.restore(cycleMemoryFromJson(read.value()));
    }
    /// The step that a cycle which begins now comes to, -1 for none.
    int begin()
    {
        const auto next = book.begin(now);
        return next ? next->step : -1;
    }
    int attempt()
    {
        const auto next = book.begin(now);
        return next ? next->attempt : -1;
    }
    int end(int step, const StepOutcome &outcome)
    {
        const auto next = book.stepEnded(step, outcome, now);
        return next ? next->step : -1;
    }
    /// Fails at `step` each time, waiting out the retries, until it is quarantined.
    void failUntilQuarantined(int step)
    {
        for (int tries = 0; tries < 10 && !book.memory().quarantine; ++tries) {
            for (int at = begin(); at < step; at = end(at, kDone)) {
            }
            (void)end(step, failed());
            now = book.nextChange(now).value_or(now);
        }
        now = book.memory().quarantine ? book.memory().quarantine->since : now;
    }
    [[nodiscard]] QString lastError() const { return book.memory().progress->lastError.value_or(u"(none)"_s); }
};

} // namespace

class CycleBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsAllStepsInOrder()
    {
        Night night;
        QCOMPARE(night.begin(), 0);
        QCOMPARE(night.end(0, kDone), 1);
        QCOMPARE(night.end(1, kDone), 2);
        QVERIFY(!night.book.isComplete());
        QCOMPARE(night.end(2, kDone), -1);
        QVERIFY(night.book.isComplete());
        QCOMPARE(night.book.memory(), CycleMemory());
    }

    void aCycleWithoutStepsIsCompleteAtOnce()
    {
        Night night{{}};
        QCOMPARE(night.begin(), -1);
        QVERIFY(night.book.isComplete());
        QVERIFY(!night.book.memory().progress);
    }

    void resumesBehindTheLastStepAfterARestart_data()
    {
        QTest::addColumn<int>("done");
        for (int done = 0; done <= 2; ++done)
            QTest::addRow("%d done", done) << done;
    }
    void resumesBehindTheLastStepAfterARestart()
    {
        QFETCH(const int, done);
        Night night;
        int at = night.begin();
        while (at < done)
            at = night.end(at, kDone);
        night.restart();
        night.now += 23h;
        QCOMPARE(night.begin(), done);
        for (at = done; at >= 0;)
            at = night.end(at, kDone);
        QVERIFY2(night.book.isComplete(), "a cycle finished by resuming is complete");
    }

    void startsAfreshWhereProgressDoesNotFit_data()
    {
        QTest::addColumn<QStringList>("steps");
        QTest::addColumn<qint64>("hoursLater");
        QTest::addColumn<int>("resumesAt");
        QTest::newRow("same") << kSteps << qint64(1) << 2;
        QTest::newRow("later steps changed")
            << QStringList{u"rotate"_s, u"consolidate"_s, u"shrink"_s, u"more"_s} << qint64(1) << 2;
        QTest::newRow("renamed") << QStringList{u"rotate"_s, u"digest"_s, u"vacuum"_s} << qint64(1) << 0;
        QTest::newRow("moved") << QStringList{u"consolidate"_s, u"rotate"_s, u"vacuum"_s} << qint64(1) << 0;
        QTest::newRow("fewer") << QStringList{u"rotate"_s} << qint64(1) << 0;
        QTest::newRow("last ones removed") << QStringList{u"rotate"_s, u"consolidate"_s} << qint64(1) << -1;
        QTest::newRow("24 h old") << kSteps << qint64(24) << 2;
        QTest::newRow("over 24 h old") << kSteps << qint64(25) << 0;
        QTest::newRow("from a clock far ahead") << kSteps << qint64(-25) << 0;
        QTest::newRow("clock set back a little") << kSteps << qint64(-1) << 2;
    }
    void startsAfreshWhereProgressDoesNotFit()
    {
        QFETCH(const QStringList, steps);
        QFETCH(const qint64, hoursLater);
        QFETCH(const int, resumesAt);
        Night night;
        night.begin();
        night.end(0, kDone);
        night.end(1, kDone);
        night.restart(steps);
        night.now += std::chrono::hours(hoursLater);
        QCOMPARE(night.begin(), resumesAt);
        QCOMPARE(night.book.isComplete(), resumesAt < 0);
    }

    void aDeferralIsNoStrike_data()
    {
        QTest::addColumn<bool>("isInterruption");
        QTest::newRow("exit 75") << false;
        QTest::newRow("interrupted") << true;
    }
    void aDeferralIsNoStrike()
    {
        QFETCH(const bool, isInterruption);
        Night night;
        night.begin();
        night.end(0, kDone);
        QCOMPARE(night.end(1, isInterruption ? kInterrupted : kDeferred), -1);
        QVERIFY(!night.book.isComplete());
        QCOMPARE(night.lastError(), u"deferred:step=consolidate"_s);
        QVERIFY(night.book.memory().strikes.isEmpty());
        night.restart();
        QCOMPARE(night.lastError(), u"deferred:step=consolidate"_s);
        QCOMPARE(night.begin(), 1);
        QCOMPARE(night.attempt(), 0);
    }

    void deferralsWithoutProgressBackOff()
    {
        Night night;
        QList<qint64> minutes;
        for (int i = 0; i < 8; ++i) {
            QVERIFY(night.book.canStart(night.now));
            QCOMPARE(night.begin(), 0);
            night.end(0, kDeferred);
            QVERIFY(!night.book.canStart(night.now));
            QVERIFY(night.book.heldBack(night.now).contains(u"deferred %1x"_s.arg(i + 1)));
            const WallTime retry = night.book.nextChange(night.now).value_or(night.now);
            minutes.append(std::chrono::duration_cast<std::chrono::minutes>(retry - night.now).count());
            QVERIFY(!night.book.canStart(retry - 1ms));
            night.now = retry;
            night.restart();
        }
        QCOMPARE(minutes, (QList<qint64>{1, 2, 4, 8, 16, 30, 30, 30}));
        QCOMPARE(night.book.memory().deferrals, 8);

        night.begin();
        QCOMPARE(night.end(0, kDone), 1); // progress: the row is over
        QCOMPARE(night.book.memory().deferrals, 0);
        night.end(1, kDeferred);
        QCOMPARE(night.book.nextChange(night.now), std::optional(night.now + 1min));
    }

    void retriesWait()
    {
        Night night;
        night.begin();
        QCOMPARE(night.end(0, failed(u"exit code 3"_s)), -1);
        QCOMPARE(night.lastError(), u"exit code 3"_s);
        QCOMPARE(night.book.nextChange(night.now), std::optional(night.now + 1min));
        QVERIFY(night.book.heldBack(night.now).contains(u"rotate failed 1x: exit code 3"_s));
        night.now += 1min;
        QVERIFY(night.book.canStart(night.now));
        QCOMPARE(night.attempt(), 1);
        night.end(0, failed());
        QCOMPARE(night.book.nextChange(night.now), std::optional(night.now + 5min));
        night.now += 5min;
        QCOMPARE(night.attempt(), 2);
        QCOMPARE(night.end(0, kDone), 1);
        QCOMPARE(night.book.memory().progress->attempt, 0);
        QVERIFY(night.book.memory().strikes.isEmpty());
    }

    void errorsAreKeptShort()
    {
        Night night;
        night.begin();
        night.end(0, failed(QString(10'000, u'x')));
        QCOMPARE(night.lastError().size(), 500);
    }

    void strikesInARowQuarantine()
    {
        Night night;
        night.failUntilQuarantined(1);
        QVERIFY(night.book.memory().quarantine);
        const Quarantine quarantine = *night.book.memory().quarantine;
        QCOMPARE(quarantine.reason, u"sleep step 2 (consolidate) failed 3x"_s);
        QCOMPARE(quarantine.since, night.now);
        QCOMPARE(quarantine.until, night.now + 24h);
        QVERIFY(!night.book.canStart(night.now));
        QVERIFY(night.book.isQuarantined(night.now + 24h - 1ms));
        QVERIFY(night.book.heldBack(night.now).contains(quarantine.reason));
        QCOMPARE(night.book.nextChange(night.now), std::optional(quarantine.until));
        QCOMPARE(night.book.takeEntered(), std::optional(quarantine));
        QVERIFY2(!night.book.takeEntered(), "told once");
        QVERIFY(!night.book.liftExpired(night.now + 23h));
    }

    void settingsDecideStrikesAndLength()
    {
        Settings settings;
        settings.strikes = 1;
        settings.quarantineTtl = 2h;
        Night night;
        night.book.setSettings(settings);
        night.begin();
        night.end(0, failed());
        QCOMPARE(night.book.memory().quarantine.value_or(Quarantine()).until, night.now + 2h);
        QCOMPARE(night.book.memory().quarantine->reason, u"sleep step 1 (rotate) failed 1x"_s);
    }

    void strikesOutliveProgressThatStartsAfresh()
    {
        Night night;
        for (int nights = 0; nights < 3; ++nights) { // a step that fails once a night, as with a machine that is used in between
            night.begin();
            night.end(0, kDone);
            QCOMPARE(night.end(1, failed()), -1);
            QCOMPARE(night.book.memory().quarantine.has_value(), nights == 2);
            night.now += 25h;
            night.restart();
        }
    }

    void strikesAreForgottenAfterAWeek()
    {
        Night night;
        night.begin();
        night.end(0, failed());
        night.restart();
        night.now += 7 * 24h;
        QCOMPARE(night.attempt(), 1);
        night.now += 1ms;
        QCOMPARE(night.attempt(), 0);
        QVERIFY(night.book.memory().strikes.isEmpty());
    }

    void strikesOfARenamedStepAreNotAnothers()
    {
        Night night;
        night.begin();
        night.end(0, failed());
        night.restart({u"turn"_s, u"consolidate"_s, u"vacuum"_s});
        QCOMPARE(night.attempt(), 0);
        QCOMPARE(night.begin(), 0);
    }

    void aQuarantineLiftsItself_data()
    {
        QTest::addColumn<qint64>("minutesLater");
        QTest::addColumn<QString>("reason");
        QTest::newRow("not yet") << qint64(24 * 60 - 1) << QString();
        QTest::newRow("at its end") << qint64(24 * 60) << u"auto_recovery_after_ttl"_s;
        QTest::newRow("long after") << qint64(60 * 24 * 60) << u"auto_recovery_after_ttl"_s;
        QTest::newRow("the clock corrected a little") << qint64(-1) << QString();
        QTest::newRow("set under a clock a day ahead") << qint64(-24 * 60) << u"auto_recovery_malformed_ts"_s;
    }
    void aQuarantineLiftsItself()
    {
        QFETCH(const qint64, minutesLater);
        QFETCH(const QString, reason);
        Night night;
        night.failUntilQuarantined(0);
        const QString until = formatTimestamp(night.book.memory().quarantine->until);
        night.restart();
        night.now += std::chrono::minutes(minutesLater);
        const auto lifted = night.book.liftExpired(night.now);
        QCOMPARE(lifted.has_value(), !reason.isEmpty());
        if (!lifted)
            return;
        QCOMPARE(lifted->first, reason);
        QCOMPARE(lifted->second, until);
        QVERIFY(night.book.canStart(night.now));
        QCOMPARE(night.attempt(), 0);
        QVERIFY(!night.book.liftExpired(night.now));
    }

    void aShorterTtlLiftsAtOnce()
    {
        Night night;
        night.failUntilQuarantined(0);
        Settings settings;
        settings.quarantineTtl = 1h;
        night.book.setSettings(settings);
        QVERIFY(night.book.liftExpired(night.now));
        QVERIFY(night.book.canStart(night.now));
    }

    void byHandItIsLiftedAtOnce()
    {
        Night night;
        night.failUntilQuarantined(0);
        const QString until = formatTimestamp(night.book.memory().quarantine->until);
        QCOMPARE(night.book.resetQuarantine(), std::optional(until));
        QVERIFY(night.book.canStart(night.now));
        QCOMPARE(night.attempt(), 0);
        QVERIFY(!night.book.resetQuarantine());
    }

    void aForcedCycleDoesNotLiftIt()
    {
        Night night;
        night.failUntilQuarantined(0);
        const auto quarantine = night.book.memory().quarantine;
        night.now += 1h;
        QCOMPARE(night.begin(), 0);
        night.end(0, failed());
        QCOMPARE(night.book.memory().quarantine, quarantine); // nor does its failure make it longer
        night.begin();
        QCOMPARE(night.end(0, kDone), 1);
        night.end(1, kDone);
        night.end(2, kDone);
        QVERIFY(night.book.isComplete());
        QCOMPARE(night.book.memory().quarantine, quarantine);
        QVERIFY(!night.book.canStart(night.now));
    }

    void aRetryThatAClockMovedAwayIsDropped()
    {
        Night night;
        night.begin();
        night.end(0, failed());
        night.now -= 24h;
        QVERIFY(night.book.canStart(night.now));
        QVERIFY(!night.book.nextChange(night.now));
    }

    void outcomesOfAnotherCycleAreNotTaken()
    {
        Night night;
        QCOMPARE(night.end(0, kDone), -1);
        QCOMPARE(night.book.memory(), CycleMemory());
        night.begin();
        QCOMPARE(night.end(2, kDone), -1);
        QCOMPARE(night.book.memory().progress->lastCompletedStep, 0);
    }

    void numbersAreSummedOverTheWholeCycle()
    {
        Night night;
        night.begin();
        night.end(0, {.end = StepEnd::Done, .error = {}, .numbers = {{u"episodes_processed"_s, 3}, {u"mb"_s, 0.5}}});
        night.end(1, {.end = StepEnd::Failed, .error = u"x"_s, .numbers = {{u"episodes_processed"_s, 100}}});
        night.restart();
        night.begin();
        night.end(1, {.end = StepEnd::Done, .error = {}, .numbers = {{u"episodes_processed"_s, 4}}});
        night.end(2, {.end = StepEnd::Done, .error = {}, .numbers = {{u"mb"_s, 1}}});
        QCOMPARE(night.book.takeNumbers(), (QMap<QString, double>{{u"episodes_processed"_s, 7}, {u"mb"_s, 1.5}}));
        QVERIFY(night.book.takeNumbers().isEmpty());
    }
};

QTEST_GUILESS_MAIN(CycleBookTest)
#include "tst_cyclebook.moc"
