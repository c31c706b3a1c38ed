// SPDX-License-Identifier: MIT
#pragma once

#include "agent/serve/controltarget.h"
#include "agent/serve/refusals.h"

#include <QJsonObject>

namespace dormouse {

/// Looks the message's type up in the table, checks its fields and asks `target`; `done` gets the answer, possibly later. `subscribes` is
/// set for a message that subscribes its connection.
void answerMessage(const QJsonObject &message, ControlTarget &target, const Peer &peer, Refusals &refusals, bool &subscribes,
                   const ControlTarget::Done &done);

} // namespace dormouse
