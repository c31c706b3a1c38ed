// SPDX-License-Identifier: MIT
#include "shared/presence/heartbeatscanner.h"

#include "tests/unit/presence/wrapperfolder.h"

#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;

/// A clean-up that takes too much puts a wrapper in use to sleep; one that takes too little leaves litter for ever.
class TestHeartbeatCleaner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        m_folder->make();
        m_processes.alive = {10, 11, 12};
        m_processes.onAsk = {};
    }

    void onRequestTakesStaleAndOrphan()
    {
        m_folder->beat(10, u"fresh"_s, kNow - kStale);
        m_folder->beat(11, u"stale"_s, kNow - kStale - 1ms);
        m_folder->beat(12, u"future"_s, kNow + kStale + 1ms);
        m_folder->beat(90, u"orphan"_s, kNow);
        m_folder->put("heartbeat-x.json", "no heartbeat at all");
        m_folder->put(".heartbeat-90-x.json", WrapperFolder::payload(90, u"x"_s, kNow));
        m_folder->put("heartbeat-91-\xff\n.json", WrapperFolder::payload(91, u"strange"_s, kNow));
        QCOMPARE(::mkdir(m_folder->raw("heartbeat-90-folder.json").constData(), 0700), 0);
        const CleanResult result = clean(CleanScope::StaleAndOrphan);
        QCOMPARE(result.removed, 4);
        QVERIFY(result.failures.empty());
        QVERIFY(m_folder->has("heartbeat-10-fresh.json"));
        QVERIFY(m_folder->has("heartbeat-x.json"));
        QVERIFY(m_folder->has(".heartbeat-90-x.json"));
        QVERIFY(m_folder->has("heartbeat-90-folder.json"));
        QVERIFY(!m_folder->has("heartbeat-11-stale.json"));
        QVERIFY(!m_folder->has("heartbeat-12-future.json"));
        QVERIFY(!m_folder->has("heartbeat-90-orphan.json"));
        QVERIFY(!m_folder->has("heartbeat-91-\xff\n.json"));
    }

    void byItselfTakesOnlyDeadAndOld()
    {
        m_folder->beat(11, u"alive"_s, kNow - 1h);
        m_folder->beat(90, u"young"_s, kNow - kStale);
        m_folder->beat(91, u"old"_s, kNow - kStale - 1ms);
        QCOMPARE(clean(CleanScope::DeadAndOld).removed, 1);
        QVERIFY(m_folder->has("heartbeat-11-alive.json"));
        QVERIFY(m_folder->has("heartbeat-90-young.json"));
        QVERIFY(!m_folder->has("heartbeat-91-old.json"));
    }

    /// The wrapper writes between the look and the removal: by rename, and in place.
    void refreshedMeanwhileSurvives_data()
    {
        QTest::addColumn<bool>("inPlace");
        QTest::newRow("renamed over") << false;
        QTest::newRow("in place") << true;
    }
    void refreshedMeanwhileSurvives()
    {
        QFETCH(const bool, inPlace);
        m_folder->beat(11, u"s"_s, kNow - 1h);
        m_folder->setModified("heartbeat-11-s.json", kNow - 1h);
        m_processes.onAsk = [&](qint64) {
            const QByteArray fresh = WrapperFolder::payload(11, u"s"_s, kNow);
            inPlace ? m_folder->put("heartbeat-11-s.json", fresh) : m_folder->rename("heartbeat-11-s.json", fresh);
        };
        QCOMPARE(clean(CleanScope::StaleAndOrphan).removed, 0);
        QVERIFY(m_folder->has("heartbeat-11-s.json"));
    }

    void goneMeanwhileCountsAsDone()
    {
        m_folder->beat(90, u"o"_s, kNow);
        m_processes.onAsk = [&](qint64) { ::unlink(m_folder->raw("heartbeat-90-o.json").constData()); };
        const CleanResult result = clean(CleanScope::StaleAndOrphan);
        QCOMPARE(result.removed, 1);
        QVERIFY(result.failures.empty());
    }

    void goesOnPastFailuresAndTellsThem()
    {
        if (::geteuid() == 0)
            QSKIP("root may remove every file: run as another user to test refused removals");
        m_folder->beat(90, u"o"_s, kNow);
        m_folder->beat(91, u"o"_s, kNow);
        QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), 0500), 0);
        const CleanResult result = clean(CleanScope::StaleAndOrphan);
        QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), 0700), 0);
        QCOMPARE(result.removed, 0);
        QCOMPARE(result.failures.size(), 2u);
        QCOMPARE(result.failures[0].systemError, EACCES);
        QVERIFY(result.failures[0].path.startsWith(m_folder->path() + u"/heartbeat-9"_s));
    }

    void takesMoreThanAScanKeeps()
    {
        m_folder->fill(10'500);
        QCOMPARE(clean(CleanScope::StaleAndOrphan).removed, 10'500);
        QVERIFY(QDir(m_folder->path()).isEmpty());
    }

    void missingFolderIsNoFailureButALinkIs()
    {
        QVERIFY(QDir().rmdir(m_folder->path()));
        QVERIFY(clean(CleanScope::StaleAndOrphan).failures.empty());
        QVERIFY(QFile::link(m_folder->dir.path(), m_folder->path()));
        QCOMPARE(clean(CleanScope::StaleAndOrphan).failures.size(), 1u);
    }

private:
    CleanResult clean(CleanScope scope) { return cleanHeartbeats(m_folder->path(), m_processes, scope, kNow, kStale); }

    std::optional<WrapperFolder> m_folder;
    FakeProcesses m_processes;
};

QTEST_GUILESS_MAIN(TestHeartbeatCleaner)
#include "tst_heartbeatcleaner.moc"
