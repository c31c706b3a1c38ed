// SPDX-License-Identifier: MIT
#include "shared/config/checkedconfiguration.h"
#include "shared/config/configuration.h"
#include "shared/config/tablereader.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray everything()
{
    QFile file(qEnvironmentVariable("DORMOUSE_SOURCE") + u"/tests/data/config/good/everything.toml"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<Configuration> parsed(const QByteArray &text)
{
    return parseConfiguration(text, u"dormouse.toml"_s);
}

QString errorOf(const Result<Configuration> &result)
{
    return result ? QString() : result.error().text();
}

std::vector<StepConfig> expectedSteps()
{
    return {{u"consolidate"_s, {u"iai-mcp"_s, u"maintenance"_s, u"sleep-cycle"_s}, true, 15min, false},
            {u"vacuum the database"_s, {u"vacuumdb"_s, u"--all"_s, u"it's \"quoted\" \\ and\ttabbed"_s}, false, 24h, true}};
}

std::vector<ServiceConfig> expectedServices()
{
    ServiceConfig database;
    database.name = u"database"_s;
    database.command = QStringList{u"redis-server"_s, u"--port"_s, u"6390"_s};
    database.ready.tcpPort = 6390;
    database.stopIn = State::Drowsy;
    database.stopTimeout = 250ms;
    database.after = QStringList();
    ServiceConfig model;
    model.name = u"model_server-2.0"_s;
    model.systemd = u"ollama.service"_s;
    model.ready.command = QStringList{u"curl"_s, u"-sf"_s, u"http://localhost:11434/"_s};
    model.stopIn = State::Sleep;
    model.stopTimeout = 0ms;
    model.after = QStringList{u"database"_s, u"memory"_s};
    ServiceConfig memory;
    memory.name = u"memory"_s;
    memory.launchd = u"com.iai-mcp.daemon"_s;
    memory.stopTimeout = 10min;
    memory.after = QStringList{u"database"_s};
    return {database, model, memory};
}

bool putUnit(const QTemporaryDir &folder, const QString &kind, const QString &name)
{
    QFile file(folder.filePath(kind + u'/' + name));
    return QDir(folder.path()).mkpath(kind) && file.open(QIODevice::WriteOnly);
}

} // namespace

/// What a person wrote is what the agent does: every key arrives, in every spelling that TOML has.
class TestConfiguration : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyFileIsTheDefaults();
    void everyKeyArrives();
    void formattedTextMeansTheSame();
    void defaultsAreWrittenOut();
    void otherSpellingsMeanTheSame_data();
    void otherSpellingsMeanTheSame();
    void aServiceWithoutAfterWaitsForTheOneBefore();
    void aSystemUnitIsToldTheWayOut();
    void everyFaultOfAFileIsTold();
    void laterWordsWin();
    void wrongOverridesAreTold_data();
    void wrongOverridesAreTold();
    void thresholdsAreCheckedAsAWhole();
    void fuzzedFilesNeverCrash();
};

void TestConfiguration::anEmptyFileIsTheDefaults()
{
    for (const QByteArray &text :
         {QByteArray(), QByteArray("# nothing\n"), QByteArray("\xEF\xBB\xBF"), QByteArray("[timers]\r\n[sleep]\r\n")}) {
        const Result<Configuration> result = parsed(text);
        QCOMPARE(errorOf(result), QString());
        QVERIFY(result.value() == Configuration());
    }
}

void TestConfiguration::everyKeyArrives()
{
    const CheckedConfiguration checked = checkConfiguration(everything(), UnitFolders());
    QVERIFY2(checked.faults.empty(), checked.faults.empty() ? "" : qPrintable(checked.faults.front().text));
    const Configuration &configuration = checked.configuration;
    Settings expected;
    expected.staleAfter = 91s;
    expected.drowsyAfter = 6min;
    expected.sleepAfter = 31min;
    expected.hibernateAfter = 3h;
    expected.tick = 500ms;
    expected.presence = PresencePolicy::Active;
    expected.ignoreLeaked = false;
    expected.hibernation = HibernationMode::Linger;
    expected.leaseMax = 24h;
    expected.requireUserIdle = true;
    expected.requireAc = true;
    expected.quarantineTtl = 48h;
    expected.strikes = 5;
    expected.connectionsMax = 7;
    expected.requestsPerSecond = 8;
    expected.environment = {{u"PATH"_s, u"/opt/homebrew/bin:/usr/bin:/bin"_s},
                            {u"GREETING"_s, u"grüß dich, 世界 🐭"_s},
                            {u"EMPTY"_s, QString(u""_s)},
                            {u"a.b"_s, u"dotted"_s}};
    QVERIFY(configuration.settings == expected);
    QVERIFY(configuration.steps == expectedSteps());
    QVERIFY(configuration.services == expectedServices());
    const QMap<State, QList<QStringList>> hooks{
        {State::Wake, {{u"notify-send"_s, u"awake"_s}, {u"logger"_s, u"awake"_s}}},
        {State::Sleep, {{u"true"_s}}},
        {State::Hibernation, {{u"sync"_s}}},
    };
    QVERIFY(configuration.hooks == hooks);
}

