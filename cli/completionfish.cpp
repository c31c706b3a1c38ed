// SPDX-License-Identifier: MIT
#include "cli/completion.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

using Kind = CompletionPlace::Kind;

const QString kParser = uR"sh(# Prints the command before the cursor, "-" for none, and how many arguments it has by then.
function __dormouse_place
    set -l command -
    set -l count 0
    set -l waiting 0
    set -l only 0
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $waiting = 1
            set waiting 0
        else if test $only = 0 -a "$word" = --
            set only 1
        else if test $only = 0; and string match -q -- '-*' $word
            if string match -q -- '--*=*' $word
                continue
            end
            if contains -- "$command $word" $__dormouse_valued; or contains -- " $word" $__dormouse_valued
                set waiting 1
            end
        else if test $command = -
            set command $word
        else
            set count (math $count + 1)
            contains -- $command $__dormouse_programs; and set only 1
        end
    end
    echo $command $count
end

# Whether the cursor is at that place: COMMAND COUNT.
function __dormouse_at
    test (__dormouse_place) = "$argv"
end

# Whether options of that command may come now.
function __dormouse_takes_options
    set -l place (string split ' ' -- (__dormouse_place))
    test $place[1] = $argv[1]; or return 1
    test $place[2] = 0; or not contains -- $argv[1] $__dormouse_programs
end

# Whether the arguments of a program of the user's are being typed.
function __dormouse_in_program
    set -l place (string split ' ' -- (__dormouse_place))
    test $place[1] = $argv[1] -a $place[2] -gt 0
end

# The words of a kind that the agent or the files know.
function __dormouse_words
    set -l words (commandline -opc)
    set -l common
    for i in (seq 2 (count $words))
        switch $words[$i]
            case '--root=*' '--socket=*'
                set -a common $words[$i]
            case --root --socket
                test $i -lt (count $words); and set -a common $words[$i] $words[(math $i + 1)]
        end
    end
    set -l program (string replace -r '^~' $HOME -- $words[1])
    command $program completions --words $argv[1] $common 2>/dev/null
end

complete -c dormouse -f
)sh"_s;

QString quoted(QString text)
{
    return u'\'' + text.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\'"_s) + u'\'';
}

/// What a place adds to a `complete` line.
QString filling(const CompletionPlace &place, bool isValue)
{
    const QString exclusive = isValue ? u" -x"_s : QString();
    switch (place.kind) {
    case Kind::Nothing: return exclusive;
    case Kind::Choices: return exclusive + u" -a "_s + quoted(place.choices.join(u' '));
    case Kind::Files: return isValue ? u" -r -F"_s : u" -F"_s;
    case Kind::Commands: return exclusive + u" -a '(__dormouse_commands)'"_s;
    case Kind::Programs: return exclusive + u" -a '(__fish_complete_command)'"_s;
    case Kind::Words: {
        const QString fixed = place.choices.isEmpty() ? QString() : QString(u' ' + place.choices.join(u' '));
        return exclusive + u" -a "_s + quoted(u"(__dormouse_words "_s + place.words + u')' + fixed);
    }
    }
    return {};
}

QString optionLine(const QString &condition, const OptionSpec &option)
{
    const QString value = option.value.isEmpty() ? QString() : filling(valuePlace(option), true);
    return u"complete -c dormouse"_s + condition + u" -l "_s + option.name + value + u" -d "_s + quoted(option.help) + u'\n';
}

QString commandLines(const CommandSpec &command)
{
    QString text =
        u"complete -c dormouse -n '__dormouse_at - 0' -a "_s + command.name + u" -d "_s + quoted(command.summary) + u'\n';
    for (const OptionSpec &option : command.options)
        text += optionLine(u" -n '__dormouse_takes_options "_s + command.name + u'\'', option);
    int number = 0;
    for (const CompletionPlace &place : argumentPlaces(command)) {
        const QString filled = filling(place, false);
        if (!filled.isEmpty())
            text += u"complete -c dormouse -n '__dormouse_at "_s + command.name + u' ' + QString::number(number) + u'\'' + filled
                    + u'\n';
        ++number;
    }
    if (command.takesProgram)
        text += u"complete -c dormouse -n '__dormouse_in_program "_s + command.name + u"' -F\n"_s;
    return text;
}

} // namespace

QString fishCompletion(const std::vector<CommandSpec> &commands)
{
    QStringList valued, programs, names;
    for (const QString &option : valuedOptions(commands))
        valued.append(quoted(option));
    QString lines;
    for (const CommandSpec &command : commands) {
        names.append(quoted(command.name + u'\t' + command.summary));
        if (command.takesProgram)
            programs.append(command.name);
        lines += commandLines(command);
    }
    for (const OptionSpec &option : globalOptions())
        lines += optionLine({}, option);
    lines += optionLine(u" -n '__dormouse_at - 0'"_s, {u"version"_s, {}, u"print the version"_s});
    return u"# fish completion for dormouse; made by: dormouse completions fish\n\n"_s + u"set -g __dormouse_valued "_s
           + valued.join(u' ') + u"\nset -g __dormouse_programs "_s + programs.join(u' ')
           + u"\n\nfunction __dormouse_commands\n    printf '%s\\n' "_s + names.join(u' ') + u"\nend\n\n"_s + kParser + lines;
}

} // namespace dormouse
