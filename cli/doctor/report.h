// SPDX-License-Identifier: MIT
#pragma once

#include "cli/doctor/finding.h"
#include "cli/palette.h"

#include <QJsonObject>

namespace dormouse::doctor {

/// Aligned lines, one a row, what to do under each that is not PASS, and a summary. `text` and `remedy` are made safe to show.
[[nodiscard]] QString reportText(const std::vector<Finding> &findings, const Palette &palette);

/// {"rows": [{"name", "status", "text", "remedy"}], "pass", "warn", "fail"}; `remedy` is null where there is nothing to do.
[[nodiscard]] QJsonObject reportJson(const std::vector<Finding> &findings);

[[nodiscard]] int countOf(const std::vector<Finding> &findings, Verdict verdict);

/// 1 when any row is FAIL, else 0.
[[nodiscard]] int exitCodeOf(const std::vector<Finding> &findings);

} // namespace dormouse::doctor
