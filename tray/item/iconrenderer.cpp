// SPDX-License-Identifier: MIT
#include "tray/item/iconrenderer.h"

#include "tray/item/drawnicon.h"
#include "tray/item/panelhabits.h"

#include <QPainter>
#include <QSvgRenderer>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

// Outside the namespace, as the macro demands; it keeps the resources when this archive is linked.
static void keepIconResources()
{
    Q_INIT_RESOURCE(icons);
}

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

QString fileOf(IconShape shape)
{
    switch (shape) {
    case IconShape::Awake: return u":/icons/awake.svg"_s;
    case IconShape::Drowsy: return u":/icons/drowsy.svg"_s;
    case IconShape::Asleep: return u":/icons/asleep.svg"_s;
    case IconShape::Hibernating: return u":/icons/hibernating.svg"_s;
    case IconShape::NoAgent: return u":/icons/noagent.svg"_s;
    }
    return {};
}

void paintFile(QPainter &painter, const QString &file, int side)
{
    keepIconResources();
    QSvgRenderer drawing(file);
    drawing.render(&painter, QRectF(0, 0, side, side));
}

/// How much of each pixel is ink, 0 to 255. SVG Tiny has no masks, so the files themselves are one: black is ink, white takes ink away.
class Coverage
{
public:
    Coverage(const IconLook &look, int side) : m_side(side), m_values(static_cast<size_t>(side) * static_cast<size_t>(side))
    {
        QImage page(side, side, QImage::Format_RGB32);
        page.fill(Qt::white);
        QPainter painter(&page);
        painter.setRenderHint(QPainter::Antialiasing);
        paintFile(painter, fileOf(look.shape), side);
        if (look.isHeld)
            paintFile(painter, u":/icons/mark-hold.svg"_s, side);
        if (look.hasAttention)
            paintFile(painter, u":/icons/mark-attention.svg"_s, side);
        painter.end();
        for (int y = 0; y < side; ++y) {
            const auto *line = reinterpret_cast<const QRgb *>(page.constScanLine(y));
            for (int x = 0; x < side; ++x)
                m_values[index(x, y)] = static_cast<uchar>(255 - qGreen(line[x]));
        }
    }

    [[nodiscard]] int at(int x, int y) const { return m_values[index(x, y)]; }

    /// The drawing grown by `radius` pixels on all sides.
    [[nodiscard]] Coverage grown(double radius) const
    {
        Coverage result = *this;
        const int reach = static_cast<int>(std::ceil(radius));
        for (int dy = -reach; dy <= reach; ++dy) {
            for (int dx = -reach; dx <= reach; ++dx) {
                const double share = std::clamp(radius + 0.5 - std::hypot(dx, dy), 0.0, 1.0);
                if (share > 0)
                    result.addShifted(*this, dx, dy, static_cast<int>(std::lround(share * 256)));
            }
        }
        return result;
    }

private:
    [[nodiscard]] size_t index(int x, int y) const
    {
        return static_cast<size_t>(y) * static_cast<size_t>(m_side) + static_cast<size_t>(x);
    }

    void addShifted(const Coverage &other, int dx, int dy, int share256)
    {
        for (int y = std::max(0, dy); y < m_side + std::min(0, dy); ++y) {
            for (int x = std::max(0, dx); x < m_side + std::min(0, dx); ++x) {
                uchar &value = m_values[index(x, y)];
                value = static_cast<uchar>(std::max<int>(value, other.at(x - dx, y - dy) * share256 / 256));
            }
        }
    }

    int m_side;
    std::vector<uchar> m_values;
};

/// `color` on `share` of 255 parts of a pixel.
QRgb premultiplied(const QColor &color, int share)
{
    return qPremultiply(qRgba(color.red(), color.green(), color.blue(), color.alpha() * share / 255));
}

QRgb over(QRgb top, QRgb bottom)
{
    const int rest = 255 - qAlpha(top);
    return qRgba(qRed(top) + qRed(bottom) * rest / 255, qGreen(top) + qGreen(bottom) * rest / 255,
                 qBlue(top) + qBlue(bottom) * rest / 255, qAlpha(top) + qAlpha(bottom) * rest / 255);
}

/// In pixels: never less than what shows on a 16 px icon, and thin on a big one.
double haloRadius(int side)
{
    return std::max(1.5, side / 26.0);
}

QImage renderApplication(int side)
{
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    paintFile(painter, u":/icons/dormouse.svg"_s, side);
    return image;
}

} // namespace

QImage renderIcon(const IconLook &look, int side, const IconInk &ink)
{
    if (side <= 0)
        return {};
    const Coverage drawing(look, side);
    const bool hasHalo = ink.halo.alpha() > 0;
    const Coverage outline = hasHalo ? drawing.grown(haloRadius(side)) : drawing;
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < side; ++y) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(y));
        for (int x = 0; x < side; ++x) {
            const QRgb halo = hasHalo ? premultiplied(ink.halo, outline.at(x, y)) : 0U;
            line[x] = over(premultiplied(ink.ink, drawing.at(x, y)), halo);
        }
    }
    return image;
}

QIcon panelIcon(const IconLook &look, const IconInk &ink)
{
    static constexpr std::array kSizes{16, 18, 20, 22, 24, 32, 36, 44, 48, 64};
    QIcon icon = drawnIcon([look, ink](int side) { return renderIcon(look, side, ink); }, {kSizes.begin(), kSizes.end()});
    icon.setIsMask(panelTakesTemplates());
    return icon;
}

QIcon applicationIcon()
{
    static constexpr std::array kSizes{16, 24, 32, 48, 64, 128, 256};
    return drawnIcon(renderApplication, {kSizes.begin(), kSizes.end()});
}

} // namespace dormouse
