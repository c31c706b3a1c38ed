// SPDX-License-Identifier: MIT
#include "tray/options.h"

#include <QTemporaryDir>
#include <QTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// Somebody who mistypes gets one line that says what to do, and the exit code of wrong usage.
class TestTrayOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsGiven()
    {
        const auto parsed = parseTrayOptions({u"--root"_s, u"/somewhere"_s, u"--show"_s, u"history"_s, u"--scheme=dark"_s});
        const auto *options = std::get_if<TrayOptions>(&parsed);
        QVERIFY(options);
        QCOMPARE(options->paths.root, u"/somewhere"_s);
        QCOMPARE(options->socketPath, u"/somewhere/agent.sock"_s);
        QCOMPARE(options->page, u"history"_s);
        QCOMPARE(options->scheme, ColourScheme::Dark);
        QCOMPARE(options->logLevel, u"warning"_s);
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("text");
        QTest::addRow("flag") << QStringList{u"--shw"_s, u"history"_s} << u"unknown option --shw; did you mean --show?"_s;
        QTest::addRow("window") << QStringList{u"--show"_s, u"histroy"_s} << u"did you mean history?"_s;
        QTest::addRow("scheme") << QStringList{u"--scheme"_s, u"pink"_s} << u"expected auto, light or dark"_s;
        QTest::addRow("level") << QStringList{u"--log-level"_s, u"warnign"_s}
                               << u"--log-level warnign: expected one of debug, info, warning, critical; did you mean warning?"_s;
        QTest::addRow("no level") << QStringList{u"--log-level="_s} << u"--log-level : expected one of debug"_s;
        QTest::addRow("word") << QStringList{u"history"_s} << u"unexpected argument \"history\""_s;
        QTest::addRow("value") << QStringList{u"--root"_s} << u"root"_s;
    }

    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, text);
        const auto parsed = parseTrayOptions(arguments);
        const auto *exit = std::get_if<TrayExit>(&parsed);
        QVERIFY(exit);
        QCOMPARE(exit->code, 2);
        QVERIFY2(exit->text.startsWith(u"dormouse-tray: "_s) && exit->text.contains(text), qPrintable(exit->text));
        QCOMPARE(exit->text.count(u'\n'), 0);
    }

    void refusesASocketPathNobodyCanListenOn()
    {
        const auto parsed = parseTrayOptions({u"--root"_s, u"/"_s + QString(200, u'a')});
        const auto *exit = std::get_if<TrayExit>(&parsed);
        QVERIFY(exit);
        QCOMPARE(exit->code, 78);
    }

    void teachesItself()
    {
        const auto parsed = parseTrayOptions({u"--help"_s});
        const auto *exit = std::get_if<TrayExit>(&parsed);
        QVERIFY(exit);
        QCOMPARE(exit->code, 0);
        for (const QString &page : trayPages())
            QVERIFY2(exit->text.contains(page), qPrintable(page));
    }
};

QTEST_GUILESS_MAIN(TestTrayOptions)
#include "tst_trayoptions.moc"
