// SPDX-License-Identifier: MIT
#pragma once

#include "tray/options.h"

namespace dormouse {

/// Sets the application's style and palette; Auto leaves both to the desktop. Before the first window.
void applyColourScheme(ColourScheme scheme);

} // namespace dormouse
