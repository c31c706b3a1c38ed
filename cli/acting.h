// SPDX-License-Identifier: MIT
#pragma once

#include "cli/agentlink.h"

namespace dormouse {

/// Sends a request that only a running agent can be asked, and prints `done(answer)`; refusals and failures are told. Answers
/// the exit code. With no agent it reports that and starts none.
[[nodiscard]] int requestAndReport(const Context &context, const QJsonObject &message,
                                   QString (*done)(const QJsonObject &answer));

/// Prints a refusal; for `busy` it names the leases and suggests --force.
[[nodiscard]] int reportBusyOrRefusal(const Context &context, const QJsonObject &answer);

/// The names in an array of strings, or of objects with a `name`; each is safe to show.
[[nodiscard]] QStringList namesIn(const QJsonValue &array);

/// "; stopping: NAME, NAME" with `verb` "stopping", or nothing when the answer names no service.
[[nodiscard]] QString stopsText(const QJsonObject &answer, QLatin1StringView verb);

} // namespace dormouse
