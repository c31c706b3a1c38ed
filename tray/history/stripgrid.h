// SPDX-License-Identifier: MIT
#pragma once

#include "tray/history/strippainter.h"

namespace dormouse {

// The axis: hours by the clock on the wall, and the present moment.

void paintGrid(QPainter &painter, const StripContent &content, const StripGeometry &geometry, const StripColours &colours);
/// A fine line where now is, in the row of today; nothing where the row ends with now.
void paintNow(QPainter &painter, const StripContent &content, const StripGeometry &geometry, const StripColours &colours);

} // namespace dormouse