void TestConfiguration::formattedTextMeansTheSame()
{
    for (const QByteArray &text : {everything(), QByteArray()}) {
        const CheckedConfiguration checked = checkConfiguration(text, UnitFolders());
        const QByteArray formatted = formatConfiguration(checked.configuration);
        const CheckedConfiguration again = checkConfiguration(formatted, UnitFolders());
        QVERIFY2(again.faults.empty(), again.faults.empty() ? "" : qPrintable(again.faults.front().text));
        QVERIFY2(again.configuration == checked.configuration, formatted.constData());
    }
    Configuration odd;
    odd.settings.environment.insert(u"odd \" name\n"_s, u"\x01 \x7f \\u0041 \"\"\" ''' \r\n 🐭"_s);
    odd.settings.quarantineTtl = 365 * 24h;
    odd.settings.leaseMax = 1ms;
    odd.steps.push_back({u"x"_s, {u"'''"_s, QString(), u"\u0085\u2028"_s}, false, 1ms, true});
    const CheckedConfiguration again = checkConfiguration(formatConfiguration(odd), UnitFolders());
    QVERIFY2(again.faults.empty(), again.faults.empty() ? "" : qPrintable(again.faults.front().text));
    QVERIFY(again.configuration == odd);
}

void TestConfiguration::defaultsAreWrittenOut()
{
    // A key that is missing from `config show` would be one that nobody finds.
    const QByteArray formatted = formatConfiguration(checkConfiguration(everything(), UnitFolders()).configuration);
    for (const QString &key : configurationKeys()) {
        if (key == u"env.NAME"_s)
            continue;
        const QByteArray word = key.mid(key.lastIndexOf(u'.') + 1).toUtf8();
        QVERIFY2(formatted.contains(QByteArray(word + " = ")), qPrintable(key));
    }
    QVERIFY(formatted.contains("drowsy_after = \"6m\" "));
    QVERIFY(formatted.contains("tick = \"500ms\" "));
}

void TestConfiguration::otherSpellingsMeanTheSame_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("number") << QByteArray("[timers]\ntick = 20\n");
    QTest::newRow("fraction") << QByteArray("[timers]\ntick = 20.0\n");
    QTest::newRow("text") << QByteArray("[timers]\ntick = \"20\"\n");
    QTest::newRow("unit") << QByteArray("[timers]\ntick = '20s'\n");
    QTest::newRow("dotted") << QByteArray("timers.tick = 20\n");
    QTest::newRow("inline") << QByteArray("timers = { tick = 20 }\n");
    QTest::newRow("hexadecimal") << QByteArray("[timers]\ntick = 0x14\n");
    QTest::newRow("crlf and mark") << QByteArray("\xEF\xBB\xBF# a\r\n[timers]\r\ntick = 20\r\n");
    QTest::newRow("long string") << QByteArray("[timers]\ntick = \"\"\"20s\"\"\"\n");
    QTest::newRow("quoted keys") << QByteArray("[\"timers\"]\n'tick' = 20 # [[[[[[[[[[[[[[[[[[[[[[[[[[\n");
}

void TestConfiguration::otherSpellingsMeanTheSame()
{
    QFETCH(const QByteArray, text);
    Configuration expected;
    expected.settings.tick = 20s;
    const Result<Configuration> result = parsed(text);
    QCOMPARE(errorOf(result), QString());
    QVERIFY(result.value() == expected);
}

