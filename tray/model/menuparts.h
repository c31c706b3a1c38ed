// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/menuentries.h"

namespace dormouse {

// The parts of the menu, top to bottom. Pure functions of what is known.

/// State and what comes next, the why line, and what a person should look at, with Dismiss.
[[nodiscard]] MenuEntries stateEntries(const AgentPicture &picture, WallTime now);
/// Wake Now, Sleep Now, and Undo Sleep while there is something to undo.
[[nodiscard]] MenuEntries sleepEntries(const AgentPicture &picture, const TrayContext &context, WallTime now);
/// Keep Services Awake.
[[nodiscard]] MenuEntry holdEntry(const AgentPicture &picture, WallTime now);
[[nodiscard]] MenuEntry servicesEntry(const AgentPicture &picture);
[[nodiscard]] MenuEntry wrappersEntry(const AgentPicture &picture, const TrayContext &context);
/// Overview, History, Last Digest, maintenance.
[[nodiscard]] MenuEntries lookEntries(const AgentPicture &picture);
/// Settings, folders, start at login, about, quit.
[[nodiscard]] MenuEntries programEntries(const AgentPicture &picture, const TrayContext &context);

} // namespace dormouse
