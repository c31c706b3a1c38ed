// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace dormouse {

/// Runs one command line and answers the exit code. `words` are those after the program's name, byte for byte, ended by a null
/// pointer. Needs a QCoreApplication.
[[nodiscard]] int runDormouse(const std::vector<char *> &words);

} // namespace dormouse
