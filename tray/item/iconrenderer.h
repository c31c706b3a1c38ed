// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/trayview.h"

#include <QColor>
#include <QIcon>
#include <QImage>

namespace dormouse {

/// The icon family, drawn from the SVG resources (":/icons/…"). GUI thread.
struct IconInk {
    QColor ink;  ///< the one colour of the drawing
    QColor halo; ///< a thin outline of the opposite lightness, which keeps it legible on the wrong background; transparent: none

    bool operator==(const IconInk &) const = default;
};

/// The ink for panels of this desktop: light on dark panels, dark on light ones, from the application's palette and the desktop's habits.
[[nodiscard]] IconInk panelInk();

/// One image of `side` × `side` device pixels, premultiplied ARGB, transparent around the drawing.
[[nodiscard]] QImage renderIcon(const IconLook &look, int side, const IconInk &ink);
/// All sizes that panels ask for, 1× and 2×.
[[nodiscard]] QIcon panelIcon(const IconLook &look, const IconInk &ink);
/// The program's own icon, in colour, for windows and notifications.
[[nodiscard]] QIcon applicationIcon();

} // namespace dormouse
