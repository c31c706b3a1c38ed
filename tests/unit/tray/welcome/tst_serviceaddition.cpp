// SPDX-License-Identifier: MIT
// The one file of the user's that the first-start window writes: what stood there must still stand there, and the agent must take what is new.
#include "tray/welcome/serviceaddition.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

class ServiceAdditionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsWhatWasMeant_data();
    void whatIsWrittenIsWhatWasMeant();
    void aFirstFile();
    void everyByteStays_data();
    void everyByteStays();
    void namesStayApart();
    void theSameServiceIsNotAddedTwice();
    void aBrokenFileIsLeftAlone();
    void aChangeMeanwhileIsSeen();
    void aLinkIsFollowed();
    void whatCannotBeWrittenIsTold();

private:
    static ServiceConfig ollama()
    {
        ServiceConfig config;
        config.name = u"ollama"_s;
        config.command = QStringList{u"/usr/bin/ollama"_s, u"serve"_s};
        config.ready.tcpPort = 11434;
        config.stopIn = State::Sleep;
        return config;
    }
    static QByteArray content(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
    }
    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    }
};

void ServiceAdditionTest::whatIsWrittenIsWhatWasMeant_data()
{
    QTest::addColumn<ServiceConfig>("service");
    QTest::newRow("command") << ollama();
    ServiceConfig odd = ollama();
    odd.command = QStringList{u"/opt/ä b/\"x\""_s, u"--a=\\d\t\x01\x7f"_s, u"line\nbreak"_s, u"# no comment"_s, u""_s};
    QTest::newRow("odd characters") << odd;
    ServiceConfig label = ollama();
    label.command.clear();
    label.launchd = u"homebrew.mxcl.ollama"_s;
    label.stopTimeout = std::chrono::milliseconds(1500);
    QTest::newRow("label") << label;
    ServiceConfig unit = ollama();
    unit.command.clear();
    unit.systemd = u"dormouse-test-none.service"_s;
    unit.ready = {std::nullopt, {u"curl"_s, u"-sf"_s, u"http://127.0.0.1/"_s}};
    unit.stopIn = State::Drowsy;
    unit.stopTimeout = std::chrono::seconds(30);
    unit.after = QStringList();
    QTest::newRow("unit") << unit;
}

void ServiceAdditionTest::whatIsWrittenIsWhatWasMeant()
{
    QFETCH(const ServiceConfig, service);
    const auto parsed = parseConfiguration(serviceToml(service), u"dormouse.toml"_s);
    QVERIFY2(parsed.ok(), parsed ? "" : qPrintable(parsed.error().text()));
    QCOMPARE(parsed.value().services.size(), 1U);
    QCOMPARE(parsed.value().services[0], service);
}

void ServiceAdditionTest::aFirstFile()
{
    const QTemporaryDir folder;
    const RootPaths paths{folder.filePath(u"root"_s)}; // not even the root is there
    const auto planned = planAddition(paths, ollama());
    QVERIFY(planned.ok());
    QVERIFY(writeAddition(paths, planned.value()).ok());
    QCOMPARE(content(paths.configuration()), planned.value().section);
    struct stat status {
    };
    QCOMPARE(::stat(QFile::encodeName(paths.configuration()).constData(), &status), 0);
    QCOMPARE(status.st_mode & 07777U, 0600U);
    const auto loaded = loadConfiguration({paths.configuration(), {}, {}});
    QVERIFY(loaded.ok());
    QCOMPARE(loaded.value().services.size(), 1U);
}

void ServiceAdditionTest::everyByteStays_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("comments") << QByteArray("# mine\n\n[timers]   # odd\n tick = 15 \n");
    QTest::newRow("no last line end") << QByteArray("[timers]\ntick = 15 # fifteen");
    QTest::newRow("Windows line ends") << QByteArray("[timers]\r\ntick = 15\r\n");
    QTest::newRow("a service") << QByteArray("[[service]]\nname = \"db\"\ncommand = [\"db\"]\n[service.ready]\ntcp = 1\n");
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF[timers]\ntick = 15\n");
    QTest::newRow("only a comment") << QByteArray("# nothing yet");
}

