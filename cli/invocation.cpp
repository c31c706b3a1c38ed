// SPDX-License-Identifier: MIT
#include "cli/invocation.h"

#include "shared/base/text.h"

#include <algorithm>
#include <optional>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString helpHint(const QString &command)
{
    return command.isEmpty() ? u" (see: dormouse help)"_s : QString(u" (see: dormouse "_s + command + u" --help)"_s);
}

QString nearestHint(const QString &word, const QStringList &candidates)
{
    const std::optional<QString> nearest = nearestWord(word, candidates);
    return nearest ? QString(u"; did you mean '"_s + *nearest + u"'?"_s) : QString();
}

/// Walks over the words once; what it has understood so far is in `result`.
class Parser
{
public:
    Parser(const QStringList &words, const std::vector<CommandSpec> &commands) : m_words(words), m_commands(commands) {}

    std::variant<Invocation, UsageError> parse()
    {
        while (!m_error && m_index < m_words.size() && m_result.programIndex < 0)
            takeWord();
        if (!m_error && m_spec && !m_result.help)
            checkArguments();
        if (m_error)
            return *m_error;
        return m_result;
    }

private:
    void takeWord()
    {
        const QString word = m_words.at(m_index);
        if (m_onlyArguments)
            takeArgument(word);
        else if (word == "--"_L1)
            takeSeparator();
        else if (word == "-h"_L1)
            m_result.help = true;
        else if (word.startsWith(u'-') && word.size() > 1)
            takeOption(word);
        else if (!m_spec)
            takeCommand(word);
        else
            takeArgument(word);
        ++m_index;
    }

    void takeSeparator()
    {
        m_onlyArguments = true;
        if (!m_spec)
            fail(u"a command must come before '--'"_s);
    }

    void takeCommand(const QString &word)
    {
        const auto found =
            std::find_if(m_commands.begin(), m_commands.end(), [&word](const CommandSpec &spec) { return spec.name == word; });
        if (found != m_commands.end()) {
            m_spec = &*found;
            m_result.command = word;
            return;
        }
        QStringList names;
        for (const CommandSpec &spec : m_commands)
            names.append(spec.name);
        fail(u"unknown command '"_s + sanitized(word) + u"'"_s + nearestHint(word, names));
    }

    void takeArgument(const QString &word)
    {
        if (m_spec->takesProgram)
            m_result.programIndex = m_index;
        else
            m_result.arguments.append(word);
    }

    void takeOption(const QString &word)
    {
        const qsizetype equals = word.indexOf(u'=');
        const QString spelled = equals < 0 ? word : word.left(equals);
        if (!m_spec && spelled == "--version"_L1 && equals < 0) {
            m_result.version = true;
            return;
        }
        const std::optional<OptionSpec> option = findOption(spelled);
        if (!option)
            return fail(u"unknown option '"_s + sanitized(spelled) + u"'"_s + nearestHint(spelled, optionNames()));
        if (option->value.isEmpty()) {
            if (equals >= 0)
                return fail(spelled + u" takes no value"_s);
            return takeFlag(option->name);
        }
        if (equals < 0 && m_index + 1 >= m_words.size())
            return fail(spelled + u" needs a value: "_s + spelled + u" "_s + option->value);
        const QString value = equals < 0 ? m_words.at(++m_index) : word.mid(equals + 1);
        if (value.isEmpty())
            return fail(spelled + u" needs a value that is not empty"_s);
        m_result.options.insert(option->name, value);
    }

    void takeFlag(const QString &name)
    {
        if (name == "help"_L1)
            m_result.help = true;
        else
            m_result.options.insert(name, QString());
    }

    std::vector<OptionSpec> knownOptions() const
    {
        std::vector<OptionSpec> known = globalOptions();
        if (m_spec)
            known.insert(known.end(), m_spec->options.begin(), m_spec->options.end());
        return known;
    }

    std::optional<OptionSpec> findOption(const QString &spelled) const
    {
        for (const OptionSpec &option : knownOptions()) {
            if (spelled == QString(u"--"_s + option.name))
                return option;
        }
        return std::nullopt;
    }

    QStringList optionNames() const
    {
        QStringList names;
        for (const OptionSpec &option : knownOptions())
            names.append(u"--"_s + option.name);
        return names;
    }

    void checkArguments()
    {
        const QStringList &arguments = m_result.arguments;
        if (m_spec->takesProgram) {
            if (m_result.programIndex < 0)
                fail(u"which command is to be run? usage: dormouse "_s + m_spec->name + u" "_s + m_spec->usage);
            return;
        }
        if (arguments.size() < m_spec->minimumArguments)
            return fail(u"something is missing; usage: dormouse "_s + m_spec->name + u" "_s + m_spec->usage);
        if (arguments.size() > m_spec->maximumArguments)
            return fail(u"unexpected argument '"_s + sanitized(arguments.at(m_spec->maximumArguments)) + u"'"_s);
        if (!m_spec->choices.isEmpty() && !arguments.isEmpty() && !m_spec->choices.contains(arguments.first()))
            fail(u"unknown argument '"_s + sanitized(arguments.first()) + u"'"_s
                 + nearestHint(arguments.first(), m_spec->choices));
    }

    void fail(const QString &what)
    {
        const QString command = m_spec ? m_spec->name : QString();
        m_error = UsageError{what + helpHint(command)};
    }

    const QStringList &m_words;
    const std::vector<CommandSpec> &m_commands;
    const CommandSpec *m_spec = nullptr;
    Invocation m_result;
    std::optional<UsageError> m_error;
    int m_index = 0;
    bool m_onlyArguments = false;
};

} // namespace

std::vector<OptionSpec> globalOptions()
{
    return {
        {u"root"_s, u"PATH"_s, u"the folder of agent and wrappers (default: DORMOUSE_ROOT, IAI_MCP_STORE, ~/.iai-mcp)"_s},
        {u"socket"_s, u"PATH"_s, u"the agent's control socket (default: agent.sock in the root)"_s},
        {u"help"_s, {}, u"show this"_s},
    };
}

std::variant<Invocation, UsageError> parseInvocation(const QStringList &words, const std::vector<CommandSpec> &commands)
{
    return Parser(words, commands).parse();
}

} // namespace dormouse
