// SPDX-License-Identifier: MIT
#pragma once

#include "cli/invocation.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace dormouse {

/// What may stand in one place of a command line.
struct CompletionPlace {
    enum class Kind {
        Nothing, ///< free text, times, numbers: nobody can know
        Choices,
        Files,
        Commands, ///< of ours
        Programs, ///< the user's
        Words,    ///< what `dormouse completions --words KIND` prints
    };
    Kind kind = Kind::Nothing;
    QStringList choices; ///< for Choices; for Words: fixed words beside them
    QString words;       ///< KIND

    bool operator==(const CompletionPlace &) const = default;
};

// All of it comes from the table of commands, so that it cannot be stale.

/// What the arguments of a command may be, place by place; from its choices, else its usage.
[[nodiscard]] std::vector<CompletionPlace> argumentPlaces(const CommandSpec &command);
/// What the value of an option may be; from its placeholder.
[[nodiscard]] CompletionPlace valuePlace(const OptionSpec &option);
/// The placeholders in a command's usage and options ("NAME") that nothing is known of; the tests keep this empty.
[[nodiscard]] QStringList unknownPlaceholders(const CommandSpec &command);

/// The kinds of `--words`.
[[nodiscard]] QStringList wordKinds();

/// The options of a command with those that every command takes.
[[nodiscard]] std::vector<OptionSpec> allOptions(const CommandSpec &command);
/// "scan --stale-after": each option that takes a value, behind its command; those of all commands without one, " --root".
[[nodiscard]] QStringList valuedOptions(const std::vector<CommandSpec> &commands);

/// Scripts that teach a shell the command line; to be sourced, or installed where the shell looks.
[[nodiscard]] QString bashCompletion(const std::vector<CommandSpec> &commands);
[[nodiscard]] QString zshCompletion(const std::vector<CommandSpec> &commands);
[[nodiscard]] QString fishCompletion(const std::vector<CommandSpec> &commands);

} // namespace dormouse
