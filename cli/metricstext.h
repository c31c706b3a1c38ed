// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/control/snapshot.h"
#include "shared/records/lifecyclerecord.h"

#include <QString>

#include <optional>

namespace dormouse {

/// What the metrics are made of.
struct MetricsSource {
    std::optional<Snapshot> snapshot;      ///< of an agent that answered
    std::optional<LifecycleRecord> record; ///< stands in for it
    std::vector<ServiceView> services;     ///< without an agent: as the files have them
    bool isAgentThere = false;             ///< it lives, though it may not answer
};

/// The state as Prometheus' text format has it, for the textfile collector of node_exporter: HELP and TYPE before each metric, base units,
/// no time stamps (the collector takes none). Pure.
[[nodiscard]] QString metricsText(const MetricsSource &source);

} // namespace dormouse
