// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"
#include "shared/config/tablereader.h"
#include "shared/config/userunit.h"

#include <QMap>

#include <vector>

namespace dormouse {

// One reader a part of dormouse.toml. Each takes its sections from `root` and tells what is wrong there; what is right is in its answer.

/// Where the file sets a key of Settings ("timers.tick").
using SettingPlaces = QMap<QString, TextPlace>;

/// [timers], [lifecycle], [control], [env].
void readSettings(TableReader &root, Settings &settings, SettingPlaces &places, Faults &faults);
/// [sleep] with its [[sleep.step]].
[[nodiscard]] std::vector<StepConfig> readSleep(TableReader &root, Settings &settings, SettingPlaces &places, Faults &faults);
/// [[service]].
[[nodiscard]] std::vector<ServiceConfig> readServices(TableReader &root, const UnitFolders &units, Faults &faults);
/// [hooks].
[[nodiscard]] QMap<State, QList<QStringList>> readHooks(TableReader &root, Faults &faults);

// What they share.

/// The keys of `section` that are settings, through applySetting(): the one place of keys, ranges and messages.
void readSettingKeys(TableReader &section, const QString &name, Settings &settings, SettingPlaces &places);
/// A section [name]; null when there is none, or something else of that name.
[[nodiscard]] const TomlValue *takeSection(TableReader &parent, const QString &name);
/// The tables of [[name]].
[[nodiscard]] std::vector<const TomlValue *> takeTables(TableReader &parent, const QString &name);

/// A service as read, with the places that messages about several services need.
struct PlacedService {
    ServiceConfig config;
    TextPlace place;
    TextPlace namePlace;
    TextPlace afterPlace;
    QList<TextPlace> afterItemPlaces; ///< one a name in `after`
};
/// What no service can know by itself: names twice, `after` of unknown ones, circles.
void checkServiceRelations(const std::vector<PlacedService> &services, Faults &faults);

} // namespace dormouse
