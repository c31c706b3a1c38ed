// SPDX-License-Identifier: MIT
#include "tray/history/historytext.h"
#include "tray/history/strippainter.h"

#include <QFontMetrics>

#include <algorithm>

namespace dormouse {
namespace {

constexpr int kMargin = 16;
constexpr int kLabelGap = 10;

struct RowSizes {
    int least;
    int best;
    int most;
};

RowSizes sizesFor(int rows)
{
    if (rows <= 1)
        return {72, 170, 320};
    if (rows <= 7)
        return {20, 36, 48};
    return {7, 13, 22};
}

/// Rows keep a quarter of their height between them.
int gapFor(int rowHeight)
{
    return std::clamp(rowHeight / 4, 3, 12);
}

int axisHeight(const QFont &font)
{
    return QFontMetrics(font).height() + 8;
}

int heightFor(int rows, int rowHeight, const QFont &font)
{
    return 2 * kMargin + rows * (rowHeight + gapFor(rowHeight)) - gapFor(rowHeight) + axisHeight(font);
}

} // namespace

StripGeometry StripGeometry::fitted(const QRect &card, int rows, int labels, const QFont &font, Qt::LayoutDirection direction)
{
    StripGeometry geometry;
    geometry.card = card;
    geometry.rows = rows;
    geometry.isMirrored = direction == Qt::RightToLeft;
    const RowSizes sizes = sizesFor(rows);
    int height = sizes.least;
    while (height < sizes.most && heightFor(rows, height + 1, font) <= card.height())
        ++height;
    geometry.rowHeight = height;
    geometry.pitch = height + gapFor(height);
    const int before = kMargin + (labels > 0 ? labels + kLabelGap : 0);
    const int spare = std::max(card.height() - heightFor(rows, height, font), 0);
    const int left = card.left() + (geometry.isMirrored ? kMargin : before);
    geometry.plot = QRect(left, card.top() + kMargin + spare / 2, std::max(card.width() - before - kMargin, 1),
                          rows * geometry.pitch - gapFor(height));
    return geometry;
}

int StripGeometry::bestHeight(int rows, const QFont &font)
{
    return heightFor(rows, sizesFor(rows).best, font);
}

int StripGeometry::leastHeight(int rows, const QFont &font)
{
    return heightFor(rows, sizesFor(rows).least, font);
}

QRect StripGeometry::rowRect(int row) const
{
    return {plot.left(), plot.top() + row * pitch, plot.width(), rowHeight};
}

QRect StripGeometry::labelRect(int row) const
{
    // Higher than the row, so that low rows do not cut their label.
    const QRect around = rowRect(row).adjusted(0, -6, 0, 6);
    if (isMirrored)
        return {plot.right() + kLabelGap, around.top(), card.right() - plot.right() - kLabelGap, around.height()};
    return {card.left(), around.top(), plot.left() - kLabelGap - card.left(), around.height()};
}

std::optional<int> StripGeometry::rowAt(int y) const
{
    if (rows == 0 || y < plot.top() || y >= plot.top() + rows * pitch)
        return std::nullopt;
    return (y - plot.top()) / pitch;
}

int labelWidth(const StripContent &content, const QFont &font)
{
    QFont bold = font;
    bold.setBold(true);
    int widest = 0;
    for (const StripRow &row : content.rows) {
        if (row.date.isValid())
            widest = std::max(widest, QFontMetrics(bold).horizontalAdvance(historytext::day(row.date)));
    }
    return widest;
}

} // namespace dormouse
