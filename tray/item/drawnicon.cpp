// SPDX-License-Identifier: MIT
#include "tray/item/drawnicon.h"

#include <QIconEngine>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <map>
#include <utility>

namespace dormouse {

namespace {

class DrawnIconEngine final : public QIconEngine
{
public:
    DrawnIconEngine(IconPainter painter, std::vector<int> sizes) : m_painter(std::move(painter)), m_sizes(std::move(sizes)) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode, QIcon::State) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        QPixmap pixels = drawn(rect.size() * ratio);
        pixels.setDevicePixelRatio(ratio);
        QRectF target(QPointF(0, 0), pixels.deviceIndependentSize());
        target.moveCenter(QRectF(rect).center());
        // On whole device pixels, or all edges blur.
        const QPointF corner((target.topLeft() * ratio).toPoint());
        painter->drawPixmap(corner / ratio, pixels);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode, QIcon::State) override { return drawn(size); }

    QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override
    {
        QList<QSize> result;
        for (const int side : m_sizes)
            result.append(QSize(side, side));
        return result;
    }

    QSize actualSize(const QSize &size, QIcon::Mode, QIcon::State) override
    {
        const int side = std::min(size.width(), size.height());
        return {side, side};
    }

    bool isNull() override { return false; }
    QString key() const override { return QStringLiteral("dormouse-drawn"); }
    QIconEngine *clone() const override { return new DrawnIconEngine(*this); }

private:
    /// `size` is in device pixels.
    QPixmap drawn(const QSize &size)
    {
        const int side = std::min(size.width(), size.height());
        if (side <= 0)
            return {};
        const auto [found, isNew] = m_drawn.try_emplace(side);
        if (isNew)
            found->second = QPixmap::fromImage(m_painter(side));
        return found->second;
    }

    IconPainter m_painter;
    std::vector<int> m_sizes;
    std::map<int, QPixmap> m_drawn;
};

} // namespace

QIcon drawnIcon(IconPainter painter, std::vector<int> sizes)
{
    return QIcon(new DrawnIconEngine(std::move(painter), std::move(sizes)));
}

} // namespace dormouse
