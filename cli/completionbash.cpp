// SPDX-License-Identifier: MIT
#include "cli/completion.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

using Kind = CompletionPlace::Kind;

// Needs neither the bash-completion package nor more than bash 3.2, which is what macOS has.
const QString kParser = uR"sh(# Prints the words of a kind that the agent or the files know, one a line.
_dormouse_words() {
    local program=${COMP_WORDS[0]/#\~/$HOME} line
    "$program" completions --words "$1" "${_dormouse_common[@]}" 2>/dev/null | while IFS=$'\t' read -r line _; do
        printf '%s\n' "$line"
    done
}

# Keeps of the lines that come in those that begin with what was typed.
_dormouse_reply() {
    local line
    while IFS= read -r line; do
        [[ $line == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
    done
}

_dormouse_files() {
    local line
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <(compgen -f -- "$cur")
}

_dormouse() {
    local cur=${COMP_WORDS[COMP_CWORD]} word command="" waiting="" i
    local -i count=0 only=0
    local -a _dormouse_common=()
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        [[ $word == "=" ]] && continue
        if [[ -n $waiting ]]; then
            [[ $waiting == --root || $waiting == --socket ]] && _dormouse_common+=("$waiting=$word")
            waiting=""
        elif [[ $word == -- && $only -eq 0 ]]; then
            only=1
        elif [[ $word == -* && $only -eq 0 ]]; then
            _dormouse_takes_value "$command $word" && waiting=$word
        elif [[ -z $command ]]; then
            command=$word
        else
            count+=1
            _dormouse_takes_program "$command" && only=1
        fi
    done
    [[ $cur == "=" ]] && cur=""
    if [[ -n $waiting ]]; then
        _dormouse_value "$command $waiting"
    elif [[ $cur == -* && $only -eq 0 ]]; then
        _dormouse_reply < <(_dormouse_options "$command")
    elif [[ -z $command ]]; then
        _dormouse_reply < <(_dormouse_commands)
    else
        _dormouse_argument "$command" "$count"
    fi
}

complete -F _dormouse dormouse
)sh"_s;

QString lines(const QStringList &words)
{
    return u"printf '%s\\n' "_s + words.join(u' ');
}

/// The shell's command that fills COMPREPLY for a place.
QString filling(const CompletionPlace &place, const QStringList &commands)
{
    switch (place.kind) {
    case Kind::Nothing: return u":"_s;
    case Kind::Choices: return u"_dormouse_reply < <("_s + lines(place.choices) + u')';
    case Kind::Files: return u"_dormouse_files"_s;
    case Kind::Commands: return u"_dormouse_reply < <("_s + lines(commands) + u')';
    case Kind::Programs: return u"_dormouse_reply < <(compgen -c -- \"$cur\")"_s;
    case Kind::Words:
        return u"_dormouse_reply < <(_dormouse_words "_s + place.words
               + (place.choices.isEmpty() ? QString() : QString(u"; "_s + lines(place.choices))) + u')';
    }
    return u":"_s;
}

QString optionWords(const std::vector<OptionSpec> &options)
{
    QStringList words;
    for (const OptionSpec &option : options)
        words.append(u"--"_s + option.name);
    return lines(words);
}

/// `NAME() { case "$1" in … esac; }` with a line for each pair of pattern and command.
QString function(const QString &name, const QString &subject, const QStringList &cases)
{
    return name + u"() {\n    case "_s + subject + u" in\n"_s + cases.join(QString()) + u"    esac\n}\n\n"_s;
}

QString line(const QString &pattern, const QString &command)
{
    return u"        "_s + pattern + u") "_s + command + u" ;;\n"_s;
}

} // namespace

QString bashCompletion(const std::vector<CommandSpec> &commands)
{
    QStringList names, valued, programs, options, values, arguments;
    for (const CommandSpec &command : commands)
        names.append(command.name);
    for (const QString &option : valuedOptions(commands))
        valued.append(option.startsWith(u' ') ? QString(u"*\""_s + option + u'"') : QString(u'"' + option + u'"'));
    for (const CommandSpec &command : commands) {
        options.append(line(command.name, optionWords(allOptions(command))));
        for (const OptionSpec &option : command.options) {
            if (!option.value.isEmpty())
                values.append(line(u'"' + command.name + u" --"_s + option.name + u'"', filling(valuePlace(option), names)));
        }
        if (command.takesProgram) {
            programs.append(command.name);
            arguments.append(line(u'"' + command.name + u" 0\""_s, u"_dormouse_reply < <(compgen -c -- \"$cur\")"_s));
            arguments.append(line(u'"' + command.name + u" \"*"_s, u"_dormouse_files"_s));
            continue;
        }
        int place = 0;
        for (const CompletionPlace &argument : argumentPlaces(command))
            arguments.append(line(u'"' + command.name + u' ' + QString::number(place++) + u'"', filling(argument, names)));
    }
    for (const OptionSpec &option : globalOptions()) {
        if (!option.value.isEmpty())
            values.append(line(u"*\" --"_s + option.name + u'"', filling(valuePlace(option), names)));
    }
    options.append(line(u"*"_s, optionWords(globalOptions()) + u" --version"_s));
    return u"# bash completion for dormouse; made by: dormouse completions bash\n\n"_s + u"_dormouse_commands() {\n    "_s
           + lines(names) + u"\n}\n\n"_s
           + function(u"_dormouse_takes_value"_s, u"$1"_s, {line(valued.join(u'|'), u"return 0"_s), line(u"*"_s, u"return 1"_s)})
           + function(u"_dormouse_takes_program"_s, u"$1"_s,
                      {line(programs.isEmpty() ? u"''"_s : programs.join(u'|'), u"return 0"_s), line(u"*"_s, u"return 1"_s)})
           + function(u"_dormouse_options"_s, u"$1"_s, options) + function(u"_dormouse_value"_s, u"$1"_s, values)
           + function(u"_dormouse_argument"_s, u"\"$1 $2\""_s, arguments) + kParser;
}

} // namespace dormouse
