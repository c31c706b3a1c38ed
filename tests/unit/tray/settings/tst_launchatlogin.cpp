// SPDX-License-Identifier: MIT
#include "cli/installlaunchd.h"
#include "shared/startup/installmark.h"
#include "tray/loginitem.h"
#include "tray/startatlogin.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What macOS would say of the app bundle.
struct {
    bool isThere = true;
    bool isEnabled = false;
    bool refuses = false;
} system13;

class PlayedLoginItem final : public LoginItem
{
public:
    [[nodiscard]] bool isEnabled() const override { return system13.isEnabled; }
    [[nodiscard]] Result<void> setEnabled(bool enabled) override
    {
        if (system13.refuses)
            return Error{ErrorCode::Refused, u"macOS does not like it"_s, {}, 0};
        system13.isEnabled = enabled;
        return {};
    }
};

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

std::unique_ptr<LoginItem> dormouse::makeLoginItem()
{
    return system13.isThere ? std::make_unique<PlayedLoginItem>() : nullptr;
}

/// What makes the icon be there tomorrow on macOS: one of two ways, never both, and never with another root.
class TestLaunchAtLogin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("HOME", QFile::encodeName(m_folder->path()));
        system13 = {};
    }

    void theBundleIsALoginItem()
    {
        const auto login = makeStartAtLogin(usual(), usual().socket());
        QCOMPARE(login->isEnabled(), std::optional(false));
        QVERIFY(login->setEnabled(true).ok());
        QVERIFY(system13.isEnabled);
        QVERIFY(!QFile::exists(path()));
        QCOMPARE(login->isEnabled(), std::optional(true));
        QVERIFY(login->setEnabled(false).ok());
        QVERIFY(!system13.isEnabled);
        QCOMPARE(login->isEnabled(), std::optional(false));
    }

    void withoutALoginItemItIsTheFileThatInstallWrites()
    {
        system13.isThere = false;
        const auto login = makeStartAtLogin(usual(), usual().socket());
        QVERIFY(login->setEnabled(true).ok());
        QCOMPARE(login->isEnabled(), std::optional(true));
        QCOMPARE(path(), installed(usual(), usual().socket()).path);
        QCOMPARE(read(path()), installed(usual(), usual().socket()).content);
        QCOMPARE(originOf(read(path())), FileOrigin::Ours);
        QVERIFY(login->setEnabled(false).ok());
        QVERIFY(!QFile::exists(path()));
    }

    /// A login item starts without options: the icon would show somebody else's state.
    void anotherRootNeedsTheFile_data()
    {
        QTest::addColumn<QString>("root");
        QTest::addColumn<QString>("socket");
        QTest::newRow("root") << u"/other"_s << u"/other/agent.sock"_s;
        QTest::newRow("socket") << QString() << u"/run/other.sock"_s;
    }

    void anotherRootNeedsTheFile()
    {
        QFETCH(QString, root);
        QFETCH(QString, socket);
        const RootPaths paths = root.isEmpty() ? usual() : RootPaths{root};
        system13.isEnabled = true; // from a time with the usual root
        QVERIFY(makeStartAtLogin(paths, socket)->setEnabled(true).ok());
        QCOMPARE(read(path()), installed(paths, socket).content);
        QVERIFY2(!system13.isEnabled, "two trays would start");
    }

    void whatInstallWroteIsSeenReplacedAndRemoved()
    {
        const auto login = makeStartAtLogin(usual(), usual().socket());
        for (const bool isWanted : {true, false}) {
            put(installed({u"/other"_s}, u"/other/agent.sock"_s).content);
            system13.isEnabled = false;
            QCOMPARE(login->isEnabled(), std::optional(true));
            QVERIFY(login->setEnabled(isWanted).ok());
            QVERIFY(!QFile::exists(path()));
            QCOMPARE(system13.isEnabled, isWanted);
        }
    }

    void offTakesBothAway()
    {
        put(installed(usual(), usual().socket()).content);
        system13.isEnabled = true;
        const auto login = makeStartAtLogin(usual(), usual().socket());
        QVERIFY(login->setEnabled(false).ok());
        QCOMPARE(login->isEnabled(), std::optional(false));
    }

    /// Nothing is lost where macOS refuses: what started the tray goes on doing so.
    void aRefusalIsTold()
    {
        put(installed(usual(), usual().socket()).content);
        system13.refuses = true;
        const auto login = makeStartAtLogin(usual(), usual().socket());
        const auto done = login->setEnabled(true);
        QVERIFY(!done.ok());
        QCOMPARE(done.error().message, u"macOS does not like it"_s);
        QCOMPARE(login->isEnabled(), std::optional(true));
    }

    void failuresAreTold()
    {
        system13.isThere = false;
        QFile file(m_folder->filePath(u"Library"_s));
        QVERIFY(file.open(QIODevice::WriteOnly)); // where a folder should be
        const auto done = makeStartAtLogin(usual(), usual().socket())->setEnabled(true);
        QVERIFY(!done.ok());
        QVERIFY(done.error().path.startsWith(m_folder->path()));
        const RootPaths broken{u"/a\nb"_s};
        QCOMPARE(makeStartAtLogin(broken, broken.socket())->setEnabled(true).error().code, ErrorCode::Configuration);
    }

private:
    [[nodiscard]] RootPaths usual() const { return {m_folder->filePath(u".iai-mcp"_s)}; }
    [[nodiscard]] QString path() const { return m_folder->filePath(u"Library/LaunchAgents/io.dormouse.tray.plist"_s); }
    [[nodiscard]] InstallFile installed(const RootPaths &paths, const QString &socket) const
    {
        InstallFacts facts;
        facts.tray = QCoreApplication::applicationFilePath();
        facts.root = paths.root;
        facts.socket = socket;
        return LaunchdInstaller(InstallTool({}, {}, true, {}), m_folder->path(), 501).trayFiles(facts).front();
    }
    void put(const QByteArray &content) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path()).absolutePath()));
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestLaunchAtLogin)
#include "tst_launchatlogin.moc"
