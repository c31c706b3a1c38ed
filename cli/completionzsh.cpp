// SPDX-License-Identifier: MIT
#include "cli/completion.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

using Kind = CompletionPlace::Kind;

const QString kParser = uR"sh(_dormouse_words() {
    local -a found
    local line
    for line in ${(f)"$(command ${~words[1]} completions --words $1 $_dormouse_common 2>/dev/null)"}; do
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    shift
    found+=("$@")
    _describe -t words word found
}

_dormouse_list() {
    local -a found
    local what=$1
    shift
    found=("$@")
    _describe -t $what $what found
}

_dormouse() {
    local word command="" waiting=""
    local -a _dormouse_common
    integer i count=0 only=0
    for ((i = 2; i < CURRENT; i++)); do
        word=${(Q)words[i]}
        if [[ -n $waiting ]]; then
            [[ $waiting == --root || $waiting == --socket ]] && _dormouse_common+=("$waiting=$word")
            waiting=""
        elif [[ $word == -- && $only -eq 0 ]]; then
            only=1
        elif [[ $word == --*=* && $only -eq 0 ]]; then
            [[ $word == --root=* || $word == --socket=* ]] && _dormouse_common+=("$word")
        elif [[ $word == -* && $only -eq 0 ]]; then
            _dormouse_takes_value "$command $word" && waiting=$word
        elif [[ -z $command ]]; then
            command=$word
        else
            ((count++))
            _dormouse_takes_program "$command" && only=1
        fi
    done
    if [[ $only -eq 0 && -z $waiting && $PREFIX == --*=* ]]; then
        waiting=${PREFIX%%=*}
        compset -P '--*='
    fi
    if [[ -n $waiting ]]; then
        _dormouse_value "$command $waiting"
    elif [[ $PREFIX == -* && $only -eq 0 ]]; then
        _dormouse_options "$command"
    elif [[ -z $command ]]; then
        _dormouse_commands
    else
        _dormouse_argument "$command $count"
    fi
}

if [[ $funcstack[1] == _dormouse ]]; then
    _dormouse "$@"
else
    compdef _dormouse dormouse
fi
)sh"_s;

QString quoted(QString text)
{
    return u'\'' + text.replace(u'\'', u"'\\''"_s) + u'\'';
}

/// 'name:what it is', as _describe takes it.
QString described(QString name, const QString &what)
{
    return quoted(name.replace(u':', u"\\:"_s) + u':' + what);
}

QString commandList(const std::vector<CommandSpec> &commands)
{
    QStringList words{u"_dormouse_list"_s, u"command"_s};
    for (const CommandSpec &command : commands)
        words.append(described(command.name, command.summary));
    return words.join(u' ');
}

QString optionList(const std::vector<OptionSpec> &options)
{
    QStringList words{u"_dormouse_list"_s, u"option"_s};
    for (const OptionSpec &option : options)
        words.append(described(u"--"_s + option.name, option.help));
    return words.join(u' ');
}

QString filling(const CompletionPlace &place)
{
    switch (place.kind) {
    case Kind::Nothing: return u"_message 'nothing to offer here'"_s;
    case Kind::Choices: return u"_dormouse_list word "_s + place.choices.join(u' ');
    case Kind::Files: return u"_files"_s;
    case Kind::Commands: return u"_dormouse_commands"_s;
    case Kind::Programs: return u"_command_names -e"_s;
    case Kind::Words: return u"_dormouse_words "_s + place.words + u' ' + place.choices.join(u' ');
    }
    return u":"_s;
}

QString function(const QString &name, const QStringList &cases)
{
    return name + u"() {\n    case $1 in\n"_s + cases.join(QString()) + u"    esac\n}\n\n"_s;
}

QString line(const QString &pattern, const QString &command)
{
    return u"        "_s + pattern + u") "_s + command + u" ;;\n"_s;
}

} // namespace

QString zshCompletion(const std::vector<CommandSpec> &commands)
{
    QStringList valued, programs, options, values, arguments;
    for (const QString &option : valuedOptions(commands))
        valued.append(option.startsWith(u' ') ? QString(u"*\""_s + option + u'"') : QString(u'"' + option + u'"'));
    for (const CommandSpec &command : commands) {
        options.append(line(command.name, optionList(allOptions(command))));
        for (const OptionSpec &option : command.options) {
            if (!option.value.isEmpty())
                values.append(line(u'"' + command.name + u" --"_s + option.name + u'"', filling(valuePlace(option))));
        }
        if (command.takesProgram) {
            programs.append(command.name);
            arguments.append(line(u'"' + command.name + u" 0\""_s, u"_command_names -e"_s));
            arguments.append(line(u'"' + command.name + u" \"*"_s, u"_files"_s));
            continue;
        }
        int place = 0;
        for (const CompletionPlace &argument : argumentPlaces(command))
            arguments.append(line(u'"' + command.name + u' ' + QString::number(place++) + u'"', filling(argument)));
    }
    for (const OptionSpec &option : globalOptions()) {
        if (!option.value.isEmpty())
            values.append(line(u"*\" --"_s + option.name + u'"', filling(valuePlace(option))));
    }
    std::vector<OptionSpec> alone = globalOptions();
    alone.push_back({u"version"_s, {}, u"print the version"_s});
    options.append(line(u"*"_s, optionList(alone)));
    return u"#compdef dormouse\n# zsh completion for dormouse; made by: dormouse completions zsh\n\n"_s
           + u"_dormouse_commands() {\n    "_s + commandList(commands) + u"\n}\n\n"_s
           + function(u"_dormouse_takes_value"_s, {line(valued.join(u'|'), u"return 0"_s), line(u"*"_s, u"return 1"_s)})
           + function(u"_dormouse_takes_program"_s,
                      {line(programs.isEmpty() ? u"''"_s : programs.join(u'|'), u"return 0"_s), line(u"*"_s, u"return 1"_s)})
           + function(u"_dormouse_options"_s, options) + function(u"_dormouse_value"_s, values)
           + function(u"_dormouse_argument"_s, arguments) + kParser;
}

} // namespace dormouse
