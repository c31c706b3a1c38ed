// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QPalette>
#include <QPixmap>

namespace dormouse {

// Colours that the palette does not have, made of those that it has, and legible on them: light, dark or of high contrast.

/// `share` (0 to 1) of `a`, the rest of `b`.
[[nodiscard]] QColor blended(const QColor &a, const QColor &b, double share);
/// Text that steps back behind the rest.
[[nodiscard]] QColor mutedInk(const QPalette &palette);
/// Text that says what is wrong.
[[nodiscard]] QColor errorInk(const QPalette &palette);

/// A triangle with an exclamation mark, `side` × `side` in device independent pixels.
[[nodiscard]] QPixmap warningSign(const QColor &ink, int side, double devicePixelRatio);

} // namespace dormouse
