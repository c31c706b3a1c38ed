// SPDX-License-Identifier: MIT
#pragma once

#include "cli/palette.h"
#include "shared/control/snapshot.h"

#include <QJsonArray>
#include <QString>

#include <vector>

namespace dormouse {

/// The services as aligned columns with a heading: name, state, pid, memory, ready in, restarts.
[[nodiscard]] QString servicesTable(const std::vector<ServiceView> &services, const Palette &palette);
[[nodiscard]] QJsonArray servicesJson(const std::vector<ServiceView> &services);

/// A service's state for people ("left alone"), and how it looks.
[[nodiscard]] QString serviceStateText(const QString &state);
[[nodiscard]] Style serviceStyle(const QString &state);

/// What a person is told when `action` ("start", "stop", "restart", "leave_alone") was accepted: what happens now, how long it
/// holds, how to undo it.
[[nodiscard]] QString serviceDoneText(const QString &action, const ServiceView &service);

/// `there is no service "wbe"; did you mean "web"?`, or which there are.
[[nodiscard]] QString unknownServiceText(const QString &name, const QStringList &known);

} // namespace dormouse
