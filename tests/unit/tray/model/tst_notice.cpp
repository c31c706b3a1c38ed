// SPDX-License-Identifier: MIT
#include "tests/unit/tray/model/pictures.h"
#include "tray/model/notice.h"

#include <QTranslator>
#include <QtTest>

using namespace dormouse;
using namespace dormouse::pictures;
using namespace Qt::Literals::StringLiterals;

namespace {

class MarkingTranslator : public QTranslator
{
public:
    QString translate(const char *, const char *source, const char *, int) const override
    {
        return QChar(0x27E6) + QString::fromUtf8(source) + QChar(0x27E7);
    }
    bool isEmpty() const override { return false; }
};

AgentPicture withMarks(const std::vector<Attention> &marks, State state = State::Wake)
{
    AgentPicture picture = connected(state);
    picture.snapshot->attention = marks;
    return picture;
}

const QString kMorning = stamp(u"09:00:00"_s);
const QString kNoon = stamp(u"12:00:00"_s);

} // namespace

/// What is told, and that it is told once. Runs with TZ=UTC.
class TestNotice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void attentionIsToldOnce()
    {
        NoticeBook book;
        const AgentPicture picture = withMarks({{u"service web"_s, u"web died 5 times in a row"_s, kMorning}});
        const std::vector<Notice> told = book.observe(picture);
        QCOMPARE(told.size(), 1u);
        QCOMPARE(told[0].kind, Notice::Kind::Warning);
        QCOMPARE(seen(told[0].title), u"The service web needs attention"_s);
        QCOMPARE(seen(told[0].text), u"web died 5 times in a row"_s);
        QVERIFY(book.observe(picture).empty());
    }

    void changedNumbersAreNoNews()
    {
        NoticeBook book;
        QCOMPARE(book.observe(withMarks({{u"starvation"_s, u"72 h without a cycle"_s, kMorning}})).size(), 1u);
        QVERIFY(book.observe(withMarks({{u"starvation"_s, u"73 h without a cycle"_s, kMorning}})).empty());
        // Nor from an agent that does not tell since when.
        QCOMPARE(book.observe(withMarks({{u"overflow"_s, u"10001 files"_s, {}}})).size(), 1u);
        QVERIFY(book.observe(withMarks({{u"overflow"_s, u"10002 files"_s, {}}})).empty());
    }

    void anotherOccurrenceIsToldAgain()
    {
        NoticeBook book;
        QCOMPARE(book.observe(withMarks({{u"service web"_s, u"web died"_s, kMorning}})).size(), 1u);
        QVERIFY(book.observe(withMarks({})).empty());
        QCOMPARE(book.observe(withMarks({{u"service web"_s, u"web died"_s, kNoon}})).size(), 1u);
    }

    void severalAtOnceAreEachTold()
    {
        NoticeBook book;
        AgentPicture picture = withMarks({{u"service a"_s, u"x"_s, kMorning}, {u"service b"_s, u"x"_s, kMorning}});
        picture.snapshot->lastError = u"disk full"_s;
        picture.snapshot->quarantine = QJsonObject{{"since_ts"_L1, kMorning}, {"reason"_L1, u"vacuum failed"_s}};
        QCOMPARE(book.observe(picture).size(), 4u);
    }

    void titles_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("title");
        QTest::addColumn<bool>("isWarning");
        QTest::newRow("configuration") << u"configuration"_s << u"dormouse.toml has an error"_s << true;
        QTest::newRow("starvation") << u"starvation"_s << u"Maintenance has not been completed for long"_s << true;
        QTest::newRow("commands") << u"commands_changed"_s << u"dormouse.toml brought new commands"_s << false;
        QTest::newRow("quarantine of an older agent") << u"quarantine"_s << u"Maintenance is suspended"_s << true;
        QTest::newRow("a mark of a newer agent") << u"moon_phase"_s << u"Dormouse needs attention"_s << true;
    }

    void titles()
    {
        QFETCH(const QString, what);
        const std::vector<Notice> told = NoticeBook().observe(withMarks({{what, u"cause"_s, kMorning}}));
        QCOMPARE(told.size(), 1u);
        QTEST(told[0].title, "title");
        QTEST(told[0].kind == Notice::Kind::Warning, "isWarning");
    }

    /// The agent raises a mark for it, too: it is still one notice, with times as people read them.
    void quarantineIsToldOnce()
    {
        NoticeBook book;
        AgentPicture picture =
            withMarks({{u"quarantine"_s, u"housekeeping is suspended until 2026-05-03T03:14:00+00:00"_s, kNoon}});
        picture.snapshot->quarantine = QJsonObject{{"since_ts"_L1, u"2026-05-02T03:14:00+00:00"_s},
                                                   {"until_ts"_L1, u"2026-05-03T03:14:00+00:00"_s},
                                                   {"reason"_L1, u"vacuum failed 3x"_s}};
        const std::vector<Notice> told = book.observe(picture);
        QCOMPARE(told.size(), 1u);
        QCOMPARE(seen(told[0].text), u"No sleep cycle until Sun 03:14: vacuum failed 3x"_s);
        // The next agent knows the same quarantine, and raises its mark anew.
        picture.snapshot->attention[0].since = stamp(u"14:00:00"_s);
        QVERIFY(book.observe(picture).empty());
        picture.snapshot->quarantine->insert("since_ts"_L1, u"2026-05-04T03:14:00+00:00"_s);
        QCOMPARE(book.observe(picture).size(), 1u);
    }

    void configurationErrorIsOneNotice()
    {
        NoticeBook book;
        AgentPicture picture = withMarks({{u"configuration"_s, u"dormouse.toml:3:1: wrong"_s, kMorning}});
        picture.snapshot->lastError = u"dormouse.toml:3:1: wrong"_s;
        QCOMPARE(book.observe(picture).size(), 1u);
    }

    void anErrorThatComesBackIsToldAgain()
    {
        NoticeBook book;
        AgentPicture failing = connected(State::Wake);
        failing.snapshot->lastError = u"lifecycle_state.json: no space left (3 tries)"_s;
        QCOMPARE(book.observe(failing).size(), 1u);
        failing.snapshot->lastError = u"lifecycle_state.json: no space left (4 tries)"_s;
        QVERIFY(book.observe(failing).empty());
        QVERIFY(book.observe(connected(State::Wake)).empty());
        QCOMPARE(book.observe(failing).size(), 1u);
    }

    void onlyAnAgentThatAnswersIsBelieved_data()
    {
        QTest::addColumn<int>("link");
        QTest::newRow("searching") << int(LinkState::Searching);
        QTest::newRow("frozen") << int(LinkState::Frozen);
        QTest::newRow("absent") << int(LinkState::Absent);
        QTest::newRow("broken") << int(LinkState::Broken);
    }

    void onlyAnAgentThatAnswersIsBelieved()
    {
        QFETCH(const int, link);
        AgentPicture picture = withMarks({{u"a"_s, u"x"_s, kMorning}});
        picture.snapshot->pendingDigest = QJsonObject{{"rem_cycles_completed"_L1, 1}};
        picture.link = LinkState(link);
        NoticeBook book;
        QVERIFY(book.observe(picture).empty());
        QVERIFY(!book.isDigestDue(picture));
        picture.link = LinkState::Connected;
        QCOMPARE(book.observe(picture).size(), 1u);
    }

    void memoryOutlivesTheTray()
    {
        NoticeBook first;
        const AgentPicture picture = withMarks({{u"a"_s, u"x"_s, kMorning}});
        QCOMPARE(first.observe(picture).size(), 1u);
        NoticeBook second(first.told());
        QVERIFY(second.observe(picture).empty());
    }

    void memoryIsBounded()
    {
        NoticeBook book;
        const Attention standing{u"standing"_s, u"x"_s, kMorning};
        QCOMPARE(book.observe(withMarks({standing})).size(), 1u);
        for (int i = 0; i < 500; ++i)
            QCOMPARE(book.observe(withMarks({standing, {u"passing"_s, u"x"_s, QString::number(i)}})).size(), 1u);
        QVERIFY2(book.told().size() <= 200, qPrintable(QString::number(book.told().size())));
        QVERIFY(book.observe(withMarks({standing})).empty()); // the oldest, but it stands
        QCOMPARE(NoticeBook(QStringList(1, u"a"_s) + book.told() + book.told()).told().size(), 200);
    }

    /// An agent gone mad must not bury the desktop in notices again and again.
    void aFloodIsToldOnceAndCut()
    {
        std::vector<Attention> marks;
        for (int i = 0; i < 1000; ++i)
            marks.push_back({u"mark "_s + QString::number(i), QString(10'000, u'x'), kMorning});
        NoticeBook book;
        const std::vector<Notice> told = book.observe(withMarks(marks));
        QVERIFY(told.size() <= 100u);
        QVERIFY(told[0].text.size() < 400);
        QVERIFY(book.observe(withMarks(marks)).empty());
    }

    void digestIsDueOnceAStay()
    {
        NoticeBook book;
        AgentPicture picture = connected(State::Sleep, u"03:00:00"_s);
        picture.snapshot->pendingDigest = QJsonObject{{"rem_cycles_completed"_L1, 1}};
        QVERIFY(!book.isDigestDue(picture)); // nobody is there to read it
        picture.snapshot->state = State::Wake;
        picture.snapshot->stateSinceTs = stamp(u"08:00:00"_s);
        QVERIFY(book.isDigestDue(picture));
        QVERIFY(!book.isDigestDue(picture));
        picture.snapshot->pendingDigest->insert("rem_cycles_completed"_L1, 2); // kept back by its 18 h, and growing
        picture.snapshot->sinceTs = stamp(u"08:01:00"_s);
        QVERIFY(!book.isDigestDue(picture));
        picture.snapshot->stateSinceTs = stamp(u"14:00:00"_s); // the next WAKE
        QVERIFY(book.isDigestDue(picture));
    }

    void theNextDigestIsDueAgain()
    {
        NoticeBook book;
        AgentPicture picture = connected(State::Wake);
        QVERIFY(!book.isDigestDue(picture));
        picture.snapshot->pendingDigest = QJsonObject{{"rem_cycles_completed"_L1, 1}};
        QVERIFY(book.isDigestDue(picture));
        picture.snapshot->pendingDigest.reset(); // it was given out
        QVERIFY(!book.isDigestDue(picture));
        picture.snapshot->pendingDigest = QJsonObject{{"rem_cycles_completed"_L1, 1}};
        QVERIFY(book.isDigestDue(picture));
    }

    void digestLinesAreInWords()
    {
        const QJsonObject digest{
            {"freed_bytes"_L1, 1.9e9},       {"duration_sec"_L1, 260},        {"rem_cycles_completed"_L1, 2},
            {"episodes_processed"_L1, 12},   {"schemas_induced_tier0"_L1, 0}, {"cache_pruned_bytes"_L1, 64e6},
            {"index_sec"_L1, 3.5},           {"orphans_found"_L1, 1.5},       {"last_run"_L1, u"2026-05-02T03:14:00+00:00"_s},
            {"note_of_a_step"_L1, u"fine"_s}};
        QStringList lines;
        for (const auto &[name, value] : digestLines(digest, kNow))
            lines.append(seen(name + u" = "_s + value));
        const QStringList expected{
            u"Sleep cycles completed = 2"_s, u"Episodes processed = 12"_s, u"Schemas induced = 0"_s, u"Time taken = 4 min"_s,
            u"Memory freed = 1.9 GB"_s,      u"cache pruned = 64 MB"_s,    u"index = 3 s"_s,         u"last run = 03:14"_s,
            u"note of a step = fine"_s,      u"orphans found = 1.5"_s};
        QCOMPARE(lines, expected);
    }

    void digestNoticeLeavesOutWhatDidNotHappen()
    {
        const Notice notice =
            digestNotice({{"rem_cycles_completed"_L1, 2}, {"episodes_processed"_L1, 0}, {"duration_sec"_L1, 260}}, kNow);
        QCOMPARE(notice.kind, Notice::Kind::Information);
        QCOMPARE(notice.title, u"While everybody slept"_s);
        QCOMPARE(notice.text, u"Sleep cycles completed: 2\nTime taken: 4 min"_s);
        QVERIFY(!digestNotice({{"episodes_processed"_L1, 0}}, kNow).text.isEmpty());
        QVERIFY(digestNotice({}, kNow).id != digestNotice({}, kNow + std::chrono::hours(18)).id);
    }

    void digestsAreBounded()
    {
        QJsonObject digest;
        for (int i = 0; i < 500; ++i)
            digest.insert(u"counter_"_s + QString::number(i), i + 1);
        QVERIFY(digestLines(digest, kNow).size() <= 40u);
        const QStringList lines = digestNotice(digest, kNow).text.split(u'\n');
        QCOMPARE(lines.size(), 7);
        QCOMPARE(lines.last(), u"and 34 more…"_s);
    }

    void wordsAreTranslated()
    {
        MarkingTranslator translator;
        QVERIFY(QCoreApplication::installTranslator(&translator));
        AgentPicture picture = withMarks({{u"service α"_s, u"α"_s, kMorning},
                                          {u"configuration"_s, u"α"_s, kMorning},
                                          {u"starvation"_s, u"α"_s, kMorning},
                                          {u"commands_changed"_s, u"α"_s, kMorning},
                                          {u"x"_s, u"α"_s, kMorning}});
        picture.snapshot->quarantine = QJsonObject{{"reason"_L1, u"α"_s}};
        picture.snapshot->lastError = u"β"_s;
        std::vector<Notice> notices = NoticeBook().observe(picture);
        QCOMPARE(notices.size(), 7u);
        notices.push_back(digestNotice({{"rem_cycles_completed"_L1, 2}}, kNow));
        for (const Notice &notice : notices) {
            QVERIFY2(notice.title.startsWith(QChar(0x27E6)), qPrintable(notice.title));
            const bool isForeign = notice.text.startsWith(QChar(0x2068));
            QVERIFY2(isForeign || notice.text.startsWith(QChar(0x27E6)), qPrintable(notice.text));
        }
        for (const auto &[name, value] : digestLines({{"rem_cycles_completed"_L1, 1},
                                                      {"episodes_processed"_L1, 1},
                                                      {"schemas_induced_tier0"_L1, 1},
                                                      {"duration_sec"_L1, 1},
                                                      {"freed_bytes"_L1, 1}},
                                                     kNow))
            QVERIFY2(name.startsWith(QChar(0x27E6)), qPrintable(name));
    }

    void foreignTextCannotBecomeMarkup()
    {
        const std::vector<Notice> told =
            NoticeBook().observe(withMarks({{u"service <b>"_s, u"<a href=x>click</a>\n&amp;"_s, kMorning}}));
        for (const QString &text : {told.at(0).title, told.at(0).text})
            QVERIFY2(!text.contains(u'<') && !text.contains(u"&amp;"_s) && !text.contains(u'\n'), qPrintable(text));
    }
};

QTEST_GUILESS_MAIN(TestNotice)
#include "tst_notice.moc"
