// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"

#include <vector>

namespace dormouse {

/// A program that the configuration names, and where: `step "vacuum"`.
struct NamedProgram {
    QString where;
    QString program;
};

/// Every program that the agent will look for, in the order of the file.
[[nodiscard]] std::vector<NamedProgram> programsOf(const Configuration &configuration);

} // namespace dormouse
