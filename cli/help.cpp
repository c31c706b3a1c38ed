// SPDX-License-Identifier: MIT
#include "cli/help.h"

#include "cli/table.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString heading(const Palette &palette, const QString &text)
{
    return palette.paint(Style::Bold, text) + u'\n';
}

QString indented(const QString &text)
{
    QString result;
    for (const QString &line : text.split(u'\n', Qt::SkipEmptyParts))
        result += u"  "_s + line + u'\n';
    return result;
}

/// Broken at blanks, so that no line is longer than a small terminal is wide.
QString wrapped(const QString &text)
{
    constexpr qsizetype width = 78;
    QString result;
    qsizetype column = 0;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        const bool fits = column == 0 || column + 1 + word.size() <= width;
        if (column > 0)
            result += fits ? u' ' : u'\n';
        column = fits && column > 0 ? column + 1 + word.size() : word.size();
        result += word;
    }
    return result;
}

QString optionList(const std::vector<OptionSpec> &options)
{
    Table table;
    for (const OptionSpec &option : options) {
        const QString value = option.value.isEmpty() ? QString() : QString(u' ' + option.value);
        table.addRow({Cell{u"--"_s + option.name + value}, Cell{option.help}});
    }
    return indented(table.text(Palette()));
}

} // namespace

QString overviewText(const std::vector<CommandSpec> &commands, const Palette &palette)
{
    QString text = u"dormouse: heavy local AI tools are awake only while somebody uses them.\n\n"_s
                   u"Usage: dormouse COMMAND [options]      dormouse COMMAND --help teaches each one\n"_s;
    QStringList groups;
    for (const CommandSpec &command : commands) {
        if (!groups.contains(command.group))
            groups.append(command.group);
    }
    qsizetype width = 0;
    for (const CommandSpec &command : commands)
        width = qMax(width, command.name.size());
    for (const QString &group : groups) {
        text += u'\n' + heading(palette, group);
        for (const CommandSpec &command : commands) {
            if (command.group == group)
                text += u"  "_s + command.name.leftJustified(width) + u"  "_s + command.summary + u'\n';
        }
    }
    text += u'\n' + heading(palette, u"Examples"_s);
    text += u"  dormouse status --watch          see what it does, live\n"_s
            u"  dormouse why                     why does it not sleep?\n"_s
            u"  dormouse services                what runs, and how much memory it takes\n"_s
            u"  dormouse pause 15m               keep everything awake for a quarter of an hour\n"_s
            u"  dormouse run -- claude           awake while this command runs\n"_s;
    return text;
}

QString commandHelpText(const CommandSpec &command, const Palette &palette)
{
    const QString usage = command.usage.isEmpty() ? QString() : QString(u' ' + command.usage);
    QString text =
        wrapped(command.about) + u"\n\n"_s + heading(palette, u"Usage"_s) + u"  dormouse "_s + command.name + usage + u'\n';
    if (!command.options.empty())
        text += u'\n' + heading(palette, u"Options"_s) + optionList(command.options);
    text += u'\n' + heading(palette, u"With every command"_s) + optionList(globalOptions());
    if (!command.example.isEmpty())
        text += u'\n' + heading(palette, u"Example"_s) + indented(command.example);
    if (!command.exitCodes.isEmpty())
        text += u'\n' + heading(palette, u"Exit codes"_s) + indented(command.exitCodes);
    return text;
}

} // namespace dormouse
