// SPDX-License-Identifier: MIT
#pragma once

#include "cli/doctor/facts.h"
#include "cli/doctor/finding.h"

namespace dormouse::doctor {

// One function a row: facts in, a finding out. Pure.

// The agent and its files: agentrows.cpp, staterows.cpp.
[[nodiscard]] Finding agentRow(const Facts &facts);
[[nodiscard]] Finding socketRow(const Facts &facts);
[[nodiscard]] Finding lockRow(const Facts &facts);
[[nodiscard]] Finding recordRow(const Facts &facts);
[[nodiscard]] Finding legacyRow(const Facts &facts);
[[nodiscard]] Finding hibernationRow(const Facts &facts);
[[nodiscard]] Finding signalRow(const Facts &facts);

// What it does: workrows.cpp.
[[nodiscard]] Finding historyRow(const Facts &facts);
[[nodiscard]] Finding cycleRow(const Facts &facts);
[[nodiscard]] Finding starvationRow(const Facts &facts);
[[nodiscard]] Finding heartbeatsRow(const Facts &facts);
[[nodiscard]] Finding overflowRow(const Facts &facts);
[[nodiscard]] Finding leakedRow(const Facts &facts);
[[nodiscard]] Finding servicesRow(const Facts &facts);
[[nodiscard]] Finding pythonRow(const Facts &facts);
[[nodiscard]] Finding idleRow(const Facts &facts);
[[nodiscard]] Finding attentionRow(const Facts &facts);

// Where it lives: machinerows.cpp.
[[nodiscard]] Finding rootRow(const Facts &facts);
[[nodiscard]] Finding rightsRow(const Facts &facts);
[[nodiscard]] Finding configurationRow(const Facts &facts);
[[nodiscard]] Finding commandsRow(const Facts &facts);
[[nodiscard]] Finding diskRow(const Facts &facts);
[[nodiscard]] Finding autostartRow(const Facts &facts);
[[nodiscard]] Finding watchesRow(const Facts &facts);
[[nodiscard]] Finding clockRow(const Facts &facts);

/// All of them, in the order in which they are shown.
[[nodiscard]] std::vector<Finding> diagnose(const Facts &facts);

} // namespace dormouse::doctor