void TestConfiguration::aServiceWithoutAfterWaitsForTheOneBefore()
{
    const QByteArray three = "[[service]]\nname='a'\ncommand=['a']\n[[service]]\nname='b'\ncommand=['b']\n"
                             "[[service]]\nname='c'\ncommand=['c']\nafter=['a']\n";
    const Result<Configuration> result = parsed(three);
    QCOMPARE(errorOf(result), QString());
    QVERIFY(!result.value().services.at(0).after);
    QVERIFY(!result.value().services.at(1).after);
    QVERIFY(result.value().services.at(2).after == QStringList{u"a"_s});

    // A chain as long as the file allows is no circle, and overflows no stack.
    QByteArray chain;
    for (int i = 0; i < 20'000; ++i)
        chain += "[[service]]\nname='s" + QByteArray::number(i) + "'\ncommand=['a']\n";
    QCOMPARE(errorOf(parsed(chain)), QString());
}

void TestConfiguration::aSystemUnitIsToldTheWayOut()
{
    QTemporaryDir folder;
    QVERIFY(putUnit(folder, u"system"_s, u"ollama.service"_s) && putUnit(folder, u"system"_s, u"both.service"_s)
            && putUnit(folder, u"user"_s, u"both.service"_s) && putUnit(folder, u"system"_s, u"pg@.service"_s));
    const UnitFolders units{{folder.filePath(u"user"_s)}, {folder.filePath(u"system"_s)}};
    const auto faultOf = [&units](const QByteArray &name) {
        const auto faults = checkConfiguration("[[service]]\nname = 'a'\nsystemd = '" + name + "'\n", units).faults;
        return faults.empty() ? QString() : faults.front().text;
    };
    QCOMPARE(faultOf("ollama"),
             u"service.systemd = \"ollama\" is a system unit: an agent of one user can neither start nor stop it; make it a "
             "user unit (~/.config/systemd/user/ollama.service, then: systemctl --user daemon-reload; sudo systemctl disable "
             "--now ollama.service) and write systemd = \"ollama.service\""_s);
    QVERIFY(faultOf("pg@main.service").contains(u"is a system unit"_s));
    QCOMPARE(faultOf("both.service"), QString());
    QCOMPARE(faultOf("nowhere.service"), QString()); // a generator may make it
    QVERIFY(faultOf("a b").contains(u"expected the name of a user unit"_s));
}

void TestConfiguration::everyFaultOfAFileIsTold()
{
    const Result<Configuration> result = parsed("[timers]\ntick = 'soon'\ntock = 1\n[hooks]\non_wake = 5\n");
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Configuration);
    QVERIFY2(result.error().message.endsWith(u" (and 2 more: dormouse config check)"_s), qPrintable(result.error().message));
    QVERIFY(result.error().message.startsWith(u"dormouse.toml:2:8: timers.tick = \"soon\": expected"_s));
    QByteArray many = "[timers]\n";
    for (int i = 0; i < 10'000; ++i)
        many += "k" + QByteArray::number(i) + " = 1\n";
    QCOMPARE(checkConfiguration(many).faults.size(), std::size_t{50});
}

void TestConfiguration::laterWordsWin()
{
    QTemporaryDir folder;
    ConfigurationSources sources{folder.filePath(u"dormouse.toml"_s), {}, {}};
    QCOMPARE(errorOf(loadConfiguration(sources)), QString()); // no file: the defaults
    QFile file(sources.path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write("[timers]\ndrowsy_after = 100\nsleep_after = 200\nhibernate_after = 300\n[sleep]\nquarantine_ttl = '1h'\n"
               "[[sleep.step]]\nname='x'\ncommand=['true']\n[env]\nA='file'\n");
    file.close();
    sources.environment = {{u"LIFECYCLE_DROWSY_AFTER_SEC"_s, u"110"_s},
                           {u"LIFECYCLE_SLEEP_HEARTBEAT_IDLE_SEC"_s, u"210"_s},
                           {u"IAI_MCP_SLEEP_QUARANTINE_TTL_HOURS"_s, u"2"_s}};
    sources.sets = QStringList{u"timers.sleep_after=220"_s, u"env.A=set=x"_s};
    const Result<Configuration> loaded = loadConfiguration(sources);
    QCOMPARE(errorOf(loaded), QString());
    const Settings &settings = loaded.value().settings;
    QCOMPARE(settings.hibernateAfter, Millis(300s)); // the file
    QCOMPARE(settings.drowsyAfter, Millis(110s));    // the environment over the file
    QCOMPARE(settings.quarantineTtl, Millis(2h));
    QCOMPARE(settings.sleepAfter, Millis(220s)); // --set over both
    QCOMPARE(settings.environment.value(u"A"_s), u"set=x"_s);
    QCOMPARE(loaded.value().steps.size(), std::size_t{1});

    const Result<Configuration> without = applyOverrides({}, sources); // the file cannot be used
    QCOMPARE(errorOf(without), QString());
    QCOMPARE(without.value().settings.sleepAfter, Millis(220s));
    QCOMPARE(without.value().settings.hibernateAfter, Settings().hibernateAfter);
    QVERIFY(without.value().steps.empty());
}

void TestConfiguration::wrongOverridesAreTold_data()
{
    QTest::addColumn<QString>("set");
    QTest::addColumn<QString>("message");
    QTest::newRow("no value") << u"timers.tick"_s << u"--set timers.tick: expected KEY=VALUE, for example timers.tick=30"_s;
    QTest::newRow("no key") << u"=5"_s << u"--set =5: expected KEY=VALUE, for example timers.tick=30"_s;
    QTest::newRow("unknown") << u"timers.tik=5"_s << u"--set unknown key \"timers.tik\"; did you mean \"timers.tick\"?"_s;
    QTest::newRow("value") << u"sleep.strikes=0"_s << u"--set sleep.strikes = \"0\": expected a whole number from 1 to 100"_s;
}

void TestConfiguration::wrongOverridesAreTold()
{
    QFETCH(const QString, set);
    QFETCH(const QString, message);
    const Result<Configuration> result = applyOverrides({}, {{}, {}, {set}});
    QCOMPARE(errorOf(result), message);
    QCOMPARE(result.error().code, ErrorCode::Configuration);
}

void TestConfiguration::thresholdsAreCheckedAsAWhole()
{
    QTemporaryDir folder;
    ConfigurationSources sources{folder.filePath(u"dormouse.toml"_s), {}, {}};
    QFile file(sources.path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write("[timers]\n\ndrowsy_after = '45m'\n");
    file.close();
    QCOMPARE(errorOf(loadConfiguration(sources)),
             sources.path + u":3:16: timers.drowsy_after (45 min) must not be longer than timers.sleep_after (30 min)"_s);
    sources.sets = QStringList{u"timers.sleep_after=1h"_s}; // what the file alone may not say, both together may
    QCOMPARE(errorOf(loadConfiguration(sources)), QString());
    sources.sets = QStringList{u"timers.sleep_after=1h"_s, u"timers.hibernate_after=50m"_s};
    QCOMPARE(errorOf(loadConfiguration(sources)),
             u"timers.sleep_after (1 h) must not be longer than timers.hibernate_after (50 min)"_s);
}

void TestConfiguration::fuzzedFilesNeverCrash()
{
    // Single bytes and stretches changed at random, from a fixed seed: whatever an editor or a disk does, the agent says so and goes on.
    const QByteArray good = everything();
    QVERIFY(!good.isEmpty());
    quint32 state = 20240502;
    const auto random = [&state](qsizetype bound) {
        state = state * 1664525 + 1013904223;
        return static_cast<qsizetype>(state >> 8) % bound;
    };
    static constexpr char kBytes[] = "\0\"'[]{}=.#\\\n\r\t ,-+_0exinfTZ:\xC3\xFF";
    const QByteArray bytes(kBytes, sizeof kBytes - 1);
    int broken = 0;
    for (int round = 0; round < 3000; ++round) {
        QByteArray text = good;
        for (qsizetype change = random(4); change >= 0; --change) {
            const qsizetype at = random(text.size());
            switch (random(4)) {
            case 0: text[at] = bytes.at(random(bytes.size())); break;
            case 1: text.insert(at, bytes.at(random(bytes.size()))); break;
            case 2: text.remove(at, random(20)); break;
            default: text.insert(at, text.mid(random(text.size()), random(60))); break;
            }
        }
        const CheckedConfiguration checked = checkConfiguration(text, UnitFolders());
        broken += checked.faults.empty() ? 0 : 1;
        for (const ConfigurationFault &fault : checked.faults) {
            QVERIFY(!fault.text.isEmpty() && fault.text.size() < 1000);
            QVERIFY2(fault.place.line >= 1 && fault.place.line <= text.count('\n') + 1, text.constData());
            QVERIFY(fault.place.column >= 1 && fault.place.length >= 1);
        }
    }
    QVERIFY(broken > 1500 && broken < 3000);
}

QTEST_GUILESS_MAIN(TestConfiguration)
#include "tst_configuration.moc"
