// SPDX-License-Identifier: MIT
#include "shared/storage/file.h"
#include "tests/unit/storage/storagetest.h"

#include <QtTest>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <thread>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

class FileTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] QString at(const QString &name) const { return m_folder->path() + u'/' + name; }

    // Puts something that is no regular file at a path.
    void makeOdd(const QString &kind, const QString &path)
    {
        const QByteArray name = QFile::encodeName(path);
        if (kind == "link"_L1) {
            QVERIFY(put(at(u"target"_s), "target"));
            QVERIFY(QFile::link(at(u"target"_s), path));
        } else if (kind == "dangling link"_L1) {
            QVERIFY(QFile::link(at(u"target"_s), path));
        } else if (kind == "FIFO"_L1) {
            QCOMPARE(::mkfifo(name.constData(), 0600), 0);
        } else if (kind == "folder"_L1) {
            QVERIFY(QDir().mkdir(path));
        } else {
            const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
            sockaddr_un address{};
            address.sun_family = AF_UNIX;
            QVERIFY(name.size() < static_cast<qsizetype>(sizeof address.sun_path));
            std::copy(name.begin(), name.end(), address.sun_path);
            QCOMPARE(::bind(server, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
            ::close(server);
        }
    }

    static void addOddRows()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : {"link", "dangling link", "FIFO", "folder", "socket"})
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void writtenFilesArePrivateWhateverTheUmaskAndTheOldRights_data()
    {
        QTest::addColumn<int>("mask");
        QTest::addColumn<int>("oldMode");
        QTest::newRow("new, open umask") << 0 << -1;
        QTest::newRow("new, usual umask") << 022 << -1;
        QTest::newRow("new, greedy umask") << 0277 << -1;
        QTest::newRow("readable to all before") << 022 << 0644;
        QTest::newRow("writable to all before") << 0 << 0666;
        QTest::newRow("private before") << 022 << 0600;
    }
    void writtenFilesArePrivateWhateverTheUmaskAndTheOldRights()
    {
        QFETCH(int, mask);
        QFETCH(int, oldMode);
        const QString path = at(u"state.json"_s);
        for (const int folderMode : {0700, 0775, 01777}) { // where others may write, too, it goes another way
            QVERIFY(setMode(m_folder->path(), folderMode));
            QFile::remove(path);
            if (oldMode >= 0)
                QVERIFY(put(path, "a much longer old content") && setMode(path, oldMode));
            for (const auto readers : {Readers::Owner, Readers::Everybody}) {
                const Umask umask(mask);
                const auto written = writeAtomically(path, "new", Durability::Transition, readers);
                QVERIFY2(written, qPrintable(written ? QString() : written.error().text()));
                QCOMPARE(contentOf(path), QByteArray("new"));
                QCOMPARE(modeOf(path), readers == Readers::Owner ? 0600 : 0644);
                QCOMPARE(namesIn(m_folder->path()), QStringList{u"state.json"_s});
            }
        }
    }

    void sizesAroundQtsBufferArriveWhole_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 16383, 16384, 16385, 600000})
            QTest::addRow("%d", size) << size;
    }
    void sizesAroundQtsBufferArriveWhole()
    {
        QFETCH(int, size);
        const QByteArray bytes(size, 'x');
        QVERIFY(writeAtomically(at(u"f"_s), "old"));
        QVERIFY(writeAtomically(at(u"f"_s), bytes));
        QCOMPARE(contentOf(at(u"f"_s)), bytes);
    }

    void oddTargetsAreRefusedAndLeftAlone_data() { addOddRows(); }
    void oddTargetsAreRefusedAndLeftAlone()
    {
        QFETCH(QString, kind);
        makeOdd(kind, at(u"odd"_s));
        const QStringList before = namesIn(m_folder->path());
        const auto written = writeAtomically(at(u"odd"_s), "new");
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Refused);
        QCOMPARE(written.error().path, at(u"odd"_s));
        QCOMPARE(namesIn(m_folder->path()), before);
        if (kind == "link"_L1)
            QCOMPARE(contentOf(at(u"target"_s)), QByteArray("target"));
    }

    void aMissingFolderIsToldWithItsCause()
    {
        const auto written = writeAtomically(at(u"gone/state.json"_s), "new");
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Io);
        QCOMPARE(written.error().systemError, ENOENT);
        QVERIFY(written.error().text().contains(at(u"gone/state.json"_s)));
    }

    void aReaderSeesTheOldOrTheNewContentNeverAMixture()
    {
        const QString path = at(u"state.json"_s);
        const QByteArray one(50000, '1');
        const QByteArray two(70000, '2');
        QVERIFY(writeAtomically(path, one));
        std::atomic_bool stop = false;
        std::atomic_int torn = 0;
        std::atomic_int reads = 0;
        std::thread reader([&] {
            while (!stop) {
                const auto read = readBounded(path, 100000);
                torn += !read || (read.value() != one && read.value() != two);
                ++reads;
            }
        });
        bool ok = true;
        for (int i = 0; i < 100; ++i)
            ok = ok && writeAtomically(path, i % 2 == 0 ? two : one).ok();
        stop = true;
        reader.join();
        QVERIFY(ok);
        QVERIFY(reads > 0);
        QCOMPARE(torn.load(), 0);
    }

    void readsUpToTheBoundAndNotOneByteMore()
    {
        QVERIFY(put(at(u"f"_s), "12345"));
        const auto exact = readBounded(at(u"f"_s), 5);
        QVERIFY(exact);
        QCOMPARE(exact.value(), QByteArray("12345"));
        const auto over = readBounded(at(u"f"_s), 4);
        QVERIFY(!over);
        QCOMPARE(over.error().code, ErrorCode::TooLarge);
        QVERIFY(put(at(u"empty"_s), ""));
        const auto empty = readBounded(at(u"empty"_s), 0);
        QVERIFY(empty && empty.value().isEmpty());
    }

    void aHugeSparseFileIsRefusedUnread()
    {
        QFile file(at(u"huge"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(qint64{1} << 34));
        const auto read = readBounded(at(u"huge"_s), 65536);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::TooLarge);
    }

    void aFileThatLiesAboutItsSizeIsReadToItsEnd()
    {
        if (!QFileInfo::exists(u"/proc/self/status"_s))
            QSKIP("no /proc here");
        const auto read = readBounded(u"/proc/self/status"_s, 65536); // its size is 0
        QVERIFY(read);
        QVERIFY(read.value().contains("VmRSS"));
        const auto bounded = readBounded(u"/proc/self/status"_s, 100);
        QVERIFY(!bounded);
        QCOMPARE(bounded.error().code, ErrorCode::TooLarge);
    }

    void oddFilesAreNeverReadAndNeverBlock_data() { addOddRows(); }
    void oddFilesAreNeverReadAndNeverBlock()
    {
        QFETCH(QString, kind);
        makeOdd(kind, at(u"odd"_s));
        const auto read = readBounded(at(u"odd"_s), 65536);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Refused);
    }

    void aMissingFileIsNotFound()
    {
        const auto read = readBounded(at(u"gone"_s), 65536);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(FileTest)
#include "tst_file.moc"
