// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/help.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// What a person types: understood as meant, or refused in one line that helps.
class TestCliInvocation : public QObject
{
    Q_OBJECT

private:
    static std::variant<Invocation, UsageError> parse(const QStringList &words) { return parseInvocation(words, allSpecs()); }
    static QString errorOf(const QStringList &words)
    {
        const auto parsed = parse(words);
        const UsageError *error = std::get_if<UsageError>(&parsed);
        return error ? error->text : QString();
    }

private Q_SLOTS:
    void globalOptionsStandAnywhere_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("before") << QStringList{u"--root"_s, u"/r"_s, u"status"_s, u"--json"_s};
        QTest::newRow("after") << QStringList{u"status"_s, u"--json"_s, u"--root"_s, u"/r"_s};
        QTest::newRow("with =") << QStringList{u"--root=/r"_s, u"status"_s, u"--json"_s};
    }
    void globalOptionsStandAnywhere()
    {
        QFETCH(QStringList, words);
        const auto parsed = parse(words);
        QVERIFY(std::holds_alternative<Invocation>(parsed));
        const Invocation invocation = std::get<Invocation>(parsed);
        QCOMPARE(invocation.command, u"status"_s);
        QCOMPARE(invocation.value("root"_L1), u"/r"_s);
        QVERIFY(invocation.has("json"_L1));
    }

    void mistakesNameTheNearest_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("wrong");
        QTest::addColumn<QString>("help");
        QTest::newRow("command") << QStringList{u"stauts"_s} << u"did you mean 'status'"_s << u"dormouse help"_s;
        QTest::newRow("flag") << QStringList{u"status"_s, u"--jsn"_s} << u"did you mean '--json'"_s
                              << u"dormouse status --help"_s;
        QTest::newRow("flag of another") << QStringList{u"why"_s, u"--watch"_s} << u"unknown option '--watch'"_s
                                         << u"dormouse why --help"_s;
        QTest::newRow("short flag") << QStringList{u"status"_s, u"-j"_s} << u"unknown option '-j'"_s
                                    << u"dormouse status --help"_s;
        QTest::newRow("too many") << QStringList{u"pause"_s, u"1m"_s, u"2m"_s} << u"'2m'"_s << u"dormouse pause --help"_s;
        QTest::newRow("too few") << QStringList{u"acknowledge"_s} << u"WHAT"_s << u"dormouse acknowledge --help"_s;
        QTest::newRow("no program") << QStringList{u"run"_s, u"--"_s} << u"which command"_s << u"dormouse run --help"_s;
        QTest::newRow("value missing") << QStringList{u"status"_s, u"--root"_s} << u"--root needs a value"_s
                                       << u"dormouse status --help"_s;
        QTest::newRow("empty root") << QStringList{u"--root="_s, u"clean"_s} << u"not empty"_s << u"dormouse help"_s;
        QTest::newRow("flag with value") << QStringList{u"status"_s, u"--json=1"_s} << u"takes no value"_s
                                         << u"dormouse status --help"_s;
        QTest::newRow("no command") << QStringList{u"frobnicate"_s} << u"unknown command 'frobnicate'"_s << u"dormouse help"_s;
        QTest::newRow("config chek") << QStringList{u"config"_s, u"chek"_s} << u"unknown argument 'chek'; did you mean 'check'"_s
                                     << u"dormouse config --help"_s;
        QTest::newRow("escape") << QStringList{u"\u001b[31mred"_s} << u"unknown command"_s << u"dormouse help"_s;
    }
    void mistakesNameTheNearest()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, wrong);
        QFETCH(QString, help);
        const QString error = errorOf(words);
        QVERIFY2(error.contains(wrong), qPrintable(error));
        QVERIFY2(error.contains(help), qPrintable(error));
        QVERIFY(!error.contains(u'\n') && !error.contains(QChar(0x1b)));
    }

    void programIsPassedOnUntouched_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("name");
        QTest::newRow("separator") << QStringList{u"run"_s, u"--"_s, u"ls"_s, u"--json"_s, u"--"_s} << 2 << QString();
        QTest::newRow("name") << QStringList{u"run"_s, u"--name"_s, u"n"_s, u"--"_s, u"ls"_s} << 4 << u"n"_s;
        QTest::newRow("no separator") << QStringList{u"run"_s, u"ls"_s, u"--root"_s, u"x"_s} << 1 << QString();
        QTest::newRow("program with a dash") << QStringList{u"--socket=/s"_s, u"run"_s, u"--"_s, u"-x"_s} << 3 << QString();
    }
    void programIsPassedOnUntouched()
    {
        QFETCH(QStringList, words);
        QFETCH(int, index);
        QFETCH(QString, name);
        const auto parsed = parse(words);
        QVERIFY2(std::holds_alternative<Invocation>(parsed), qPrintable(errorOf(words)));
        const Invocation invocation = std::get<Invocation>(parsed);
        QCOMPARE(invocation.programIndex, index);
        QCOMPARE(invocation.value("name"_L1), name);
        QVERIFY(!invocation.has("root"_L1) && !invocation.has("json"_L1));
    }

    void helpWorksWithoutArguments()
    {
        for (const CommandSpec &spec : allSpecs()) {
            const auto parsed = parse({spec.name, u"--help"_s});
            QVERIFY2(std::holds_alternative<Invocation>(parsed), qPrintable(spec.name));
            QVERIFY(std::get<Invocation>(parsed).help);
        }
    }

    void everyCommandIsTaught()
    {
        const QString overview = overviewText(allSpecs(), Palette());
        for (const CommandSpec &spec : allSpecs()) {
            QVERIFY2(overview.contains(u"  "_s + spec.name + u' ') && overview.contains(spec.summary), qPrintable(spec.name));
            const QString help = commandHelpText(spec, Palette());
            QVERIFY2(help.contains(u"Usage\n  dormouse "_s + spec.name), qPrintable(help));
            for (const OptionSpec &option : spec.options) {
                QVERIFY2(help.contains(u"--"_s + option.name) && help.contains(option.help), qPrintable(help));
                QVERIFY2(spec.usage.contains(u"--"_s + option.name),
                         qPrintable(spec.name + u": the usage line hides --"_s + option.name));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestCliInvocation)
#include "tst_cli_invocation.moc"
