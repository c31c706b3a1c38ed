// SPDX-License-Identifier: MIT
#include "shared/records/timestamp.h"
#include "shared/storage/eventlog.h"
#include "tests/unit/storage/storagetest.h"

#include <QtTest>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <zlib.h>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

class EventLogTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    const WallTime m_now = *parseTimestamp(u"2026-06-15T12:00:00Z");

    [[nodiscard]] QString at(const QString &name) const { return m_folder->path() + u'/' + name; }
    static LogEntry entry(const QString &time, int number) { return {*parseTimestamp(time), u"test"_s, {{"n"_L1, number}}}; }
    static QByteArray line(const QString &time, int number) { return formatLogLine(entry(time, number)); }

    // What a reader that knows gzip finds, or a note that it is damaged.
    static QByteArray unzipped(const QString &path)
    {
        gzFile file = gzopen(QFile::encodeName(path).constData(), "rb");
        if (file == nullptr)
            return "(cannot be opened)";
        QByteArray all;
        char buffer[4096];
        int got = 0;
        while ((got = gzread(file, buffer, sizeof buffer)) > 0)
            all.append(buffer, got);
        const bool plain = gzdirect(file) != 0;
        return gzclose(file) == Z_OK && got == 0 && !plain ? all : QByteArray("(damaged)");
    }
    static bool zip(const QString &path, const QByteArray &bytes)
    {
        gzFile file = gzopen(QFile::encodeName(path).constData(), "wb");
        const bool written = bytes.isEmpty() || gzwrite(file, bytes.constData(), static_cast<unsigned>(bytes.size())) > 0;
        return gzclose(file) == Z_OK && written;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void entriesLandInTheFileOfTheirUtcDay()
    {
        const Umask umask(0);
        EventLog log(m_folder->path());
        QVERIFY(log.append(entry(u"2026-05-02T23:59:59.999Z"_s, 1)));
        QVERIFY(log.append(entry(u"2026-05-03T00:30:00+01:00"_s, 2)));
        QVERIFY(log.append(entry(u"2026-05-03T00:00:00Z"_s, 3)));
        QCOMPARE(namesIn(m_folder->path()),
                 (QStringList{u"lifecycle-events-2026-05-02.jsonl"_s, u"lifecycle-events-2026-05-03.jsonl"_s}));
        const QString first = at(u"lifecycle-events-2026-05-02.jsonl"_s);
        QCOMPARE(contentOf(first), line(u"2026-05-02T23:59:59.999Z"_s, 1) + line(u"2026-05-02T23:30:00Z"_s, 2));
        QCOMPARE(modeOf(first), 0600);
    }

    void aTornLastLineIsEndedFirst()
    {
        const QString path = at(u"lifecycle-events-2026-05-02.jsonl"_s);
        QVERIFY(put(path, "{\"ts\":\"2026-05-0"));
        EventLog log(m_folder->path());
        QVERIFY(log.append(entry(u"2026-05-02T10:00:00Z"_s, 1)));
        QVERIFY(log.append(entry(u"2026-05-02T11:00:00Z"_s, 2)));
        QCOMPARE(contentOf(path),
                 "{\"ts\":\"2026-05-0\n" + line(u"2026-05-02T10:00:00Z"_s, 1) + line(u"2026-05-02T11:00:00Z"_s, 2));
    }

    void aLogsFolderRemovedMeanwhileIsMadeAgain()
    {
        const QString logs = at(u"logs"_s);
        QVERIFY(QDir().mkdir(logs));
        EventLog log(logs);
        QVERIFY(log.append(entry(u"2026-05-02T10:00:00Z"_s, 1)));
        QVERIFY(QDir(logs).removeRecursively());
        QVERIFY(log.append(entry(u"2026-05-02T10:00:00Z"_s, 2)));
        QCOMPARE(contentOf(logs + u"/lifecycle-events-2026-05-02.jsonl"_s), line(u"2026-05-02T10:00:00Z"_s, 2));
        QCOMPARE(modeOf(logs), 0700);
    }

    void aLogThatIsNoRegularFileIsRefused_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("link") << u"link"_s;
        QTest::newRow("FIFO") << u"FIFO"_s;
        QTest::newRow("folder") << u"folder"_s;
    }
    void aLogThatIsNoRegularFileIsRefused()
    {
        QFETCH(QString, kind);
        const QString path = at(u"lifecycle-events-2026-05-02.jsonl"_s);
        QVERIFY(put(at(u"target"_s), "mine"));
        if (kind == "link"_L1)
            QVERIFY(QFile::link(at(u"target"_s), path));
        else if (kind == "FIFO"_L1)
            QCOMPARE(::mkfifo(QFile::encodeName(path).constData(), 0600), 0);
        else
            QVERIFY(QDir().mkdir(path));
        const auto appended = EventLog(m_folder->path()).append(entry(u"2026-05-02T10:00:00Z"_s, 1));
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::Refused);
        QCOMPARE(contentOf(at(u"target"_s)), QByteArray("mine"));
    }

    void aWriterThatKeepsTheLockIsToldAndHangsNobody()
    {
        const QString path = at(u"lifecycle-events-2026-05-02.jsonl"_s);
        QVERIFY(put(path, "{}\n"));
        const int other = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CLOEXEC);
        QCOMPARE(::flock(other, LOCK_EX), 0);
        EventLog log(m_folder->path());
        const auto appended = log.append(entry(u"2026-05-02T10:00:00Z"_s, 1));
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::Busy);
        QCOMPARE(contentOf(path), QByteArray("{}\n"));
        ::close(other);
        QVERIFY(log.append(entry(u"2026-05-02T10:00:00Z"_s, 1)));
    }

    void anEntryThatReadersWouldPassOverIsNotWritten()
    {
        LogEntry huge = entry(u"2026-05-02T10:00:00Z"_s, 1);
        huge.fields.insert("text"_L1, QString(1024 * 1024, u'x'));
        const auto appended = EventLog(m_folder->path()).append(huge);
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::TooLarge);
        QVERIFY(namesIn(m_folder->path()).isEmpty());
    }

    void onlyDaysOlderThanThirtyAreArchived()
    {
        const QStringList old{u"2026-05-14"_s, u"2020-02-29"_s};
        const QStringList young{u"2026-05-16"_s, u"2026-06-15"_s, u"2027-01-01"_s};
        for (const QString &day : old + young)
            QVERIFY(put(at(u"lifecycle-events-%1.jsonl"_s.arg(day)), line(day + u"T10:00:00Z"_s, 1)));
        for (const QString &name :
             {u"lifecycle-events-2020-02-30.jsonl"_s, u"lifecycle-events-2020-01-01.jsonl.bak"_s, u"service-x.log"_s})
            QVERIFY(put(at(name), "not ours"));
        const auto archived = EventLog(m_folder->path()).archive(m_now);
        QVERIFY2(archived, qPrintable(archived ? QString() : archived.error().text()));
        QCOMPARE(archived.value(), 2);
        for (const QString &day : old) {
            const QString path = at(u"lifecycle-events-%1.jsonl"_s.arg(day));
            QVERIFY(!QFileInfo::exists(path));
            QCOMPARE(unzipped(path + u".gz"_s), line(day + u"T10:00:00Z"_s, 1));
            QCOMPARE(modeOf(path + u".gz"_s), 0600);
        }
        for (const QString &day : young)
            QVERIFY(QFileInfo::exists(at(u"lifecycle-events-%1.jsonl"_s.arg(day))));
        QCOMPARE(namesIn(m_folder->path()).size(), 8);
        QCOMPARE(EventLog(m_folder->path()).archive(m_now).value(), 0);
    }

    void brokenOffItLosesNothing()
    {
        const QString path = at(u"lifecycle-events-2026-05-14.jsonl"_s);
        QVERIFY(put(path, line(u"2026-05-14T10:00:00Z"_s, 1)));
        const std::atomic<bool> isOver = true;
        QVERIFY(!EventLog(m_folder->path()).archive(m_now, &isOver));
        QCOMPARE(namesIn(m_folder->path()), QStringList{u"lifecycle-events-2026-05-14.jsonl"_s});
        QCOMPARE(EventLog(m_folder->path()).archive(m_now).value(), 1);
    }

    void aCrashWhileArchivingLosesNothing_data()
    {
        QTest::addColumn<QByteArray>("archive"); // uncompressed; or raw when it begins with '!'
        QTest::addColumn<qsizetype>("cut");      // bytes cut off the archive's end
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<bool>("keptBad");
        const QByteArray plain = line(u"2026-05-01T10:00:00Z"_s, 1) + line(u"2026-05-01T11:00:00Z"_s, 2);
        const QByteArray other = line(u"2026-05-01T09:00:00Z"_s, 0);
        QTest::newRow("before the plain file was removed") << plain << qsizetype(0) << plain << false;
        QTest::newRow("half made") << plain << qsizetype(10) << plain << false;
        QTest::newRow("empty archive") << QByteArray("!") << qsizetype(0) << plain << false;
        QTest::newRow("more was appended later") << plain.left(plain.indexOf('\n') + 1) << qsizetype(0) << plain << false;
        QTest::newRow("the day was written to again") << other << qsizetype(0) << other + '\n' + plain << false;
        QTest::newRow("no gzip file at all") << QByteArray("!garbage") << qsizetype(0) << plain << true;
        QTest::newRow("other content, damaged") << other.repeated(50) << qsizetype(3) << plain << true;
    }
    void aCrashWhileArchivingLosesNothing()
    {
        QFETCH(QByteArray, archive);
        QFETCH(qsizetype, cut);
        QFETCH(bool, keptBad);
        const QString plain = at(u"lifecycle-events-2026-05-01.jsonl"_s);
        const QString zipped = plain + u".gz"_s;
        QVERIFY(put(plain, line(u"2026-05-01T10:00:00Z"_s, 1) + line(u"2026-05-01T11:00:00Z"_s, 2)));
        QVERIFY(put(at(u".lifecycle-events-2026-05-01.jsonl.gz.tmp"_s), "left by a killed predecessor"));
        QVERIFY(archive.startsWith('!') ? put(zipped, archive.mid(1)) : zip(zipped, archive));
        if (cut > 0)
            QVERIFY(put(zipped, contentOf(zipped).chopped(cut)));
        const QByteArray before = contentOf(zipped);
        const auto archived = EventLog(m_folder->path()).archive(m_now);
        QVERIFY2(archived, qPrintable(archived ? QString() : archived.error().text()));
        QCOMPARE(archived.value(), 1);
        QVERIFY(!QFileInfo::exists(plain));
        QTEST(unzipped(zipped), "expected");
        if (keptBad)
            QCOMPARE(contentOf(zipped + u".bad-damaged"_s), before);
        QVERIFY(!namesIn(m_folder->path()).contains(u"lifecycle-events-2026-05-01.jsonl.gz.bad-damaged"_s) || keptBad);
    }

    void aDayThatCannotBeArchivedStaysAndTheOthersGo()
    {
        const QString stuck = at(u"lifecycle-events-2026-05-01.jsonl"_s);
        QVERIFY(put(stuck, line(u"2026-05-01T10:00:00Z"_s, 1)));
        QVERIFY(put(at(u"lifecycle-events-2026-05-02.jsonl"_s), line(u"2026-05-02T10:00:00Z"_s, 1)));
        QVERIFY(QDir().mkpath(stuck + u".gz/occupied"_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"2026-05-01"_s));
        QVERIFY(!EventLog(m_folder->path()).archive(m_now));
        QCOMPARE(contentOf(stuck), line(u"2026-05-01T10:00:00Z"_s, 1));
        QCOMPARE(namesIn(m_folder->path()),
                 (QStringList{u"lifecycle-events-2026-05-01.jsonl"_s, u"lifecycle-events-2026-05-01.jsonl.gz"_s,
                              u"lifecycle-events-2026-05-02.jsonl.gz"_s}));
    }
};

QTEST_GUILESS_MAIN(EventLogTest)
#include "tst_eventlog.moc"
