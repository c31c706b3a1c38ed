// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"
#include "shared/storage/rootpaths.h"

#include <QByteArray>

namespace dormouse {

/// A [[service]] that goes to the end of a dormouse.toml.
struct ServiceAddition {
    QByteArray before;  ///< the file as it was; empty where there is none
    QByteArray section; ///< what is new, from its [[service]] on
    QByteArray after;   ///< the file as it will be: `before`, then `section`

    bool operator==(const ServiceAddition &) const = default;
};

/// One service as TOML, without what is a default anyway.
[[nodiscard]] QByteArray serviceToml(const ServiceConfig &service);

/// Plans to add `service` to the text `before`, under a name that is free. Errors (Configuration): the text, or what would become of it, is not one that the agent takes; the message is
/// the agent's own. Busy: the same service is in it already. Pure but for the look at systemd's folders.
[[nodiscard]] Result<ServiceAddition> planAddition(const QByteArray &before, ServiceConfig service, const QString &path);

/// Reads dormouse.toml and plans. Errors: also those of readConfigurationFile().
[[nodiscard]] Result<ServiceAddition> planAddition(const RootPaths &paths, const ServiceConfig &service);

/// Writes it, durably and with mode 0600; creates the root. A link is followed. Errors: Busy when the file is no longer what the plan began with, those of prepareRoot(), writeAtomically().
[[nodiscard]] Result<void> writeAddition(const RootPaths &paths, const ServiceAddition &addition);

} // namespace dormouse
