// SPDX-License-Identifier: MIT
#include "shared/records/daemonstate.h"

#include "shared/records/timestamp.h"

#include <QtTest>

#include <limits>

using namespace dormouse;
using namespace dormouse::daemonstate;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = parseTimestamp(u"2026-05-02T12:00:00Z").value_or(WallTime());

QJsonObject firstTurns(const QJsonObject &state)
{
    return state.value("first_turn_pending"_L1).toObject();
}

} // namespace

/// The reference's answers are in the conformance test; here is what a user would lose beyond its vectors.
class TestDaemonState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFirstTurnComesOnce();
    void anEmptySessionIdIsNothing();
    void oldSessionsGoAsNewOnesCome();
    void theNewestHundredStay();
    void aFileFullOfSessionsHoldsNobodyUp();
    void entriesAtTheLimitStay();
    void theDigestIsShownOnceAPeriod();
    void aDigestThatIsNoObjectIsLeftAlone();
    void othersKeysAreNeverTouched();
    void mirrorsTheState();
};

void TestDaemonState::aFirstTurnComesOnce()
{
    QJsonObject state;
    QVERIFY(markSessionOpened(state, u"a"_s, kNow));
    const FirstTurn first = consumeFirstTurn(state, u"a"_s);
    QVERIFY(first.first && first.save);
    const FirstTurn second = consumeFirstTurn(state, u"a"_s);
    QVERIFY(!second.first && !second.save);
}

void TestDaemonState::anEmptySessionIdIsNothing()
{
    QJsonObject state{{u"first_turn_pending"_s, u"legacy"_s}};
    const QJsonObject before = state;
    QVERIFY(!markSessionOpened(state, QString(), kNow));
    QCOMPARE(state, before);
    QVERIFY(markSessionOpened(state, u"a"_s, kNow)); // a legacy scalar gives way to a map
    QCOMPARE(firstTurns(state).keys(), QStringList{u"a"_s});
}

void TestDaemonState::oldSessionsGoAsNewOnesCome()
{
    QJsonObject state;
    QVERIFY(markSessionOpened(state, u"old"_s, kNow - 24h - 1ms));
    QVERIFY(markSessionOpened(state, u"young"_s, kNow - 24h));
    QVERIFY(markSessionOpened(state, u"now"_s, kNow));
    QCOMPARE(firstTurns(state).keys(), (QStringList{u"now"_s, u"young"_s}));
}

void TestDaemonState::theNewestHundredStay()
{
    QJsonObject entries;
    for (int i = 0; i < 150; ++i)
        entries.insert(QString::number(1000 + i), formatTimestamp(kNow - std::chrono::seconds(i)));
    QJsonObject state{{u"first_turn_pending"_s, entries}};
    QCOMPARE(pruneStaleFirstTurns(state, kNow), 50);
    QCOMPARE(firstTurns(state).size(), 100);
    QVERIFY(firstTurns(state).contains("1099"_L1) && !firstTurns(state).contains("1100"_L1));
    QCOMPARE(pruneStaleFirstTurns(state, kNow), 0);
    QCOMPARE(pruneStaleFirstTurns(state, kNow, 24h, 0), 100);
}

