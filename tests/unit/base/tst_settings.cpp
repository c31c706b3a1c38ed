// SPDX-License-Identifier: MIT
#include "shared/base/settings.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString errorOf(const Result<void> &result)
{
    return result ? QString() : result.error().message;
}

} // namespace

/// The one place of keys and values: a user's slip must be told, never swallowed.
class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKeyIsApplied();
    void listsEveryKeyItTakes();
    void refusedValuesChangeNothing_data();
    void refusedValuesChangeNothing();
    void aMisspeltKeyNamesTheRightOne();
    void errorsTellKeyValueAndExpectation();
    void environmentForChildren();
    void environmentOverrides();
    void wrongEnvironmentOverrideIsTold_data();
    void wrongEnvironmentOverrideIsTold();
    void defaultsAreValid();
    void thresholdsMustRise();
    void theTickIsBounded();
};

void TestSettings::everyKeyIsApplied()
{
    Settings settings;
    const std::pair<QString, QString> assignments[] = {
        {u"timers.stale_after"_s, u"91"_s},
        {u"timers.drowsy_after"_s, u"6m"_s},
        {u"timers.sleep_after"_s, u"31m"_s},
        {u"timers.hibernate_after"_s, u"3h"_s},
        {u"timers.tick"_s, u"0.5"_s},
        {u"lifecycle.presence"_s, u"active"_s},
        {u"lifecycle.ignore_leaked"_s, u"false"_s},
        {u"lifecycle.hibernation"_s, u"linger"_s},
        {u"lifecycle.lease_max"_s, u"1d"_s},
        {u"sleep.require_user_idle"_s, u"true"_s},
        {u"sleep.require_ac"_s, u"true"_s},
        {u"sleep.quarantine_ttl"_s, u"48h"_s},
        {u"sleep.strikes"_s, u"5"_s},
        {u"control.connections_max"_s, u"7"_s},
        {u"control.requests_per_second"_s, u"8"_s},
        {u"env.PATH"_s, u"/bin"_s},
    };
    for (const auto &[key, text] : assignments)
        QCOMPARE(errorOf(applySetting(settings, key, text)), QString());
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
    expected.environment.insert(u"PATH"_s, u"/bin"_s);
    QVERIFY(settings == expected);
}

void TestSettings::listsEveryKeyItTakes()
{
    const QStringList keys = settingKeys();
    QCOMPARE(keys.size(), 16);
    QCOMPARE(keys.first(), u"timers.stale_after"_s);
    QVERIFY(keys.contains(u"env.NAME"_s));
    for (const QString &key : keys) {
        Settings settings;
        const QString error = errorOf(applySetting(settings, key, u"no value of any key\n"_s));
        QVERIFY2(!error.startsWith("unknown key"_L1), qPrintable(error));
    }
}

void TestSettings::refusedValuesChangeNothing_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *key, const char *text) {
        QTest::addRow("%s=%s", key, text) << QString::fromUtf8(key) << QString::fromUtf8(text);
    };
    for (const char *text : {"abc", "", "0", "-1", "0.0001", "366d", "1e3", "nan"})
        row("timers.tick", text);
    for (const char *text : {"yes", "1", "True", ""})
        row("sleep.require_ac", text);
    row("lifecycle.presence", "Active");
    row("lifecycle.hibernation", "never");
    for (const char *text : {"0", "-3", "2.5", "101", "x", "99999999999999999999"})
        row("sleep.strikes", text);
    row("control.connections_max", "4097");
    row("control.requests_per_second", "0");
    row("env.", "x");
    row("env.A=B", "x");
    row("nosuch.key", "1");
    row("timers", "1");
    row("", "1");
}

void TestSettings::refusedValuesChangeNothing()
{
    QFETCH(const QString, key);
    QFETCH(const QString, text);
    Settings settings;
    const Result<void> result = applySetting(settings, key, text);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Configuration);
    QVERIFY(settings == Settings());
}

void TestSettings::aMisspeltKeyNamesTheRightOne()
{
    Settings settings;
    QCOMPARE(errorOf(applySetting(settings, u"timers.drowsy"_s, u"5m"_s)),
             u"unknown key \"timers.drowsy\"; did you mean \"timers.drowsy_after\"?"_s);
    QCOMPARE(errorOf(applySetting(settings, u"timer.tick"_s, u"5m"_s)),
             u"unknown key \"timer.tick\"; did you mean \"timers.tick\"?"_s);
    QCOMPARE(errorOf(applySetting(settings, u"quite.something.else"_s, u"5m"_s)), u"unknown key \"quite.something.else\""_s);
}

