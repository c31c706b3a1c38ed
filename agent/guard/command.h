// SPDX-License-Identifier: MIT
#pragma once

namespace dormouse::guard {

/// What the guard is to run. Without Qt: the guard is small, because one lives beside each child.
struct Command {
    char **arguments = nullptr; ///< PROGRAM first; ended by a null pointer
    int nice = 0;               ///< added to the present one
    int umask = -1;             ///< below 0: as it is
};

/// Closes every descriptor but 0, 1, 2 and `kept`.
void closeAllBut(int kept);

/// Default dispositions for all signals, none blocked.
void defaultSignals();

/// Makes this process PROGRAM. Comes back only when that fails: told on `report` and stderr, answers the exit code, 127 (not found) or 126.
[[nodiscard]] int become(const Command &command, int report);

/// One line to whoever is at the other end of `descriptor`; a closed or read-only one is nobody.
void tell(int descriptor, const char *what, int number);

} // namespace dormouse::guard
