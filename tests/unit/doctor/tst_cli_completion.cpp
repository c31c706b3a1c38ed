// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/completion.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

using Kind = CompletionPlace::Kind;

/// The scripts are made from the table of commands; the shells themselves try them in the process test.
class TestCliCompletion : public QObject
{
    Q_OBJECT

private:
    static CommandSpec spec(const QString &name)
    {
        for (const CommandSpec &one : allSpecs()) {
            if (one.name == name)
                return one;
        }
        return {};
    }

private Q_SLOTS:
    /// Whoever adds a command decides here, too, what its arguments may be; else people find out by Tab that nothing is known.
    void everyPlaceholderIsKnown()
    {
        for (const CommandSpec &command : allSpecs())
            QVERIFY2(unknownPlaceholders(command).isEmpty(),
                     qPrintable(command.name + u": "_s + unknownPlaceholders(command).join(u' ')));
    }

    void argumentsComeFromTheUsage()
    {
        const QStringList actions{u"start"_s, u"stop"_s, u"restart"_s, u"leave-alone"_s};
        QCOMPARE(argumentPlaces(spec(u"service"_s)),
                 (std::vector<CompletionPlace>{{Kind::Words, {}, u"services"_s}, {Kind::Choices, actions, {}}}));
        QCOMPARE(argumentPlaces(spec(u"release"_s)),
                 (std::vector<CompletionPlace>{{Kind::Words, {u"heartbeat"_s}, u"leases"_s}, {Kind::Words, {}, u"wrappers"_s}}));
        QCOMPARE(argumentPlaces(spec(u"run"_s)), (std::vector<CompletionPlace>{{Kind::Programs, {}, {}}}));
        QCOMPARE(argumentPlaces(spec(u"cycle"_s)).front().choices, spec(u"cycle"_s).choices);
        QVERIFY(argumentPlaces(spec(u"status"_s)).empty());
    }

    void everyCommandAndOptionIsInEachScript()
    {
        const std::vector<CommandSpec> specs = allSpecs();
        for (const QString &script : {bashCompletion(specs), zshCompletion(specs), fishCompletion(specs)}) {
            for (const CommandSpec &command : specs) {
                QVERIFY2(script.contains(command.name), qPrintable(command.name));
                for (const OptionSpec &option : command.options)
                    QVERIFY2(script.contains(option.name), qPrintable(command.name + u" --"_s + option.name));
            }
        }
    }

    /// A quote in a help text must not end the shell's string, and begin a command.
    void helpTextsAreQuoted()
    {
        CommandSpec evil{u"evil"_s, {}, u"it's $(rm -rf /) `x` \\"_s, {}, {}};
        evil.options = {{u"flag"_s, {}, u"don't; $(x)"_s}};
        QVERIFY(zshCompletion({evil}).contains(u"'evil:it'\\''s $(rm -rf /) `x` \\'"_s));
        QVERIFY(fishCompletion({evil}).contains(u"'it\\'s $(rm -rf /) `x` \\\\'"_s));
        QVERIFY(!bashCompletion({evil}).contains(u"rm -rf"_s));
    }

    void valuedOptionsAreNamedWithTheirCommand()
    {
        const QStringList valued = valuedOptions(allSpecs());
        QVERIFY(valued.contains(u" --root"_s));
        QVERIFY(valued.contains(u"scan --stale-after"_s));
        QVERIFY(!valued.contains(u"status --json"_s));
    }
};

QTEST_GUILESS_MAIN(TestCliCompletion)
#include "tst_cli_completion.moc"
