// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"
#include "shared/control/snapshot.h"
#include "shared/storage/rootpaths.h"

#include <QJsonObject>

#include <vector>

namespace dormouse {

// What the files tell of services and of the sleep cycle while no agent runs that could be asked. Nothing here wakes anybody.

/// The configured services, and those that run on although the configuration no longer has them. `state` is "running" (it
/// survived its agent), "stopped", "left_alone", or "unknown" where only a service manager could tell.
[[nodiscard]] std::vector<ServiceView> servicesWithoutAgent(const RootPaths &paths, const std::vector<ServiceConfig> &configured);

/// With the keys of the answer to `sleep_cycle` (control specification).
[[nodiscard]] QJsonObject cycleWithoutAgent(const RootPaths &paths, const std::vector<StepConfig> &configured);

} // namespace dormouse
