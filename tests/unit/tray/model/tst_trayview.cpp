// SPDX-License-Identifier: MIT
#include "tests/unit/tray/model/pictures.h"
#include "tray/model/words.h"

#include <QtTest>

using namespace dormouse;
using namespace dormouse::pictures;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(dormouse::AgentPicture)
Q_DECLARE_METATYPE(dormouse::IconLook)

/// What icon and tooltip tell. Runs with TZ=UTC, so that local times are known.
class TestTrayView : public QObject
{
    Q_OBJECT

private:
    static QString headlineOf(const AgentPicture &picture) { return seen(trayView(picture, {}, kNow).headline); }

    static AgentPicture with(AgentPicture picture, const std::function<void(Snapshot &)> &change)
    {
        change(*picture.snapshot);
        return picture;
    }

    static AgentPicture withPicture(AgentPicture picture, const std::function<void(AgentPicture &)> &change)
    {
        change(picture);
        return picture;
    }

private Q_SLOTS:
    void initTestCase() { QCOMPARE(qgetenv("TZ"), QByteArray("UTC")); }

    void headline_data()
    {
        QTest::addColumn<AgentPicture>("picture");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const AgentPicture &picture, const QString &expected) {
            QTest::newRow(name) << picture << expected;
        };
        row("the specification's", drowsy(), u"DROWSY since 15:30 · sleeps at 15:55 · 2 wrappers · 1.9 GB freed"_s);
        row("awake", connected(State::Wake), u"WAKE since 15:30"_s);
        row("what was freed is past when awake", with(connected(State::Wake), [](Snapshot &s) { s.freedBytes = 5'000'000; }),
            u"WAKE since 15:30"_s);
        row("asleep",
            with(connected(State::Sleep),
                 [](Snapshot &s) {
                     s.next = NextState{State::Hibernation, stamp(u"17:30:00"_s)};
                 }),
            u"SLEEP since 15:30 · hibernates at 17:30"_s);
        row("gets drowsy",
            with(connected(State::Wake),
                 [](Snapshot &s) {
                     s.next = NextState{State::Drowsy, stamp(u"15:45:00"_s)};
                 }),
            u"WAKE since 15:30 · gets drowsy at 15:45"_s);
        row("next at no time",
            with(connected(State::Wake),
                 [](Snapshot &s) {
                     s.next = NextState{State::Drowsy, u"soon"_s};
                 }),
            u"WAKE since 15:30"_s);
        row("one wrapper, one lease",
            with(connected(State::Wake),
                 [](Snapshot &s) {
                     s.wrappers.fresh = 1;
                     s.wrappers.leases = 1;
                 }),
            u"WAKE since 15:30 · 1 wrapper · 1 lease"_s);
        row("held for a while",
            with(connected(State::Wake),
                 [](Snapshot &s) {
                     s.schedulerPaused = true;
                     s.pausedUntil = stamp(u"16:10:00"_s);
                 }),
            u"WAKE since 15:30 · kept awake until 16:10"_s);
        row("held for good", with(connected(State::Wake), [](Snapshot &s) { s.schedulerPaused = true; }),
            u"WAKE since 15:30 · kept awake until turned off"_s);
        row("maintenance", with(connected(State::Sleep), [](Snapshot &s) { s.runningStep = u"vacuum"_s; }),
            u"SLEEP since 15:30 · maintenance runs: vacuum"_s);
        row("shadow run", with(connected(State::Wake), [](Snapshot &s) { s.shadowRun = true; }),
            u"WAKE since 15:30 · shadow run: nothing is really stopped"_s);
        row("attention",
            with(connected(State::Wake),
                 [](Snapshot &s) {
                     s.attention = {{u"a"_s, u"a"_s, {}}, {u"b"_s, u"b"_s, {}}};
                 }),
            u"WAKE since 15:30 · 2 things need attention"_s);
        row("an agent that tells no state_since_ts", with(connected(State::Wake), [](Snapshot &s) { s.stateSinceTs.clear(); }),
            u"WAKE since 15:41"_s);
        row("since yesterday", with(connected(State::Wake), [](Snapshot &s) { s.stateSinceTs = u"2026-05-01T23:10:00Z"_s; }),
            u"WAKE since Fri 23:10"_s);
        row("since no time", with(connected(State::Wake), [](Snapshot &s) { s.stateSinceTs = u"lately"_s; }), u"WAKE"_s);
    }

    void headline()
    {
        QFETCH(const AgentPicture, picture);
        QTEST(headlineOf(picture), "expected");
    }

    void headlineOfOthers_data()
    {
        QTest::addColumn<AgentPicture>("picture");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const AgentPicture &picture, const QString &expected) {
            QTest::newRow(name) << picture << expected;
        };
        row("hibernates, as it should", absent(State::Hibernation),
            u"HIBERNATION since 15:30 · no agent is running · Wake Now starts it"_s);
        row("gone amid work", absent(State::Drowsy),
            u"No agent is running · last known: DROWSY since 15:30 · Wake Now starts it"_s);
        row("never there", absent(std::nullopt), u"No agent is running · Wake Now starts it"_s);
        row("waking", withPicture(absent(State::Hibernation), [](AgentPicture &p) { p.isWaking = true; }),
            u"HIBERNATION since 15:30 · no agent is running · waking…"_s);
        row("frozen", frozen(), u"The agent does not answer (last known: DROWSY since 15:30)"_s);
        row("frozen from the start", withPicture(frozen(), [](AgentPicture &p) { p.snapshot.reset(); }),
            u"The agent does not answer"_s);
        row("broken", broken(), u"what answers on agent.sock is not Dormouse"_s);
        row("broken without a word", withPicture(broken(), [](AgentPicture &p) { p.trouble.clear(); }),
            u"What answers is no agent that can be understood"_s);
        row("searching", AgentPicture{}, u"Looking for the agent…"_s);
    }

    void headlineOfOthers() { headline(); }

    /// Nobody makes the tooltip anew while nothing changes: on the same day, it must stay right.
    void headlineDoesNotAge()
    {
        for (const AgentPicture &picture : {drowsy(), absent(State::Hibernation), absent(State::Drowsy), frozen()})
            QCOMPARE(trayView(picture, {}, kNow + 5h).headline, trayView(picture, {}, kNow).headline);
    }

    void toolTip_data()
    {
        QTest::addColumn<AgentPicture>("picture");
        QTest::addColumn<QString>("secondLine");
        QTest::newRow("why") << drowsy() << u"nobody for 12 min"_s;
        QTest::newRow("frozen: what is wrong") << frozen() << u"no answer for 2 s"_s;
        QTest::newRow("nothing to say") << connected(State::Wake) << QString();
        QTest::newRow("a failed wake") << withPicture(absent(State::Hibernation), [](AgentPicture &p) {
            p.wakeFailure = u"no such unit"_s;
        }) << u"Wake Now failed: no such unit"_s;
    }

    void toolTip()
    {
        QFETCH(const AgentPicture, picture);
        QFETCH(const QString, secondLine);
        const QString expected = secondLine.isEmpty() ? headlineOf(picture) : QString(headlineOf(picture) + u'\n' + secondLine);
        QCOMPARE(seen(trayView(picture, {}, kNow).toolTip), expected);
    }

    void icon_data()
    {
        QTest::addColumn<AgentPicture>("picture");
        QTest::addColumn<IconLook>("expected");
        const auto row = [](const char *name, const AgentPicture &picture, IconShape shape, bool attention = false,
                            bool held = false) {
            QTest::newRow(name) << picture << IconLook{shape, attention, held};
        };
        row("awake", connected(State::Wake), IconShape::Awake);
        row("drowsy", drowsy(), IconShape::Drowsy);
        row("asleep", connected(State::Sleep), IconShape::Asleep);
        row("hibernating, lingering", connected(State::Hibernation), IconShape::Hibernating);
        row("hibernated and exited: healthy", absent(State::Hibernation), IconShape::Hibernating);
        row("gone amid work", absent(State::Wake), IconShape::NoAgent);
        row("never there", absent(std::nullopt), IconShape::NoAgent);
        row("searching", AgentPicture{}, IconShape::NoAgent);
        row("frozen: nothing is known to be true", frozen(), IconShape::NoAgent, true);
        row("frozen while held: no hold is claimed", with(frozen(), [](Snapshot &s) { s.schedulerPaused = true; }),
            IconShape::NoAgent, true);
        row("broken", broken(), IconShape::NoAgent, true);
        row("held", with(connected(State::Wake), [](Snapshot &s) { s.schedulerPaused = true; }), IconShape::Awake, false, true);
        row("a mark",
            with(connected(State::Sleep),
                 [](Snapshot &s) {
                     s.attention = {{u"starvation"_s, u"72 h"_s, {}}};
                 }),
            IconShape::Asleep, true);
        row("an error", with(connected(State::Wake), [](Snapshot &s) { s.lastError = u"disk full"_s; }), IconShape::Awake, true);
        row("quarantine", with(connected(State::Sleep), [](Snapshot &s) { s.quarantine = QJsonObject{}; }), IconShape::Asleep,
            true);
        row("a failed wake", withPicture(absent(State::Hibernation), [](AgentPicture &p) { p.wakeFailure = u"no"_s; }),
            IconShape::Hibernating, true);
    }

    void icon()
    {
        QFETCH(const AgentPicture, picture);
        QFETCH(const IconLook, expected);
        const IconLook look = trayView(picture, {}, kNow).icon;
        QCOMPARE(int(look.shape), int(expected.shape));
        QCOMPARE(look.hasAttention, expected.hasAttention);
        QCOMPARE(look.isHeld, expected.isHeld);
    }

    void times_data()
    {
        QTest::addColumn<QString>("time");
        QTest::addColumn<QString>("expected");
        QTest::newRow("today") << u"2026-05-02T03:05:00Z"_s << u"03:05"_s;
        QTest::newRow("tomorrow") << u"2026-05-03T00:00:00Z"_s << u"Sun 00:00"_s;
        QTest::newRow("six days ago") << u"2026-04-26T12:00:00Z"_s << u"Sun 12:00"_s;
        QTest::newRow("a week ago: the weekday would mislead") << u"2026-04-25T12:00:00Z"_s << u"2026-04-25 12:00"_s;
    }

    void times()
    {
        QFETCH(const QString, time);
        QTEST(timeText(*parseTimestamp(time), kNow), "expected");
    }

    void timesFollowTheLocale()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        const QString german = timeText(*parseTimestamp(u"2026-04-28T15:42:00Z"_s), kNow);
        const QString memory = bytesText(1'900'000'000);
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        const QString american = timeText(kNow, kNow);
        QLocale::setDefault(before);
        QVERIFY2(german.startsWith(u"Di"_s) && german.endsWith(u" 15:42"_s), qPrintable(german)); // "Di." in newer locale data
        QCOMPARE(memory, u"1,9 GB"_s);
        QVERIFY2(american.startsWith(u"3:42"_s) && american.endsWith(u"PM"_s), qPrintable(american));
    }

    void durations_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("expected");
        QTest::newRow("negative") << -5ll << u"0 s"_s;
        QTest::newRow("ms") << 267ll << u"267 ms"_s;
        QTest::newRow("s") << 45'900ll << u"45 s"_s;
        QTest::newRow("min") << 720'000ll << u"12 min"_s;
        QTest::newRow("h") << 3'600'000ll << u"1 h"_s;
        QTest::newRow("h min") << 7'500'000ll << u"2 h 5 min"_s;
        QTest::newRow("d h") << 273'600'000ll << u"3 d 4 h"_s;
        QTest::newRow("d") << 172'800'000ll << u"2 d"_s;
    }

    void durations()
    {
        QFETCH(const qint64, ms);
        QTEST(durationText(Millis(ms)), "expected");
    }

    void sizes_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("expected");
        QTest::newRow("negative") << -1ll << u"0 B"_s;
        QTest::newRow("B") << 12ll << u"12 B"_s;
        QTest::newRow("kB") << 640'000ll << u"640 kB"_s;
        QTest::newRow("one decimal") << 9'940'000ll << u"9.9 MB"_s;
        QTest::newRow("none from ten on") << 9'960'000ll << u"10 MB"_s;
        QTest::newRow("never 1000 of a unit") << 999'600'000ll << u"1.0 GB"_s;
        QTest::newRow("the most") << std::numeric_limits<qint64>::max() << u"9.2 EB"_s;
    }

    void sizes()
    {
        QFETCH(const qint64, bytes);
        QTEST(bytesText(bytes), "expected");
    }
};

QTEST_GUILESS_MAIN(TestTrayView)
#include "tst_trayview.moc"
