// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>

namespace dormouse {

/// Relative luminance of an opaque colour, 0 to 1 (WCAG 2.1, "relative luminance").
[[nodiscard]] double luminance(const QColor &colour);
/// The contrast of two opaque colours, 1 to 21 (WCAG 2.1, "contrast ratio").
[[nodiscard]] double contrast(const QColor &a, const QColor &b);

} // namespace dormouse
