// SPDX-License-Identifier: MIT
#include "tray/settings/inks.h"

#include "tray/colour/contrast.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace dormouse {
namespace {

constexpr double kContrastMin = 4.5; ///< WCAG 2, AA, for text of normal size

} // namespace

QColor blended(const QColor &a, const QColor &b, double share)
{
    const auto mixed = [share](float x, float y) { return static_cast<float>(share * double{x} + (1 - share) * double{y}); };
    return QColor::fromRgbF(mixed(a.redF(), b.redF()), mixed(a.greenF(), b.greenF()), mixed(a.blueF(), b.blueF()));
}

QColor mutedInk(const QPalette &palette)
{
    const QColor text = palette.color(QPalette::WindowText);
    const QColor window = palette.color(QPalette::Window);
    for (double share = 0.62; share < 1; share += 0.04) {
        const QColor ink = blended(text, window, share);
        if (contrast(ink, window) >= kContrastMin)
            return ink;
    }
    return text;
}

QColor errorInk(const QPalette &palette)
{
    constexpr float kHue = 4.0F / 360; // red, for those who tell it from other colours; a sign stands beside it for the others
    const QColor window = palette.color(QPalette::Window);
    const bool isDark = luminance(window) < luminance(palette.color(QPalette::WindowText));
    for (float step = 0; step < 0.5F; step += 0.02F) {
        const QColor ink = QColor::fromHslF(kHue, isDark ? 0.85F : 0.72F, isDark ? 0.62F + step : 0.46F - step);
        if (contrast(ink, window) >= kContrastMin)
            return ink;
        if (step > 0.34F)
            break;
    }
    return palette.color(QPalette::WindowText);
}

QPixmap warningSign(const QColor &ink, int side, double devicePixelRatio)
{
    const int pixels = static_cast<int>(std::ceil(side * devicePixelRatio));
    QPixmap pixmap(pixels, pixels);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(side / 16.0, side / 16.0);
    QPainterPath triangle;
    triangle.moveTo(8, 2.2);
    triangle.lineTo(14.6, 13.6);
    triangle.lineTo(1.4, 13.6);
    triangle.closeSubpath();
    painter.setPen(QPen(ink, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(triangle);
    painter.drawLine(QPointF(8, 6.4), QPointF(8, 9.4));
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawEllipse(QPointF(8, 11.7), 0.95, 0.95);
    return pixmap;
}

} // namespace dormouse
