// SPDX-License-Identifier: MIT
#pragma once

#include "cli/invocation.h"
#include "cli/output.h"
#include "shared/base/clock.h"
#include "shared/base/exitcodes.h"
#include "shared/base/result.h"
#include "shared/storage/rootpaths.h"

namespace dormouse {

/// All that a subcommand is given. Lives in runDormouse().
struct Context {
    const Invocation &invocation;
    const std::vector<char *> &rawWords; ///< the words that `invocation` was parsed from, byte for byte; a null pointer ends them
    RootPaths paths;
    QString socket;
    const Clock &clock;
    Output &out;
    Output &err;

    [[nodiscard]] WallTime now() const { return clock.now().wall; }
    /// "dormouse: TEXT" on standard error; answers `code`.
    int fail(int code, const QString &text) const;
    int fail(const Error &error) const;
    /// The same as a usage error of this subcommand: says how to get help.
    int failUsage(const QString &text) const;
};

/// One subcommand: what it is called and takes, and what it does; `run` answers the exit code.
struct Command {
    CommandSpec spec;
    int (*run)(const Context &context) = nullptr;
};

/// The exit code that goes with a kind of error.
[[nodiscard]] int exitCodeFor(ErrorCode code);

} // namespace dormouse
