// SPDX-License-Identifier: MIT
// What the first-start window finds on a machine. Wrong, it would offer what cannot be managed, or write a service that starts something twice.
#include "tray/welcome/machinefacts.h"
#include "tray/welcome/servicefinder.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include <sys/stat.h>
#include <sys/types.h>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

using Source = ServiceOffer::Source;

class ServiceOffersTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsPrograms_data();
    void knowsPrograms();
    void aUnitExplainsItsProcess();
    void aSystemUnitIsOutOfReach();
    void aUserUnitHidesTheSystemsOne();
    void anotherUsersProcessIsOutOfReach();
    void aForkedChildIsNotOfferedTwice();
    void twoServersAreTwoOffers();
    void relativePathsAreMadeFull();
    void llamaReadiness_data();
    void llamaReadiness();
    void theLaunchAgentIsPreferred();
    void whatRunsComesFirst();
    void readsProcesses();
    void readsUnitsAndLabels();
    void unreadableFilesAreNoProblem();
    void theFinderAnswersLater();
    void theFinderForgetsWhoDied();
};

namespace {

const QStringList kServe{u"/usr/local/bin/ollama"_s, u"serve"_s};
const QStringList kDaemon{u"/home/me/.venv/bin/python3"_s, u"-m"_s, u"iai_mcp.daemon"_s};

RunningCommand running(qint64 pid, const QStringList &arguments, const QString &unit = {}, bool isOurs = true)
{
    return {pid, isOurs, arguments, {}, {}, unit};
}

void write(const QString &path, const QByteArray &bytes)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

/// A folder that looks like /proc, as far as it is read.
void addProcess(const QString &proc, int pid, const QByteArray &commandLine, const QByteArray &groups,
                const QString &program = {})
{
    const QString folder = proc + u'/' + QString::number(pid);
    write(folder + u"/cmdline"_s, commandLine);
    write(folder + u"/cgroup"_s, groups);
    if (!program.isEmpty())
        QVERIFY(QFile::link(program, folder + u"/exe"_s));
    QVERIFY(QFile::link(u"/srv"_s, folder + u"/cwd"_s));
}

} // namespace

void ServiceOffersTest::knowsPrograms_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<int>("program"); // -1: none
    QTest::newRow("ollama") << kServe << int(KnownProgram::Ollama);
    QTest::newRow("a client of ollama") << QStringList{u"ollama"_s, u"run"_s, u"llama3"_s} << -1;
    QTest::newRow("ollama's own helper") << QStringList{u"/usr/local/bin/ollama"_s, u"runner"_s} << -1;
    QTest::newRow("llama-server") << QStringList{u"llama-server"_s, u"-m"_s, u"a.gguf"_s} << int(KnownProgram::LlamaServer);
    QTest::newRow("an editor of its log") << QStringList{u"vim"_s, u"llama-server"_s} << -1;
    QTest::newRow("the daemon") << kDaemon << int(KnownProgram::IaiMcp);
    QTest::newRow("the daemon by path") << QStringList{u"python3.11"_s, u"/opt/iai_mcp/daemon.py"_s} << int(KnownProgram::IaiMcp);
    QTest::newRow("one client's process") << QStringList{u"python3"_s, u"-m"_s, u"iai_mcp.core"_s} << -1;
    QTest::newRow("another package") << QStringList{u"python3"_s, u"-m"_s, u"my_iai_mcpx.daemon"_s} << -1;
    QTest::newRow("no python") << QStringList{u"grep"_s, u"iai_mcp.daemon"_s} << -1;
    QTest::newRow("redis is not guessed") << QStringList{u"redis-server"_s} << -1;
    QTest::newRow("a kernel thread") << QStringList() << -1;
}

void ServiceOffersTest::knowsPrograms()
{
    QFETCH(const QStringList, command);
    QFETCH(const int, program);
    const auto known = knownProgram(command);
    QCOMPARE(known ? int(*known) : -1, program);
}

void ServiceOffersTest::aUnitExplainsItsProcess()
{
    MachineFacts facts;
    facts.units = {{InstalledUnit::Kind::User, u"my-ollama.service"_s, kServe}};
    facts.running = {running(41, kServe, u"my-ollama.service"_s)};
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 1U);
    QCOMPARE(offers[0].source, Source::Unit);
    QCOMPARE(offers[0].config.systemd, u"my-ollama.service"_s);
    QVERIFY(offers[0].config.command.isEmpty());
    QCOMPARE(offers[0].pid, 41);
}

void ServiceOffersTest::aSystemUnitIsOutOfReach()
{
    MachineFacts facts;
    facts.units = {{InstalledUnit::Kind::System, u"ollama.service"_s, kServe}};
    facts.running = {running(41, kServe, u"ollama.service"_s, false)};
    facts.ollama = u"/usr/local/bin/ollama"_s;
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 1U); // and above all no second server on the same port
    QCOMPARE(offers[0].source, Source::OutOfReach);
    QCOMPARE(offers[0].config.systemd, u"ollama.service"_s);
}

