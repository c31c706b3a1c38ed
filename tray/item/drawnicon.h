// SPDX-License-Identifier: MIT
#pragma once

#include <QIcon>
#include <QImage>

#include <functional>
#include <vector>

namespace dormouse {

/// Draws one square image of `side` device pixels.
using IconPainter = std::function<QImage(int side)>;

/// An icon that is drawn anew for each size that is asked for, and keeps what it drew. It is therefore crisp at every size and pixel ratio, and
/// making one costs nothing. `sizes` (pixels) is what it offers to those who want a list, as a panel over D-Bus does. GUI thread.
[[nodiscard]] QIcon drawnIcon(IconPainter painter, std::vector<int> sizes);

} // namespace dormouse
