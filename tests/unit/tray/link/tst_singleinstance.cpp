// SPDX-License-Identifier: MIT
#include "tray/link/singleinstance.h"

#include "tray/link/instancefolder.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <future>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

namespace {

QString told(const Result<bool> &claimed)
{
    return claimed ? claimed.value() ? u"first"_s : u"later"_s : claimed.error().text();
}

/// A later start, in a thread of its own: in its program it blocks the one there is.
class LaterStart
{
public:
    explicit LaterStart(const QString &root, const QString &page)
        : m_claim(std::async(std::launch::async, [root, page] { return SingleInstance({root}).claim(page); }))
    {
    }
    [[nodiscard]] bool isOver() const { return m_claim.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
    [[nodiscard]] Result<bool> result() { return m_claim.get(); }

private:
    std::future<Result<bool>> m_claim;
};

} // namespace

/// One icon a user and root; a second start shows what it was asked to in the first one.
class SingleInstanceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void handsThePageOver();
    void isOneARoot();
    void letsAnotherTakeItsPlace();
    void takesOverFromADeadOne();
    void reportsOneThatHangs();
    void survivesNonsense();
    void keepsItsFilesPrivate();
    void fallsBackToAFolderOfItsOwn();
    void refusesAFolderThatIsNotOurs();

private:
    [[nodiscard]] InstancePaths places() const { return instancePaths(m_root).value(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_root;
    const QByteArray m_temporary = QFile::encodeName(QDir::tempPath());
};

void SingleInstanceTest::init()
{
    qputenv("TMPDIR", m_temporary);
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->filePath(u"root"_s);
    const QString runtime = m_folder->filePath(u"run"_s);
    QVERIFY(QDir().mkpath(runtime) && QDir().mkpath(m_root));
    QVERIFY(QFile::setPermissions(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime));
    qputenv("TMPDIR", QFile::encodeName(m_folder->path()));
}

void SingleInstanceTest::handsThePageOver()
{
    SingleInstance first({m_root});
    QSignalSpy asked(&first, &SingleInstance::pageAsked);
    QCOMPARE(told(first.claim(u"menu"_s)), u"first"_s);
    QCOMPARE(told(first.claim(u"menu"_s)), u"first"_s);
    LaterStart second(m_root, u"history"_s);
    QTRY_VERIFY(second.isOver());
    QCOMPARE(told(second.result()), u"later"_s);
    QTRY_COMPARE(asked.size(), 1);
    QCOMPARE(asked.first().first().toString(), u"history"_s);
    // The same root by another name.
    QVERIFY(QFile::link(m_root, m_folder->filePath(u"link"_s)));
    LaterStart third(m_folder->filePath(u"link/../link"_s), u"settings"_s);
    QTRY_VERIFY(third.isOver());
    QCOMPARE(told(third.result()), u"later"_s);
    QTRY_COMPARE(asked.size(), 2);
}

void SingleInstanceTest::isOneARoot()
{
    SingleInstance first({m_root});
    QCOMPARE(told(first.claim(u"menu"_s)), u"first"_s);
    SingleInstance other({m_folder->filePath(u"other"_s)});
    QCOMPARE(told(other.claim(u"menu"_s)), u"first"_s);
}

void SingleInstanceTest::letsAnotherTakeItsPlace()
{
    SingleInstance first({m_root});
    QCOMPARE(told(first.claim(u"menu"_s)), u"first"_s);
    first.release();
    SingleInstance second({m_root});
    QSignalSpy asked(&second, &SingleInstance::pageAsked);
    QCOMPARE(told(second.claim(u"menu"_s)), u"first"_s);
    first.release(); // leaves the other's socket alone
    LaterStart third(m_root, u"history"_s);
    QTRY_VERIFY(third.isOver());
    QCOMPARE(told(third.result()), u"later"_s);
    QTRY_COMPARE(asked.size(), 1);
}

void SingleInstanceTest::takesOverFromADeadOne()
{
    QFile lock(places().lock);
    QVERIFY(lock.open(QIODevice::WriteOnly));
    lock.close();
    QFile socket(places().socket);
    QVERIFY(socket.open(QIODevice::WriteOnly));
    socket.close();
    SingleInstance first({m_root});
    QCOMPARE(told(first.claim(u"menu"_s)), u"first"_s);
    LaterStart second(m_root, u"menu"_s);
    QTRY_VERIFY(second.isOver());
    QCOMPARE(told(second.result()), u"later"_s);
}

void SingleInstanceTest::reportsOneThatHangs()
{
    const int lock = open(QFile::encodeName(places().lock).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0);
    QLocalServer server; // accepts, and never answers
    QVERIFY(server.listen(places().socket));
    QElapsedTimer since;
    since.start();
    const Result<bool> claimed = SingleInstance({m_root}).claim(u"menu"_s);
    QVERIFY2(since.elapsed() < 3500, qPrintable(QString::number(since.elapsed())));
    QVERIFY(!claimed);
    QCOMPARE(claimed.error().code, ErrorCode::Busy);
    close(lock);
}

void SingleInstanceTest::survivesNonsense()
{
    SingleInstance first({m_root});
    QSignalSpy asked(&first, &SingleInstance::pageAsked);
    QCOMPARE(told(first.claim(u"menu"_s)), u"first"_s);
    for (const QByteArray &said :
         {QByteArray("hello\n"), QByteArray(5000, 'x'), QByteArray("{\"show\":1}\n"), QByteArray("{\"sh")}) {
        QLocalSocket guest;
        guest.connectToServer(places().socket);
        QTRY_COMPARE(guest.state(), QLocalSocket::ConnectedState);
        guest.write(said);
        guest.flush();
        if (said.size() > 256 || said.endsWith('\n'))
            QTRY_COMPARE(guest.state(), QLocalSocket::UnconnectedState);
    }
    QVERIFY(asked.isEmpty());
    LaterStart second(m_root, u"history"_s);
    QTRY_VERIFY(second.isOver());
    QCOMPARE(told(second.result()), u"later"_s);
}

void SingleInstanceTest::keepsItsFilesPrivate()
{
    SingleInstance first({m_root});
    QCOMPARE(told(first.claim(u"menu"_s)), u"first"_s);
    for (const QString &path : {places().lock, places().socket}) {
        struct stat data {
        };
        QCOMPARE(stat(QFile::encodeName(path).constData(), &data), 0);
        QCOMPARE(data.st_mode & 077U, 0U);
    }
    QVERIFY(QDir(m_root).isEmpty()); // it is shared with others
}

void SingleInstanceTest::fallsBackToAFolderOfItsOwn()
{
    const QString own = m_folder->filePath(u"dormouse-%1"_s.arg(geteuid()));
    QVERIFY(QFile::setPermissions(m_folder->filePath(u"run"_s), QFile::Permissions(0x7777))); // others may put things there
    QVERIFY(places().lock.startsWith(own + u'/'));
    QCOMPARE(QFileInfo(own).permissions() & QFile::Permissions(0x0077), QFile::Permissions());
    qunsetenv("XDG_RUNTIME_DIR");
    QVERIFY(QFile::setPermissions(own, QFile::Permissions(0x7755)));
    QVERIFY(places().socket.startsWith(own + u'/'));
    QCOMPARE(QFileInfo(own).permissions() & QFile::Permissions(0x0077), QFile::Permissions()); // ours, and made private again
    SingleInstance first({m_root});
    QCOMPARE(told(first.claim(u"menu"_s)), u"first"_s);
    // A path that is too long for a socket is no reason to fail either.
    const QString deep = m_folder->filePath(QString(100, u'd'));
    QVERIFY(QDir().mkpath(deep) && QFile::setPermissions(deep, QFile::Permissions(0x7700)));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(deep));
    QVERIFY(places().socket.startsWith(own + u'/'));
}

void SingleInstanceTest::refusesAFolderThatIsNotOurs()
{
    qunsetenv("XDG_RUNTIME_DIR");
    const QString own = m_folder->filePath(u"dormouse-%1"_s.arg(geteuid()));
    QVERIFY(QFile::link(m_root, own)); // as somebody else could, who knows the name
    const Result<bool> claimed = SingleInstance({m_root}).claim(u"menu"_s);
    QVERIFY(!claimed);
    QCOMPARE(claimed.error().code, ErrorCode::Refused);
    QVERIFY(QDir(m_root).isEmpty());
}

QTEST_GUILESS_MAIN(SingleInstanceTest)
#include "tst_singleinstance.moc"
