// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/trayview.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace dormouse {

/// What a person should look at, and what made it so.
struct Cause {
    QString id;    ///< stable; unique among the causes
    QString what;  ///< what `acknowledge` takes; empty: it cannot be dismissed
    QString text;  ///< one sentence
    QString since; ///< time stamp; empty: unknown

    bool operator==(const Cause &) const = default;
};

/// Everything that asks for attention, in the order of importance. An agent that does not answer, or whose answers cannot be understood, is told by
/// the headline and is not among them.
[[nodiscard]] std::vector<Cause> causes(const AgentPicture &picture, WallTime now);

/// The headline (contract of TrayView), and the line below it; empty when there is nothing to say.
[[nodiscard]] QString headline(const AgentPicture &picture, WallTime now);
[[nodiscard]] QString whyLine(const AgentPicture &picture);
/// The same for the menu, which is made anew when it opens and may therefore name ages: "Drowsy for 12 min · sleeps at 15:42 (in 4 min)", in its parts.
[[nodiscard]] QStringList stateParts(const AgentPicture &picture, WallTime now);

/// "until 16:10", or "until turned off".
[[nodiscard]] QString holdText(const Snapshot &snapshot, WallTime now);

} // namespace dormouse
