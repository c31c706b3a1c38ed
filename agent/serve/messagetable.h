// SPDX-License-Identifier: MIT
#pragma once

#include "agent/serve/controltarget.h"
#include "agent/serve/refusals.h"

#include <QByteArray>
#include <QJsonObject>

namespace dormouse {

/// Looks the message's type up in the table, checks its fields and asks `target`; `done` gets the answer, possibly later. `subscribes` is
/// set for a message that subscribes its connection.
void answerMessage(const QJsonObject &message, ControlTarget &target, const Peer &peer, Refusals &refusals, bool &subscribes,
                   const ControlTarget::Done &done);

/// Whether a line is a message that counts as a request, as opposed to one that only looks (lifecycle rule 1).
[[nodiscard]] bool isRequestLine(const QByteArray &line);

} // namespace dormouse
