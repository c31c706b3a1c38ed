// SPDX-License-Identifier: MIT
#include "cli/completion.h"

#include <QMap>
#include <QRegularExpression>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

using Kind = CompletionPlace::Kind;

/// Placeholders whose words only the agent or the files know, by command; and what every placeholder of that name is.
const QMap<QString, CompletionPlace> &places()
{
    static const QMap<QString, CompletionPlace> known{
        {u"service NAME"_s, {Kind::Words, {}, u"services"_s}},
        {u"release NAME"_s, {Kind::Words, {}, u"leases"_s}},
        {u"release UUID"_s, {Kind::Words, {}, u"wrappers"_s}},
        {u"acknowledge WHAT"_s, {Kind::Words, {}, u"marks"_s}},
        {u"completions KIND"_s, {Kind::Choices, {u"services"_s, u"leases"_s, u"wrappers"_s, u"marks"_s}, {}}},
        {u"COMMAND"_s, {Kind::Commands, {}, {}}},
        {u"DURATION"_s, {Kind::Choices, {u"15m"_s, u"1h"_s, u"4h"_s}, {}}},
        {u"24h"_s, {Kind::Choices, {u"24h"_s, u"7d"_s, u"30d"_s}, {}}},
        {u"FILE"_s, {Kind::Files, {}, {}}},
        {u"PATH"_s, {Kind::Files, {}, {}}},
        {u"DIR"_s, {Kind::Files, {}, {}}},
        {u"NAME"_s, {}},
        {u"TEXT"_s, {}},
        {u"TIME"_s, {}},
    };
    return known;
}

std::optional<CompletionPlace> placeOf(const QString &command, const QString &placeholder)
{
    const auto own = places().constFind(command + u' ' + placeholder);
    if (own != places().constEnd())
        return *own;
    const auto any = places().constFind(placeholder);
    return any == places().constEnd() ? std::nullopt : std::optional(*any);
}

bool isPlaceholder(const QString &token)
{
    return token == token.toUpper();
}

/// The tokens of a usage in their places, alternatives side by side: "NAME | heartbeat UUID" is {{NAME, heartbeat}, {UUID}}.
std::vector<QStringList> tokens(const CommandSpec &command)
{
    static const QRegularExpression option(u"\\[--[^\\]]*\\]"_s);
    static const QRegularExpression alternative(u"\\s\\|\\s"_s);
    QString usage = command.usage;
    usage.remove(option).remove(u'[').remove(u']');
    std::vector<QStringList> found;
    for (const QString &way : usage.split(alternative)) {
        const QStringList words = way.split(u' ', Qt::SkipEmptyParts);
        for (qsizetype i = 0; i < words.size(); ++i) {
            if (static_cast<std::size_t>(i) == found.size())
                found.emplace_back();
            found[static_cast<std::size_t>(i)] += words.at(i).split(u'|', Qt::SkipEmptyParts);
        }
    }
    return found;
}

CompletionPlace mergedPlace(const CommandSpec &command, const QStringList &alternatives)
{
    CompletionPlace merged;
    for (const QString &token : alternatives) {
        if (!isPlaceholder(token)) {
            merged.choices.append(token);
            continue;
        }
        const CompletionPlace known = placeOf(command.name, token).value_or(CompletionPlace());
        merged.choices += known.choices;
        merged.kind = known.kind;
        merged.words = known.words;
    }
    if (merged.kind == Kind::Nothing && !merged.choices.isEmpty())
        merged.kind = Kind::Choices;
    return merged;
}

} // namespace

std::vector<CompletionPlace> argumentPlaces(const CommandSpec &command)
{
    if (command.takesProgram)
        return {{Kind::Programs, {}, {}}};
    if (!command.choices.isEmpty())
        return {{Kind::Choices, command.choices, {}}};
    std::vector<CompletionPlace> found;
    for (const QStringList &alternatives : tokens(command))
        found.push_back(mergedPlace(command, alternatives));
    return found;
}

CompletionPlace valuePlace(const OptionSpec &option)
{
    const QStringList words = option.value.split(u'|');
    if (words.size() > 1)
        return {Kind::Choices, words, {}};
    return placeOf(u"completions"_s, option.value).value_or(CompletionPlace());
}

QStringList unknownPlaceholders(const CommandSpec &command)
{
    QStringList unknown;
    if (!command.takesProgram && command.choices.isEmpty()) {
        for (const QStringList &alternatives : tokens(command)) {
            for (const QString &token : alternatives) {
                if (isPlaceholder(token) && !placeOf(command.name, token))
                    unknown.append(token);
            }
        }
    }
    for (const OptionSpec &option : command.options) {
        if (!option.value.isEmpty() && !option.value.contains(u'|') && !placeOf(u"completions"_s, option.value))
            unknown.append(option.value);
    }
    return unknown;
}

QStringList wordKinds()
{
    return places().value(u"completions KIND"_s).choices;
}

std::vector<OptionSpec> allOptions(const CommandSpec &command)
{
    std::vector<OptionSpec> options = command.options;
    for (const OptionSpec &common : globalOptions()) {
        const auto isSame = [&common](const OptionSpec &own) { return own.name == common.name; };
        if (std::ranges::none_of(options, isSame))
            options.push_back(common);
    }
    return options;
}

QStringList valuedOptions(const std::vector<CommandSpec> &commands)
{
    QStringList valued;
    const auto add = [&valued](const QString &command, const std::vector<OptionSpec> &options) {
        for (const OptionSpec &option : options) {
            if (!option.value.isEmpty())
                valued.append(command + u" --"_s + option.name);
        }
    };
    add({}, globalOptions());
    for (const CommandSpec &command : commands)
        add(command.name, command.options);
    return valued;
}

} // namespace dormouse
