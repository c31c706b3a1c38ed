// SPDX-License-Identifier: MIT
#include "tray/colour/contrast.h"

#include <algorithm>
#include <cmath>

namespace dormouse {

double luminance(const QColor &colour)
{
    const auto linear = [](float part) {
        const double value{part};
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace dormouse
