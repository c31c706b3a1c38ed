// SPDX-License-Identifier: MIT
#include "shared/control/servedroot.h"

#include <QtTest>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

/// An installed unit or label serves one root: starting it for another root would wake the wrong agent and report success.
class ServedRootTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsUnits_data();
    void readsUnits();
    void readsPropertyLists_data();
    void readsPropertyLists();
    void knowsWhomItServes_data();
    void knowsWhomItServes();
};

void ServedRootTest::readsUnits_data()
{
    QTest::addColumn<QByteArray>("unit");
    QTest::addColumn<QStringList>("command");
    QTest::newRow("plain") << QByteArray(
        "[Unit]\nDescription=x\n[Service]\nType=notify\nExecStart=/usr/bin/dormouse-agent --supervised\n")
                           << QStringList{u"/usr/bin/dormouse-agent"_s, u"--supervised"_s};
    QTest::newRow("quotes") << QByteArray("[Service]\nExecStart=/a --root \"/my root\" '--socket=/s p'\n")
                            << QStringList{u"/a"_s, u"--root"_s, u"/my root"_s, u"--socket=/s p"_s};
    QTest::newRow("dollar") << QByteArray("[Service]\nExecStart=/a --root \"/my $$root\"\n")
                            << QStringList{u"/a"_s, u"--root"_s, u"/my $root"_s};
    QTest::newRow("home") << QByteArray("[Service]\nExecStart=/a --root %h/.x 100%%\n")
                          << QStringList{u"/a"_s, u"--root"_s, u"/home/u/.x"_s, u"100%"_s};
    QTest::newRow("continued") << QByteArray("[Service]\nExecStart = /a \\\n  --root /r\n")
                               << QStringList{u"/a"_s, u"--root"_s, u"/r"_s};
    QTest::newRow("escaped space") << QByteArray("[Service]\nExecStart=/a --root /my\\ root\n")
                                   << QStringList{u"/a"_s, u"--root"_s, u"/my root"_s};
    QTest::newRow("comment") << QByteArray("[Service]\n#ExecStart=/no\n;ExecStart=/no\nExecStart=/a\n") << QStringList{u"/a"_s};
    QTest::newRow("other section") << QByteArray("[Install]\nExecStart=/no\n") << QStringList{};
    QTest::newRow("other key") << QByteArray("[Service]\nExecStartPre=/no\nExecStop=/no\n") << QStringList{};
    QTest::newRow("the last counts") << QByteArray("[Service]\nExecStart=/old\nExecStart=\nExecStart=/new\n")
                                     << QStringList{u"/new"_s};
    QTest::newRow("empty") << QByteArray() << QStringList{};
    QTest::newRow("junk") << QByteArray("\0\xff[Service", 10) << QStringList{};
}

void ServedRootTest::readsUnits()
{
    QFETCH(QByteArray, unit);
    QFETCH(QStringList, command);
    QCOMPARE(commandOfUnit(unit, u"/home/u"_s), command);
}

void ServedRootTest::readsPropertyLists_data()
{
    QTest::addColumn<QByteArray>("plist");
    QTest::addColumn<QStringList>("command");
    const QByteArray head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><plist version=\"1.0\"><dict>";
    QTest::newRow("plain")
        << head
               + "<key>Label</key><string>io.dormouse.agent</string><key>ProgramArguments</key><array><string>/a</string><string>--root</string>"
                 "<string>/r &amp; s</string></array><key>StandardErrorPath</key><string>/log</string></dict></plist>"
        << QStringList{u"/a"_s, u"--root"_s, u"/r & s"_s};
    QTest::newRow("torn") << head + "<key>ProgramArguments</key><array><string>/a</string>" << QStringList{};
    QTest::newRow("none") << head + "<key>Label</key><string>x</string></dict></plist>" << QStringList{};
    QTest::newRow("binary") << QByteArray("bplist00\xd4\x01") << QStringList{};
}

void ServedRootTest::readsPropertyLists()
{
    QFETCH(QByteArray, plist);
    QFETCH(QStringList, command);
    QCOMPARE(commandOfPropertyList(plist), command);
}

void ServedRootTest::knowsWhomItServes_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QString>("root");
    QTest::addColumn<QString>("socket");
    QTest::addColumn<bool>("serves");
    const QString standard = u"/home/u/.iai-mcp"_s;
    const auto row = [](const char *name, const QStringList &command, const QString &root, const QString &socket, bool serves) {
        QTest::newRow(name) << command << root << socket << serves;
    };
    row("default", {u"/a"_s, u"--supervised"_s}, standard, {}, true);
    row("default, other root", {u"/a"_s}, u"/other"_s, {}, false);
    row("named", {u"/a"_s, u"--root"_s, u"/r"_s}, u"/r"_s, {}, true);
    row("named with =", {u"/a"_s, u"--root=/r/"_s}, u"/r"_s, {}, true);
    row("named with tilde", {u"/a"_s, u"--root"_s, u"~/.x"_s}, u"/home/u/.x"_s, {}, true);
    row("named, other root", {u"/a"_s, u"--root"_s, u"/r"_s}, standard, {}, false);
    row("longer name", {u"/a"_s, u"--root"_s, u"/r2"_s}, u"/r"_s, {}, false);
    row("same socket", {u"/a"_s}, standard, standard + u"/agent.sock"_s, true);
    row("other socket", {u"/a"_s}, standard, u"/run/s"_s, false);
    row("named socket", {u"/a"_s, u"--socket"_s, u"/run/s"_s}, standard, u"/run/s"_s, true);
    row("no command", {}, standard, {}, false);
}

void ServedRootTest::knowsWhomItServes()
{
    QFETCH(QStringList, command);
    QFETCH(QString, root);
    QFETCH(QString, socket);
    QFETCH(bool, serves);
    QCOMPARE(commandServes(command, RootPaths{root}, socket, u"/home/u"_s), serves);
}

QTEST_GUILESS_MAIN(ServedRootTest)
#include "tst_servedroot.moc"