/// The agent waits for it: four times as many may take about four times as long, not sixteen times.
void TestDaemonState::aFileFullOfSessionsHoldsNobodyUp()
{
    const auto timeFor = [](int count) {
        QJsonObject sessions;
        for (int i = 0; i < count; ++i)
            sessions.insert(QString::number(i).rightJustified(6, u'0'), u"no time"_s);
        QJsonObject state{{u"first_turn_pending"_s, sessions}};
        QElapsedTimer timer;
        timer.start();
        const bool isMarked = markSessionOpened(state, u"new"_s, kNow);
        return isMarked ? timer.nsecsElapsed() : std::numeric_limits<qint64>::max();
    };
    constexpr int kTries = 5; // the quickest of each: the machine does other things, too
    qint64 few = std::numeric_limits<qint64>::max();
    qint64 many = few;
    for (int i = 0; i < kTries; ++i) {
        few = std::min(few, timeFor(10'000));
        many = std::min(many, timeFor(40'000));
    }
    QVERIFY2(many < 9 * few, qPrintable(u"%1 ns for 10 000, %2 ns for 40 000"_s.arg(few).arg(many)));
}

void TestDaemonState::entriesAtTheLimitStay()
{
    QJsonObject state{{u"first_turn_pending"_s, QJsonObject{{u"a"_s, formatTimestamp(kNow - 1h)},
                                                            {u"b"_s, formatTimestamp(kNow - 1h - 1ms)},
                                                            {u"c"_s, u"no time"_s},
                                                            {u"d"_s, true}}}};
    QCOMPARE(prunePendingFirstTurns(state, kNow), (QStringList{u"b"_s, u"c"_s, u"d"_s}));
    QCOMPARE(firstTurns(state).keys(), QStringList{u"a"_s});
    QCOMPARE(prunePendingFirstTurns(state, kNow), QStringList());
}

void TestDaemonState::theDigestIsShownOnceAPeriod()
{
    const QJsonObject digest{{u"rem_cycles_completed"_s, 1}};
    QJsonObject state{{u"pending_digest"_s, digest}};
    const Digest first = takePendingDigest(state, kNow);
    QVERIFY(first.save);
    QCOMPARE(first.digest, std::optional(digest));
    QVERIFY(!state.contains("pending_digest"_L1));
    state.insert(u"pending_digest"_s, digest);
    const Digest early = takePendingDigest(state, kNow + 18h - 1ms);
    QVERIFY(!early.save && !early.digest);
    QVERIFY(state.contains("pending_digest"_L1)); // kept for later, not lost
    QCOMPARE(takePendingDigest(state, kNow + 18h).digest, std::optional(digest));
}

void TestDaemonState::aDigestThatIsNoObjectIsLeftAlone()
{
    for (const QJsonValue &odd :
         {QJsonValue(), QJsonValue(QJsonObject()), QJsonValue(QJsonArray{1}), QJsonValue(u"x"_s), QJsonValue(1)}) {
        QJsonObject state{{u"pending_digest"_s, odd}};
        const QJsonObject before = state;
        const Digest digest = takePendingDigest(state, kNow);
        QVERIFY(!digest.digest && !digest.save);
        QCOMPARE(state, before);
    }
}

void TestDaemonState::othersKeysAreNeverTouched()
{
    const QJsonObject others{{u"theirs"_s, QJsonObject{{u"x"_s, QJsonArray{1, QJsonValue()}}}}, {u"fsm_state"_s, u"WAKE"_s}};
    QJsonObject state = others;
    QVERIFY(markSessionOpened(state, u"a"_s, kNow));
    state.insert(u"pending_digest"_s, QJsonObject{{u"n"_s, 1}});
    QVERIFY(takePendingDigest(state, kNow).save);
    prunePendingFirstTurns(state, kNow + 48h);
    state.remove(u"first_turn_pending"_s);
    state.remove(u"last_digest_shown_at"_s);
    QCOMPARE(state, others);
}

void TestDaemonState::mirrorsTheState()
{
    QCOMPARE(fsmStateFor(State::Wake, false), std::optional(u"WAKE"_s));
    QCOMPARE(fsmStateFor(State::Drowsy, false), std::optional(u"TRANSITIONING"_s));
    QCOMPARE(fsmStateFor(State::Sleep, false), std::optional(u"SLEEP"_s));
    QCOMPARE(fsmStateFor(State::Sleep, true), std::optional(u"DREAMING"_s));
    QVERIFY(!fsmStateFor(State::Hibernation, false));
}

QTEST_GUILESS_MAIN(TestDaemonState)
#include "tst_daemonstate.moc"
