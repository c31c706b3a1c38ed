// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"
#include "shared/config/faults.h"
#include "shared/config/userunit.h"

#include <QByteArray>

#include <vector>

namespace dormouse {

/// The text of a dormouse.toml with all that is wrong in it: for `dormouse config check` and an editor of settings.
struct CheckedConfiguration {
    Configuration configuration;            ///< to be used only when there are no faults
    std::vector<ConfigurationFault> faults; ///< in the order of the file
    QMap<QString, TextPlace> places;        ///< where the file sets a key of Settings
};

/// Reads over the defaults. What only the whole can know (thresholds that rise) is not looked at: see crossFault(). Thread: any.
[[nodiscard]] CheckedConfiguration checkConfiguration(const QByteArray &text, const UnitFolders &units = standardUnitFolders());

/// What validate() says of `settings`, at the place where the file sets one of the keys concerned; nothing when all is well.
[[nodiscard]] std::optional<ConfigurationFault> crossFault(const Settings &settings, const QMap<QString, TextPlace> &places);

} // namespace dormouse
