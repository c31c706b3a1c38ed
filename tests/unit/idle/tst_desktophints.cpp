// SPDX-License-Identifier: MIT
#include "shared/idle/dbus/busaddress.h"
#include "shared/idle/displayvariables.h"
#include "shared/idle/sessionhint.h"
#include "shared/idle/xauthority.h"

#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

/// What desktops leave lying about for others to find: addresses, variables, cookies, hints. Misread, the agent sees no user, or one who never leaves.
class TestDesktopHints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheBus_data();
    void findsTheBus();
    void findsTheDisplay();
    void findsTheCookie();
    void knowsLocalDisplays_data();
    void knowsLocalDisplays();
    void readsSessions();
    void readsAHint_data();
    void readsAHint();
};

void TestDesktopHints::findsTheBus_data()
{
    QTest::addColumn<QString>("addresses");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isAbstract");
    QTest::newRow("a path") << u"unix:path=/run/user/1000/bus"_s << u"/run/user/1000/bus"_s << false;
    QTest::newRow("with an id") << u"unix:path=/tmp/x,guid=1234"_s << u"/tmp/x"_s << false;
    QTest::newRow("abstract") << u"unix:guid=12,abstract=/tmp/dbus-Xy"_s << u"/tmp/dbus-Xy"_s << true;
    QTest::newRow("escaped") << u"unix:path=/tmp/a%20b%2cc"_s << u"/tmp/a b,c"_s << false;
    QTest::newRow("the second one") << u"tcp:host=localhost,port=1;unix:path=/b"_s << u"/b"_s << false;
    QTest::newRow("none of ours") << u"tcp:host=localhost,port=1"_s << QString() << false;
    QTest::newRow("empty") << QString() << QString() << false;
    QTest::newRow("empty path") << u"unix:path="_s << QString() << false;
    QTest::newRow("garbage") << u"unix:path;;=,unix:"_s << QString() << false;
}

void TestDesktopHints::findsTheBus()
{
    QFETCH(QString, addresses);
    QFETCH(QString, name);
    QFETCH(bool, isAbstract);
    const auto found = dbus::parseBusAddress(addresses);
    QCOMPARE(found.has_value(), !name.isEmpty());
    if (found)
        QCOMPARE(*found, (dbus::BusSocket{name, isAbstract}));
}

void TestDesktopHints::findsTheDisplay()
{
    const DisplayVariables found = displayVariables(
        {u"LANG=C"_s, u"DISPLAY=:1"_s, u"XAUTHORITY=/a=b"_s, u"WAYLAND_DISPLAY=wayland-0"_s, u"XDG_RUNTIME_DIR=/run/user/7"_s});
    QCOMPARE(found.x11, u":1"_s);
    QCOMPARE(found.authorityFile, u"/a=b"_s);
    QCOMPARE(found.wayland, u"/run/user/7/wayland-0"_s);
    QCOMPARE(displayVariables({u"WAYLAND_DISPLAY=/elsewhere"_s}).wayland, u"/elsewhere"_s);
    QVERIFY(displayVariables({u"WAYLAND_DISPLAY=wayland-0"_s}).isEmpty()); // relative to nothing
    QVERIFY(displayVariables({u"DISPLAY="_s, u"nonsense"_s, u""_s}).isEmpty());
}

void TestDesktopHints::findsTheCookie()
{
    const auto field = [](const QByteArray &content) -> QByteArray {
        return QByteArray(1, '\0') + char(content.size()) + content;
    };
    const auto entry = [&field](const char *family, const QByteArray &address, const QByteArray &number,
                                const QByteArray &data) -> QByteArray {
        return QByteArray::fromHex(family) + field(address) + field(number) + field("MIT-MAGIC-COOKIE-1") + field(data);
    };
    const QByteArray file = entry("0000", "host", "1", "inet") + entry("0100", "other", "1", "other host")
                            + entry("0100", "host", "0", "zero") + entry("0100", "host", "1", "one")
                            + entry("ffff", "", "", "wild");
    QCOMPARE(findXCookie(file, 1, "host"), (std::optional(XCookie{"MIT-MAGIC-COOKIE-1", "one"})));
    QCOMPARE(findXCookie(file, 0, "host")->data, QByteArray("zero"));
    QCOMPARE(findXCookie(file, 5, "host")->data, QByteArray("wild"));
    const QByteArray single = entry("0100", "host", "1", "one");
    for (qsizetype size = 0; size < single.size(); ++size)
        QVERIFY(!findXCookie(single.left(size), 1, "host"));
    QVERIFY(!findXCookie(single, 2, "host"));
}

void TestDesktopHints::knowsLocalDisplays_data()
{
    QTest::addColumn<QString>("display");
    QTest::addColumn<int>("expected");
    QTest::newRow("usual") << u":0"_s << 0;
    QTest::newRow("screen") << u":12.1"_s << 12;
    QTest::newRow("unix") << u"unix:2"_s << 2;
    QTest::newRow("ssh") << u"localhost:10.0"_s << -1;
    QTest::newRow("nothing") << u""_s << -1;
    QTest::newRow("no number") << u":x"_s << -1;
}

void TestDesktopHints::knowsLocalDisplays()
{
    QFETCH(QString, display);
    QFETCH(int, expected);
    QCOMPARE(localDisplayNumber(display).value_or(-1), expected);
}

void TestDesktopHints::readsSessions()
{
    const auto session = [](uint uid, const QString &seat, const QString &path) {
        return QVariant(QVariantList{u"c1"_s, uid, u"name"_s, seat, path});
    };
    const QVariantList answer{session(1000, u"seat0"_s, u"/s/1"_s), session(1000, u""_s, u"/s/ssh"_s),
                              session(1001, u"seat0"_s, u"/s/2"_s), QVariant(), QVariantList{u"short"_s}};
    QCOMPARE(seatedSessions(answer, 1000), (QList<LoginSession>{{1000, u"seat0"_s, u"/s/1"_s}}));
}

void TestDesktopHints::readsAHint_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<bool>("isIdle");
    QTest::addColumn<quint64>("sinceUsec");
    QTest::addColumn<qint64>("expected"); // milliseconds, -1 unknown; it is 1000 s now
    QTest::newRow("idle") << u"wayland"_s << true << quint64(400'000'000) << qint64(600'000);
    QTest::newRow("not idle") << u"x11"_s << false << quint64(400'000'000) << qint64(0);
    QTest::newRow("never told") << u"x11"_s << false << quint64(0) << qint64(-1);
    QTest::newRow("text, not idle") << u"tty"_s << false << quint64(999'500'000) << qint64(500);
    QTest::newRow("text, idle") << u"tty"_s << true << quint64(1'000'000) << qint64(999'000);
    QTest::newRow("from the future") << u"x11"_s << true << quint64(2'000'000'000) << qint64(0);
}

void TestDesktopHints::readsAHint()
{
    QFETCH(QString, type);
    QFETCH(bool, isIdle);
    QFETCH(quint64, sinceUsec);
    QFETCH(qint64, expected);
    const auto pair = [](const QString &name, const QVariant &value) { return QVariant(QVariantList{name, value}); };
    const QVariantList properties{pair(u"Type"_s, type), pair(u"IdleHint"_s, isIdle),
                                  pair(u"IdleSinceHintMonotonic"_s, sinceUsec)};
    const auto idle = idlenessOfSession(properties, AwakeTime(1000s));
    QCOMPARE(idle ? idle->count() : -1, expected);
    QVERIFY(!idlenessOfSession({}, AwakeTime(1000s)));
}

QTEST_GUILESS_MAIN(TestDesktopHints)
#include "tst_desktophints.moc"
