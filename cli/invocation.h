// SPDX-License-Identifier: MIT
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

#include <variant>
#include <vector>

namespace dormouse {

/// One option of a subcommand: `--name`, or `--name VALUE` when `value` names its placeholder.
struct OptionSpec {
    QString name;
    QString value; ///< placeholder shown in help; empty: a flag
    QString help;
};

/// What a subcommand is called and takes; the source of both parsing and help.
struct CommandSpec {
    QString name;
    QString group;   ///< heading in the overview
    QString summary; ///< one line, for the overview
    QString usage;   ///< what follows the name: "[--json] [--watch]"
    QString about;   ///< one to three sentences for `dormouse NAME --help`
    std::vector<OptionSpec> options = {};
    QString example = {};
    QString exitCodes = {}; ///< lines "CODE  meaning", where they matter
    int minimumArguments = 0;
    int maximumArguments = 0;
    QStringList choices = {};  ///< when not empty: the only words allowed as first argument
    bool takesProgram = false; ///< the first argument and all that follows are a program of the user's, passed on untouched
};

/// A parsed command line.
struct Invocation {
    QString command;                ///< empty: none was named
    QMap<QString, QString> options; ///< by name without dashes, `root` and `socket` included; a flag's value is empty
    QStringList arguments;
    int programIndex = -1; ///< where a user's program begins in the parsed list; -1: there is none
    bool help = false;
    bool version = false;

    [[nodiscard]] bool has(QLatin1StringView option) const { return options.contains(QString(option)); }
    [[nodiscard]] QString value(QLatin1StringView option) const { return options.value(QString(option)); }
};

/// Why a command line cannot be run: one line for a person, naming the nearest word and how to get help.
struct UsageError {
    QString text;
};

/// Parses the words after the program's name. Pure.
[[nodiscard]] std::variant<Invocation, UsageError> parseInvocation(const QStringList &words,
                                                                   const std::vector<CommandSpec> &commands);

/// The options every subcommand takes: --root, --socket, --help.
[[nodiscard]] std::vector<OptionSpec> globalOptions();

} // namespace dormouse
