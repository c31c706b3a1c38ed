// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"

#include <QJsonObject>

namespace dormouse {

/// The configuration with the keys of dormouse.toml, complete with defaults; durations are numbers of seconds.
[[nodiscard]] QJsonObject configurationToJson(const Configuration &configuration);

} // namespace dormouse