void ServiceOffersTest::aUserUnitHidesTheSystemsOne()
{
    MachineFacts facts;
    facts.units = {{InstalledUnit::Kind::System, u"ollama.service"_s, kServe},
                   {InstalledUnit::Kind::User, u"ollama.service"_s, kServe}};
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 1U);
    QCOMPARE(offers[0].source, Source::Unit);
}

void ServiceOffersTest::anotherUsersProcessIsOutOfReach()
{
    MachineFacts facts;
    facts.running = {running(9, kServe, {}, false)};
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 1U);
    QCOMPARE(offers[0].source, Source::OutOfReach);
    QVERIFY(offers[0].config.command.isEmpty());
}

void ServiceOffersTest::aForkedChildIsNotOfferedTwice()
{
    MachineFacts facts;
    facts.running = {running(10, kDaemon), running(11, kDaemon)};
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 1U);
    QCOMPARE(offers[0].pid, 10);
    QCOMPARE(offers[0].config.command, kDaemon);
}

void ServiceOffersTest::twoServersAreTwoOffers()
{
    MachineFacts facts;
    facts.running = {running(10, {u"/b/llama-server"_s, u"--port"_s, u"1"_s}),
                     running(11, {u"/b/llama-server"_s, u"--port"_s, u"2"_s})};
    QCOMPARE(serviceOffers(facts).size(), 2U);
}

void ServiceOffersTest::relativePathsAreMadeFull()
{
    MachineFacts facts;
    facts.running = {{7,
                      true,
                      {u"./llama-server"_s, u"-m"_s, u"models/a.gguf"_s, u"--lora"_s, u"/x/l"_s},
                      u"/opt/llama-server"_s,
                      u"/srv"_s,
                      {}}};
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 1U);
    QCOMPARE(offers[0].config.command,
             QStringList({u"/opt/llama-server"_s, u"-m"_s, u"/srv/models/a.gguf"_s, u"--lora"_s, u"/x/l"_s}));
}

void ServiceOffersTest::llamaReadiness_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<bool>("hasCurl");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("url");
    QTest::newRow("its own port") << QStringList() << false << 8080 << QString();
    QTest::newRow("by health") << QStringList{u"--port"_s, u"8089"_s} << true << 0 << u"http://127.0.0.1:8089/health"_s;
    QTest::newRow("as one word") << QStringList{u"--port=8089"_s} << false << 8089 << QString();
    QTest::newRow("no port") << QStringList{u"--port"_s, u"x"_s} << true << 0 << QString();
    QTest::newRow("another interface") << QStringList{u"--host"_s, u"192.168.0.9"_s} << true << 0 << QString();
    QTest::newRow("encrypted") << QStringList{u"--ssl-cert-file"_s, u"/c"_s} << true << 8080 << QString();
}

void ServiceOffersTest::llamaReadiness()
{
    QFETCH(const QStringList, options);
    QFETCH(const bool, hasCurl);
    QFETCH(const int, port);
    QFETCH(const QString, url);
    MachineFacts facts;
    facts.hasCurl = hasCurl;
    facts.running = {running(7, QStringList{u"/b/llama-server"_s} + options)};
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 1U);
    QCOMPARE(offers[0].config.ready.tcpPort.value_or(0), port);
    QCOMPARE(offers[0].config.ready.command.value(2), url);
}

void ServiceOffersTest::theLaunchAgentIsPreferred()
{
    MachineFacts facts;
    facts.units = {{InstalledUnit::Kind::LaunchAgent, u"com.iai-mcp.daemon"_s, {}}};
    facts.running = {running(12, kDaemon)};
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 1U);
    QCOMPARE(offers[0].source, Source::LaunchAgent);
    QCOMPARE(offers[0].config.launchd, u"com.iai-mcp.daemon"_s);
    QCOMPARE(offers[0].pid, 12);
    QCOMPARE(offers[0].config.stopTimeout, Millis(std::chrono::seconds(30)));
}

void ServiceOffersTest::whatRunsComesFirst()
{
    MachineFacts facts;
    facts.ollama = u"/usr/bin/ollama"_s;
    facts.running = {running(5, {u"/b/llama-server"_s}), running(6, kDaemon, {}, false)};
    const auto offers = serviceOffers(facts);
    QCOMPARE(offers.size(), 3U);
    QCOMPARE(offers[0].program, KnownProgram::LlamaServer);
    QCOMPARE(offers[1].source, Source::Program);
    QCOMPARE(offers[1].config.command, QStringList({u"/usr/bin/ollama"_s, u"serve"_s}));
    QCOMPARE(offers[2].source, Source::OutOfReach);
}