void ServiceAdditionTest::everyByteStays()
{
    QFETCH(const QByteArray, before);
    const QTemporaryDir folder;
    const RootPaths paths{folder.path()};
    write(paths.configuration(), before);
    const auto planned = planAddition(paths, ollama());
    QVERIFY2(planned.ok(), planned ? "" : qPrintable(planned.error().text()));
    QVERIFY(writeAddition(paths, planned.value()).ok());
    const QByteArray after = content(paths.configuration());
    QVERIFY(after.startsWith(before));
    QVERIFY(after.endsWith(planned.value().section));
    QCOMPARE(after.contains("\r\n"), before.contains("\r\n"));
    QCOMPARE(after.count('\n') == after.count("\r\n"), before.contains("\r\n"));
    const auto loaded = loadConfiguration({paths.configuration(), {}, {}});
    QVERIFY(loaded.ok());
    QCOMPARE(loaded.value().services.back().name, u"ollama"_s);
}

void ServiceAdditionTest::namesStayApart()
{
    const QByteArray before =
        "[[service]]\nname = \"ollama\"\ncommand = [\"a\"]\n[[service]]\nname = \"ollama-2\"\ncommand = [\"b\"]\n";
    const auto planned = planAddition(before, ollama(), u"dormouse.toml"_s);
    QVERIFY(planned.ok());
    const auto parsed = parseConfiguration(planned.value().after, {});
    QCOMPARE(parsed.value().services.back().name, u"ollama-3"_s);
    QCOMPARE(parsed.value().services.back().after, std::optional(QStringList())); // it waits for none of its neighbours
}

void ServiceAdditionTest::theSameServiceIsNotAddedTwice()
{
    const auto first = planAddition(QByteArray(), ollama(), u"dormouse.toml"_s);
    const auto second = planAddition(first.value().after, ollama(), u"dormouse.toml"_s);
    QVERIFY(!second.ok());
    QCOMPARE(second.error().code, ErrorCode::Busy);
    ServiceConfig unit;
    unit.name = u"x"_s;
    unit.systemd = u"x.service"_s;
    QCOMPARE(planAddition("[[service]]\nname = \"y\"\nsystemd = \"x\"\n", unit, {}).error().code, ErrorCode::Busy);
}

void ServiceAdditionTest::aBrokenFileIsLeftAlone()
{
    const QTemporaryDir folder;
    const RootPaths paths{folder.path()};
    write(paths.configuration(), "[timers]\ntikc = 3\n");
    const auto planned = planAddition(paths, ollama());
    QVERIFY(!planned.ok());
    QVERIFY(planned.error().text().contains(u"timers.tick"_s)); // the agent's own words
    QCOMPARE(content(paths.configuration()), QByteArray("[timers]\ntikc = 3\n"));
    // What cannot be continued by a further [[service]] is not guessed at.
    QVERIFY(!planAddition("service = []\n", ollama(), {}).ok());
}

void ServiceAdditionTest::aChangeMeanwhileIsSeen()
{
    const QTemporaryDir folder;
    const RootPaths paths{folder.path()};
    const auto planned = planAddition(paths, ollama());
    QVERIFY(planned.ok());
    write(paths.configuration(), "# written by an editor\n");
    const auto written = writeAddition(paths, planned.value());
    QVERIFY(!written.ok());
    QCOMPARE(written.error().code, ErrorCode::Busy);
    QCOMPARE(content(paths.configuration()), QByteArray("# written by an editor\n"));
}

void ServiceAdditionTest::aLinkIsFollowed()
{
    const QTemporaryDir folder;
    const QTemporaryDir dotfiles;
    const RootPaths paths{folder.path()};
    const QString real = dotfiles.filePath(u"mine.toml"_s);
    write(real, "# kept elsewhere\n");
    QVERIFY(QFile::link(real, paths.configuration()));
    const auto planned = planAddition(paths, ollama());
    QVERIFY(planned.ok());
    QVERIFY(writeAddition(paths, planned.value()).ok());
    QVERIFY(QFileInfo(paths.configuration()).isSymLink());
    QCOMPARE(content(real), planned.value().after);
}

void ServiceAdditionTest::whatCannotBeWrittenIsTold()
{
    const QTemporaryDir folder;
    const RootPaths paths{folder.filePath(u"root"_s)};
    const auto planned = planAddition(paths, ollama());
    write(paths.root, "a file in the root's place");
    const auto written = writeAddition(paths, planned.value());
    QVERIFY(!written.ok());
    QVERIFY(!written.error().text().isEmpty());
}

QTEST_GUILESS_MAIN(ServiceAdditionTest)
#include "tst_serviceaddition.moc"