void TestSettings::errorsTellKeyValueAndExpectation()
{
    Settings settings;
    QVERIFY(errorOf(applySetting(settings, u"timers.tick"_s, u"abc"_s))
                .startsWith(u"timers.tick = \"abc\": expected seconds or a duration like \"90s\", \"5m\" or \"2h\""_s));
    QCOMPARE(errorOf(applySetting(settings, u"lifecycle.presence"_s, u"\x1b[2J"_s)),
             u"lifecycle.presence = \"\uFFFD[2J\": expected \"attached\" or \"active\""_s);
}

void TestSettings::environmentForChildren()
{
    Settings settings;
    QVERIFY(applySetting(settings, u"env.PATH"_s, u"/bin:/usr/bin"_s).ok());
    QVERIFY(applySetting(settings, u"env.EMPTY"_s, QString()).ok());
    QVERIFY(applySetting(settings, u"env.a.b"_s, u"=x"_s).ok());
    QCOMPARE(settings.environment,
             (QMap<QString, QString>{{u"PATH"_s, u"/bin:/usr/bin"_s}, {u"EMPTY"_s, QString()}, {u"a.b"_s, u"=x"_s}}));
    QVERIFY(!applySetting(settings, u"env.X"_s, QString(QChar(u'\0'))).ok());
}

void TestSettings::environmentOverrides()
{
    Settings settings;
    QCOMPARE(errorOf(applyEnvironment(settings, {{u"LIFECYCLE_DROWSY_AFTER_SEC"_s, u"0.5"_s},
                                                 {u"LIFECYCLE_SLEEP_HEARTBEAT_IDLE_SEC"_s, u"10"_s},
                                                 {u"LIFECYCLE_HIBERNATE_AFTER_SEC"_s, u" 20 "_s},
                                                 {u"IAI_MCP_SLEEP_QUARANTINE_TTL_HOURS"_s, u"1.5"_s},
                                                 {u"PATH"_s, u"/bin"_s}})),
             QString());
    Settings expected;
    expected.drowsyAfter = 500ms;
    expected.sleepAfter = 10s;
    expected.hibernateAfter = 20s;
    expected.quarantineTtl = 90min;
    QVERIFY(settings == expected);
    QVERIFY(applyEnvironment(settings, {{u"LIFECYCLE_DROWSY_AFTER_SEC"_s, QString()}}).ok()); // empty: unset
    QVERIFY(settings == expected);
}

void TestSettings::wrongEnvironmentOverrideIsTold_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("text");
    QTest::newRow("no number") << u"LIFECYCLE_DROWSY_AFTER_SEC"_s << u"soon"_s;
    QTest::newRow("a unit of its own") << u"LIFECYCLE_DROWSY_AFTER_SEC"_s << u"5m"_s;
    QTest::newRow("negative") << u"LIFECYCLE_SLEEP_HEARTBEAT_IDLE_SEC"_s << u"-1"_s;
    QTest::newRow("zero") << u"LIFECYCLE_HIBERNATE_AFTER_SEC"_s << u"0"_s;
    QTest::newRow("too long") << u"IAI_MCP_SLEEP_QUARANTINE_TTL_HOURS"_s << u"9000"_s;
}

void TestSettings::wrongEnvironmentOverrideIsTold()
{
    QFETCH(const QString, variable);
    QFETCH(const QString, text);
    Settings settings;
    const Result<void> result = applyEnvironment(settings, {{variable, text}});
    QVERIFY(!result);
    QVERIFY2(result.error().message.startsWith(variable + u" = \"" + text), qPrintable(result.error().message));
    QVERIFY(settings == Settings());
}

void TestSettings::defaultsAreValid()
{
    QCOMPARE(errorOf(validate(Settings())), QString());
}

void TestSettings::thresholdsMustRise()
{
    Settings settings;
    settings.sleepAfter = settings.drowsyAfter;
    settings.hibernateAfter = settings.drowsyAfter;
    QCOMPARE(errorOf(validate(settings)), QString()); // equal is allowed
    settings.drowsyAfter = 10min;
    QCOMPARE(errorOf(validate(settings)), u"timers.drowsy_after (10 min) must not be longer than timers.sleep_after (5 min)"_s);
    settings = {};
    settings.hibernateAfter = settings.sleepAfter - 1ms;
    QVERIFY(errorOf(validate(settings)).contains("timers.hibernate_after"_L1));
}

void TestSettings::theTickIsBounded()
{
    Settings settings;
    settings.tick = 60s;
    QVERIFY(validate(settings).ok());
    settings.tick = 60'001ms;
    QVERIFY(errorOf(validate(settings)).startsWith("timers.tick"_L1));
    settings.tick = 10ms;
    QVERIFY(validate(settings).ok());
    settings.tick = 9ms;
    QVERIFY(errorOf(validate(settings)).startsWith("timers.tick"_L1));
}

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
