// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <optional>
#include <vector>

#include <sys/types.h>

namespace dormouse {

/// How this process was given its signals: what a program of the user's is to get, whatever Qt or we change meanwhile.
class InheritedSignals
{
public:
    InheritedSignals();
    /// Async-signal-safe: for the child between fork and exec.
    void restore() const;

private:
    std::vector<struct sigaction> m_actions; ///< by signal number, from 1
    sigset_t m_mask{};
};

struct Spawned {
    pid_t pid = -1;
    int error = 0; ///< errno of what failed; 0: it runs
};

/// Starts `argv` (ended by a null pointer; found by PATH) in our process group, with our standard streams, the descriptors that
/// were given to us, and `signals`. Returns when the program is in place, or with why it could not be.
[[nodiscard]] Spawned spawn(char *const *argv, const InheritedSignals &signals);

/// The child's exit code, 128 + signal when one killed it; nothing while it runs.
[[nodiscard]] std::optional<int> reap(pid_t pid);

/// 127 when there is no such program, else 126: as shells have it.
[[nodiscard]] int exitCodeOfFailedStart(int error);

} // namespace dormouse
