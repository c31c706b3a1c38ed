// SPDX-License-Identifier: MIT
#include "shared/records/timestamp.h"
#include "shared/storage/eventlog.h"
#include "tests/unit/storage/storagetest.h"

#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

class EventLogReaderTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] QString day(const QString &date) const { return m_folder->path() + u"/lifecycle-events-%1.jsonl"_s.arg(date); }
    static WallTime time(const QString &text) { return *parseTimestamp(text); }
    static QByteArray line(const QString &when, const QString &mark, QLatin1StringView kind = "test"_L1)
    {
        return formatLogLine({time(when), kind, {{"mark"_L1, mark}}});
    }
    // The marks of the visited entries, in their order.
    [[nodiscard]] QString marks(const QString &since, const QString &until, bool lookBack = false) const
    {
        QString result;
        readEventLog(m_folder->path(), time(since), time(until), lookBack,
                     [&](const LogEntry &entry) { result += entry.fields.value("mark"_L1).toString(); });
        return result;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void entriesInRangeComeOldestFirstFromEveryFile()
    {
        QVERIFY(put(day(u"2026-05-03"_s), line(u"2026-05-03T01:00:00Z"_s, u"d"_s) + line(u"2026-05-03T02:00:00Z"_s, u"e"_s)));
        QVERIFY(put(day(u"2026-05-02"_s), line(u"2026-05-02T10:00:00Z"_s, u"b"_s) + line(u"2026-05-02T10:00:00.001Z"_s, u"c"_s)));
        QVERIFY(put(day(u"2026-05-01"_s), line(u"2026-05-01T10:00:00Z"_s, u"a"_s)));
        QVERIFY(EventLog(m_folder->path()).archive(time(u"2026-06-01T00:00:00Z"_s)).ok()); // the first of them becomes an archive
        QCOMPARE(eventLogFiles(m_folder->path()),
                 (QStringList{day(u"2026-05-01"_s) + u".gz"_s, day(u"2026-05-02"_s), day(u"2026-05-03"_s)}));
        QCOMPARE(marks(u"2026-01-01"_s + u"T00:00:00Z"_s, u"2027-01-01T00:00:00Z"_s), u"abcde"_s);
        QCOMPARE(marks(u"2026-05-02T10:00:00Z"_s, u"2026-05-03T02:00:00Z"_s), u"bcd"_s); // from the first instant, not the last
        QCOMPARE(marks(u"2026-05-02T10:00:00.0005Z"_s, u"2026-05-03T02:00:00.0005Z"_s), u"cde"_s);
        QCOMPARE(marks(u"2026-05-02T10:00:00.0005Z"_s, u"2026-05-02T10:00:00.001Z"_s), QString());
        QCOMPARE(marks(u"2026-05-04T00:00:00Z"_s, u"2026-05-01T00:00:00Z"_s), QString());
    }

    void everyFormOfTimeIsFound_data()
    {
        QTest::addColumn<QByteArray>("ts");
        for (const char *ts :
             {"2026-05-02T10:00:00Z", "2026-05-02T10:00:00+00:00", "2026-05-02T10:00:00.123456+00:00",
              "2026-05-02T12:00:00+02:00", "2026-05-01T23:30:00-10:30", "2026-05-02 10:00:00", "2026-05-02T10:00"})
            QTest::newRow(ts) << QByteArray(ts);
    }
    void everyFormOfTimeIsFound()
    {
        QFETCH(QByteArray, ts);
        QVERIFY(put(day(u"2026-05-02"_s), "{\"ts\":\"" + ts
                                              + "\",\"event\":\"x\",\"mark\":\"1\"}\n{\"event\":\"x\",\"mark\":\"2\",\"ts\":\""
                                              + ts + "\"}\n{\"ts\": \"" + ts + "\", \"event\": \"x\", \"mark\": \"3\"}\r\n"));
        QCOMPARE(marks(u"2026-05-02T09:59:59Z"_s, u"2026-05-02T10:00:01Z"_s), u"123"_s);
        QCOMPARE(marks(u"2026-05-02T10:00:01Z"_s, u"2026-05-02T23:00:00Z"_s), QString());
        QCOMPARE(marks(u"2026-05-02T00:00:00Z"_s, u"2026-05-02T10:00:00Z"_s), QString());
    }

    void linesThatDifferInTheirTimeAloneKeepTheirOwn()
    {
        QByteArray bytes;
        QList<WallTime> expected;
        for (int i = 0; i < 2000; ++i) {
            expected += time(u"2026-05-02T10:00:00Z"_s) + std::chrono::microseconds(i * 1'000'003);
            bytes += formatLogLine({expected.last(), u"x"_s, {{"mark"_L1, QString::number(i % 3)}}});
            if (i % 5 == 0) // a later "ts" wins, as in every JSON reader
                bytes += "{\"ts\":\"2026-05-02T10:00:00Z\",\"event\":\"x\",\"mark\":\"1\",\"ts\":\"2026-05-09T00:00:00Z\"}\n";
        }
        QVERIFY(put(day(u"2026-05-02"_s), bytes));
        qsizetype seen = 0;
        readEventLog(m_folder->path(), time(u"2026-05-02T00:00:00Z"_s), time(u"2026-05-03T00:00:00Z"_s), false,
                     [&](const LogEntry &entry) {
                         QVERIFY(seen < expected.size());
                         QCOMPARE(entry.time, std::chrono::floor<Millis>(expected[seen]));
                         QCOMPARE(entry.fields.value("mark"_L1).toString(), QString::number(seen % 3));
                         ++seen;
                     });
        QCOMPARE(seen, expected.size());
    }

    void brokenLinesCostOnlyThemselves()
    {
        const QByteArray good = line(u"2026-05-02T10:00:00Z"_s, u"+"_s);
        const QByteArray huge =
            "{\"ts\":\"2026-05-02T10:00:00Z\",\"event\":\"x\",\"mark\":\"" + QByteArray(1024 * 1024, 'x') + "\"}\n";
        QByteArray bytes = good;
        const QByteArrayList broken{QByteArray("{\"ts\":\"2026-05-02T1\n"),
                                    QByteArray("\n"),
                                    QByteArray("[1,2]\n"),
                                    QByteArray("\0\0\0\n", 4),
                                    QByteArray("{\"ts\":\"2026-13-45T99:99:99Z\",\"event\":\"x\",\"mark\":\"-\"}\n"),
                                    QByteArray("{\"ts\":12,\"event\":\"x\",\"mark\":\"-\"}\n"),
                                    QByteArray("\xff\xfe\n"),
                                    huge,
                                    QByteArray(5 * 1024 * 1024, 'y').append('\n')};
        for (const QByteArray &bad : broken)
            bytes += bad + good;
        bytes += good.chopped(5); // an append under way
        QVERIFY(put(day(u"2026-05-02"_s), bytes));
        QCOMPARE(marks(u"2026-05-02T00:00:00Z"_s, u"2026-05-03T00:00:00Z"_s), QString(10, u'+'));
    }

    void aLastLineWithoutItsNewlineCountsWhenWhole()
    {
        QVERIFY(put(day(u"2026-05-02"_s),
                    line(u"2026-05-02T10:00:00Z"_s, u"a"_s) + line(u"2026-05-02T10:00:01Z"_s, u"b"_s).chopped(1)));
        QCOMPARE(marks(u"2026-05-02T00:00:00Z"_s, u"2026-05-03T00:00:00Z"_s), u"ab"_s);
    }

    void linesAcrossTheBuffersEdgesStayWhole()
    {
        QByteArray bytes;
        for (int i = 0; i < 3000; ++i)
            bytes += formatLogLine(
                {time(u"2026-05-02T10:00:00Z"_s), u"x"_s, {{"mark"_L1, u"."_s}, {"pad"_L1, QString(i % 517, u'p')}}});
        bytes +=
            formatLogLine({time(u"2026-05-02T10:00:00Z"_s), u"x"_s, {{"mark"_L1, u"!"_s}, {"pad"_L1, QString(900'000, u'p')}}});
        QVERIFY(put(day(u"2026-05-02"_s), bytes));
        QCOMPARE(marks(u"2026-05-02T00:00:00Z"_s, u"2026-05-03T00:00:00Z"_s), QString(3000, u'.') + u'!');
    }

    void anEntryWrittenAtMidnightIsFoundInTheNextFile()
    {
        QVERIFY(put(day(u"2026-05-03"_s), line(u"2026-05-02T23:59:59.999Z"_s, u"a"_s)));
        QCOMPARE(marks(u"2026-05-02T23:00:00Z"_s, u"2026-05-03T00:00:00Z"_s), u"a"_s);
    }

    void aDamagedArchiveIsReadAsFarAsItGoes()
    {
        QByteArray bytes;
        for (int i = 0; i < 20000; ++i)
            bytes += line(u"2026-05-01T10:00:00Z"_s, QString::number(i % 7));
        QVERIFY(put(day(u"2026-05-01"_s), bytes));
        QVERIFY(EventLog(m_folder->path()).archive(time(u"2026-07-01T00:00:00Z"_s)).ok());
        const QString archive = day(u"2026-05-01"_s) + u".gz"_s;
        const QByteArray zipped = contentOf(archive);
        QVERIFY(put(archive, zipped.left(zipped.size() / 2)));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"damaged"_s));
        const qsizetype read = marks(u"2026-05-01T00:00:00Z"_s, u"2026-05-02T00:00:00Z"_s).size();
        QVERIFY2(read > 100 && read < 20000, qPrintable(QString::number(read)));
    }

    void whileAnArchiveIsMadeNothingIsReadTwice()
    {
        const QByteArray bytes = line(u"2026-05-01T10:00:00Z"_s, u"a"_s);
        QVERIFY(put(day(u"2026-05-01"_s), bytes));
        QVERIFY(EventLog(m_folder->path()).archive(time(u"2026-07-01T00:00:00Z"_s)).ok());
        QVERIFY(put(day(u"2026-05-01"_s), bytes)); // the moment before the plain file goes
        QCOMPARE(marks(u"2026-05-01T00:00:00Z"_s, u"2026-05-02T00:00:00Z"_s), u"a"_s);
    }

    void lookingBackFindsTheStateAtTheBeginning_data()
    {
        QTest::addColumn<QString>("since");
        QTest::addColumn<QString>("expected");
        QTest::newRow("told earlier that day") << u"2026-05-20T12:00:00Z"_s << u"cde"_s;
        QTest::newRow("told days before") << u"2026-05-20T01:00:00Z"_s << u"abcde"_s;
        QTest::newRow("exactly at the first transition") << u"2026-05-10T10:00:00Z"_s << u"abcde"_s;
        QTest::newRow("longer ago than anybody looks") << u"2026-07-20T12:00:00Z"_s << QString();
    }
    void lookingBackFindsTheStateAtTheBeginning()
    {
        QFETCH(QString, since);
        QVERIFY(put(day(u"2026-05-10"_s), line(u"2026-05-10T10:00:00Z"_s, u"a"_s, logkind::kStateTransition)));
        QVERIFY(put(day(u"2026-05-12"_s), line(u"2026-05-12T10:00:00Z"_s, u"b"_s, logkind::kAgentStopped)));
        QVERIFY(put(day(u"2026-05-20"_s), line(u"2026-05-20T10:00:00Z"_s, u"c"_s, logkind::kHibernationExit)
                                              + line(u"2026-05-20T13:00:00Z"_s, u"d"_s)));
        QVERIFY(put(day(u"2026-05-21"_s), line(u"2026-05-21T13:00:00Z"_s, u"e"_s)));
        QTEST(marks(since, u"2026-08-01T00:00:00Z"_s, true), "expected");
    }

    void withoutLookingBackNothingEarlierIsVisited()
    {
        QVERIFY(put(day(u"2026-05-10"_s), line(u"2026-05-10T10:00:00Z"_s, u"a"_s, logkind::kStateTransition)));
        QVERIFY(put(day(u"2026-05-20"_s), line(u"2026-05-20T10:00:00Z"_s, u"b"_s, logkind::kStateTransition)
                                              + line(u"2026-05-20T13:00:00Z"_s, u"c"_s)));
        QCOMPARE(marks(u"2026-05-20T12:00:00Z"_s, u"2026-08-01T00:00:00Z"_s), u"c"_s);
    }

    void allOfTimeAndAMissingFolderAreNoTrouble()
    {
        QVERIFY(put(day(u"2026-05-10"_s), line(u"2026-05-10T10:00:00Z"_s, u"a"_s)));
        int seen = 0;
        readEventLog(m_folder->path(), WallTime::min(), WallTime::max(), true, [&](const LogEntry &) { ++seen; });
        QCOMPARE(seen, 1);
        readEventLog(m_folder->path() + u"/gone"_s, WallTime::min(), WallTime::max(), true, [&](const LogEntry &) { ++seen; });
        QCOMPARE(seen, 1);
    }
};

QTEST_GUILESS_MAIN(EventLogReaderTest)
#include "tst_eventlogreader.moc"