void ServiceOffersTest::readsProcesses()
{
    const QTemporaryDir folder;
    const QString proc = folder.path();
    addProcess(proc, 100, QByteArray("ollama\0serve\0", 13),
               "0::/user.slice/user-1000.slice/user@1000.service/app.slice/ollama.service\n", u"/usr/local/bin/ollama"_s);
    addProcess(proc, 101, QByteArray("llama-server\0-m\0a b.gguf\0", 25), "0::/user.slice/session-2.scope\n");
    addProcess(proc, 102, QByteArray("bash\0", 5), "0::/\n");
    addProcess(proc, 103, {}, "0::/\n");             // a kernel thread, or a zombie
    addProcess(proc, 104, "ollama serve", "0::/\n"); // no zero: it set its own title
    addProcess(proc, 105, QByteArray("llama-server\0", 13) + QByteArray(100'000, 'x') + '\0',
               "0::/\n"); // too long to be read whole
    write(proc + u"/self/cmdline"_s, QByteArray("ollama\0serve\0", 13));
    write(proc + u"/106/comm"_s, "gone\n");

    std::vector<RunningCommand> found = runningCommands(proc);
    std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.pid < b.pid; });
    QCOMPARE(found.size(), 2U);
    QCOMPARE(
        found[0],
        (RunningCommand{100, true, {u"ollama"_s, u"serve"_s}, u"/usr/local/bin/ollama"_s, u"/srv"_s, u"ollama.service"_s}));
    QCOMPARE(found[1].arguments, QStringList({u"llama-server"_s, u"-m"_s, u"a b.gguf"_s}));
    QCOMPARE(found[1].unit, QString());
    QCOMPARE(runningCommands(proc + u"/none"_s).size(), 0U);
}

void ServiceOffersTest::readsUnitsAndLabels()
{
    const QTemporaryDir folder;
    MachinePlaces places;
    places.home = u"/home/me"_s;
    places.units.user = {folder.filePath(u"mine"_s), folder.filePath(u"vendor"_s)};
    places.units.system = {folder.filePath(u"system"_s)};
    places.launchAgents = {folder.filePath(u"agents"_s)};
    write(places.units.user[0] + u"/memory.service"_s, "[Service]\nExecStart=%h/v/bin/python -m iai_mcp.daemon\n");
    write(places.units.user[0] + u"/other.service"_s, "[Service]\nExecStart=/usr/bin/foo\n");
    write(places.units.user[0] + u"/ollama@.service"_s, "[Service]\nExecStart=/usr/bin/ollama serve\n");
    QVERIFY(QFile::link(u"/dev/null"_s, places.units.user[0] + u"/ollama.service"_s)); // masked: the vendor's is not in force
    write(places.units.user[1] + u"/ollama.service"_s, "[Service]\nExecStart=/usr/bin/ollama serve\n");
    write(places.units.system[0] + u"/llama.service"_s, "[Service]\nExecStart=/usr/bin/llama-server --port 1\n");
    write(places.launchAgents[0] + u"/homebrew.mxcl.ollama.plist"_s, "bplist00");

    std::vector<InstalledUnit> found = installedUnits(places);
    QCOMPARE(found.size(), 3U);
    QCOMPARE(found[0],
             (InstalledUnit{
                 InstalledUnit::Kind::User, u"memory.service"_s, {u"/home/me/v/bin/python"_s, u"-m"_s, u"iai_mcp.daemon"_s}}));
    QCOMPARE(found[1].kind, InstalledUnit::Kind::System);
    QCOMPARE(found[2], (InstalledUnit{InstalledUnit::Kind::LaunchAgent, u"homebrew.mxcl.ollama"_s, {}}));
}

void ServiceOffersTest::unreadableFilesAreNoProblem()
{
    const QTemporaryDir folder;
    MachinePlaces places;
    places.units.user = {folder.path()};
    const QByteArray pipe = QFile::encodeName(folder.filePath(u"ollama.service"_s));
    QCOMPARE(::mkfifo(pipe.constData(), 0600), 0); // opening it would wait for ever
    write(folder.filePath(u"a.service"_s), QByteArray(200'000, '\xff'));
    QCOMPARE(installedUnits(places).size(), 0U);
}

void ServiceOffersTest::theFinderAnswersLater()
{
    const auto finder = makeServiceFinder();
    int answers = 0;
    finder->find(this, [&answers](const auto &) { ++answers; });
    QCOMPARE(answers, 0);
    QTRY_COMPARE(answers, 1);
}

void ServiceOffersTest::theFinderForgetsWhoDied()
{
    const auto finder = makeServiceFinder();
    auto gone = std::make_unique<QObject>();
    bool isCalled = false;
    finder->find(gone.get(), [&isCalled](const auto &) { isCalled = true; });
    gone.reset();
    int answers = 0;
    finder->find(this, [&answers](const auto &) { ++answers; });
    QTRY_COMPARE(answers, 1);
    QVERIFY(!isCalled);
}

QTEST_GUILESS_MAIN(ServiceOffersTest)
#include "tst_serviceoffers.moc"
