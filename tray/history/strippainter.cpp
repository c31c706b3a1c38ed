// SPDX-License-Identifier: MIT
#include "tray/history/strippainter.h"

#include "tray/colour/contrast.h"
#include "tray/history/historytext.h"
#include "tray/history/localtime.h"
#include "tray/history/stripgrid.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kLabelledHeight = 40; ///< rows from this height on have their states' names written in them

/// A bar with round shoulders, standing on the bottom of `rect`.
QPainterPath shouldered(const QRectF &rect, double radius)
{
    radius = std::min({radius, rect.width() / 2, rect.height()});
    QPainterPath path(rect.bottomLeft());
    path.lineTo(rect.left(), rect.top() + radius);
    path.quadTo(rect.topLeft(), QPointF(rect.left() + radius, rect.top()));
    path.lineTo(rect.right() - radius, rect.top());
    path.quadTo(rect.topRight(), QPointF(rect.right(), rect.top() + radius));
    path.lineTo(rect.bottomRight());
    path.closeSubpath();
    return path;
}

QRect segmentRect(const StripSegment &segment, const StripGeometry &geometry)
{
    const QRect row = geometry.rowRect(segment.row);
    return {row.left() + segment.left, row.top(), segment.width, row.height()};
}

void paintTracks(QPainter &painter, const StripContent &content, const StripGeometry &geometry, const StripColours &colours)
{
    painter.setPen(Qt::NoPen);
    for (int row = 0; row < geometry.rows; ++row) {
        const QDate date = content.rows[static_cast<std::size_t>(row)].date;
        QColor track = colours.track;
        if (date.isValid() && QLocale().weekdays().contains(Qt::DayOfWeek(date.dayOfWeek())))
            track.setAlphaF(0.55F); // the weekend stands out by its fuller track
        painter.setBrush(track);
        painter.drawRoundedRect(geometry.rowRect(row), 3, 3);
    }
}

void paintRowLabels(QPainter &painter, const StripContent &content, const StripGeometry &geometry, const StripColours &colours)
{
    const int every = geometry.pitch < QFontMetrics(painter.font()).ascent() ? 2 : 1;
    const QFont plain = painter.font();
    QFont bold = plain;
    bold.setBold(true);
    for (int row = 0; row < geometry.rows; ++row) {
        const QDate date = content.rows[static_cast<std::size_t>(row)].date;
        const bool isToday = row == geometry.rows - 1;
        if (!date.isValid() || (geometry.rows - 1 - row) % every != 0)
            continue;
        painter.setFont(isToday ? bold : plain);
        painter.setPen(isToday ? colours.text : colours.faintText);
        painter.drawText(geometry.labelRect(row), Qt::AlignVCenter | (geometry.isMirrored ? Qt::AlignLeft : Qt::AlignRight),
                         historytext::day(date));
    }
    painter.setFont(plain);
}

/// The widest part of a segment that no suspend hatches.
QRect unhatched(const StripSegment &segment, const StripLayout &layout, const StripGeometry &geometry)
{
    const QRect whole = segmentRect(segment, geometry);
    QRect best(whole.topLeft(), QSize(0, whole.height()));
    int from = whole.left();
    const auto upTo = [&](int end) {
        if (end - from > best.width())
            best = QRect(from, whole.top(), end - from, whole.height());
    };
    for (const StripSuspend &suspend : layout.suspends()) {
        const int left = geometry.plot.left() + suspend.left;
        if (suspend.row != segment.row || left + suspend.width <= from || left > whole.right())
            continue;
        upTo(left);
        from = left + suspend.width;
    }
    upTo(whole.right() + 1);
    return best;
}

/// The state's name in its bar, where there is room.
void paintSegmentName(QPainter &painter, const QRect &rect, std::optional<State> state, const StripColours &colours)
{
    constexpr int kMargin = 8;
    const QFontMetrics metrics(painter.font());
    const QString name = historytext::stateName(state);
    if (metrics.horizontalAdvance(name) + 2 * kMargin > rect.width())
        return;
    const QColor fill = colours.of(state);
    QRect place = rect;
    QColor ink = contrast(fill, Qt::white) >= contrast(fill, Qt::black) ? QColor(Qt::white) : QColor(Qt::black);
    if (state)
        place.setTop(rect.bottom() + 1 - static_cast<int>(rect.height() * heightPart(state)));
    if (!state || place.height() < metrics.height()) {
        // Too low to write in: above it then.
        const int top = rect.bottom() + 1 - std::max(static_cast<int>(rect.height() * heightPart(state)), 4);
        place = QRect(rect.left(), top - metrics.height() - 1, rect.width(), metrics.height());
        ink = colours.faintText;
    }
    painter.setPen(ink);
    painter.drawText(place, Qt::AlignCenter, name);
}

void paintSegments(QPainter &painter, const StripContent &content, const StripLayout &layout, const StripGeometry &geometry,
                   const StripColours &colours)
{
    for (const StripSegment &segment : layout.segments()) {
        const std::optional<State> state = content.history.spans[segment.span].state;
        paintStateBar(painter, segmentRect(segment, geometry), state, colours);
    }
    for (const StripSuspend &suspend : layout.suspends()) {
        const QRect row = geometry.rowRect(suspend.row);
        paintHatch(painter, QRect(row.left() + suspend.left, row.top(), suspend.width, row.height()), colours);
    }
    if (geometry.rowHeight < kLabelledHeight)
        return;
    for (const StripSegment &segment : layout.segments())
        paintSegmentName(painter, unhatched(segment, layout, geometry), content.history.spans[segment.span].state, colours);
}

void paintSelection(QPainter &painter, const StripLayout &layout, const StripGeometry &geometry, const StripColours &colours,
                    std::size_t selected)
{
    const std::size_t span = layout.segments().at(selected).span;
    painter.setBrush(Qt::NoBrush);
    for (const StripSegment &segment : layout.segments()) {
        if (segment.span != span)
            continue;
        const QRectF around = QRectF(segmentRect(segment, geometry)).adjusted(-1.5, -1.5, 1.5, 1.5);
        painter.setPen(QPen(colours.card, 4));
        painter.drawRoundedRect(around, 3, 3);
        painter.setPen(QPen(colours.accent, 2));
        painter.drawRoundedRect(around, 3, 3);
    }
}

} // namespace

void paintHatch(QPainter &painter, const QRect &rect, const StripColours &colours)
{
    constexpr int kStep = 7;
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    QColor veil = colours.card;
    veil.setAlphaF(0.45F);
    painter.fillRect(rect, veil);
    QColor ink = colours.text;
    ink.setAlphaF(0.4F);
    painter.setPen(QPen(ink, 1));
    // Counted from the window's edge, so that the lines of neighbouring pieces meet.
    const int reach = rect.height();
    for (int x = (rect.left() - reach) / kStep * kStep; x < rect.right() + reach; x += kStep)
        painter.drawLine(x, rect.bottom() + 1, x + reach, rect.top());
    painter.restore();
}

void paintStateBar(QPainter &painter, const QRect &rect, std::optional<State> state, const StripColours &colours)
{
    const QColor fill = colours.of(state);
    // A hair's breadth between neighbours, where they can spare it.
    const double width = rect.width() >= 4 ? rect.width() - 1 : rect.width();
    const double bottom = rect.bottom() + 1;
    if (!state) {
        constexpr double kLine = 2;
        constexpr double kDash = 3;
        for (double x = 0; x < width; x += 2 * kDash)
            painter.fillRect(QRectF(rect.left() + x, bottom - kLine, std::min(kDash, width - x), kLine), fill);
        return;
    }
    const double height = std::max(2.0, rect.height() * heightPart(state));
    const double radius = rect.height() >= kLabelledHeight ? 5 : 2.5;
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPath(shouldered(QRectF(rect.left(), bottom - height, width, height), radius));
}

void paintStrip(QPainter &painter, const StripContent &content, const StripLayout &layout, const StripGeometry &geometry,
                const StripColours &colours, std::optional<std::size_t> selected)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setLayoutDirection(Qt::LeftToRight); // of bars and hours; the labels' side is the geometry's
    painter.setPen(QPen(colours.border, 1));
    painter.setBrush(colours.card);
    painter.drawRoundedRect(QRectF(geometry.card).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10);
    if (content.rows.size() == static_cast<std::size_t>(geometry.rows) && !content.history.spans.empty()) {
        paintTracks(painter, content, geometry, colours);
        paintGrid(painter, content, geometry, colours);
        paintRowLabels(painter, content, geometry, colours);
        paintSegments(painter, content, layout, geometry, colours);
        paintNow(painter, content, geometry, colours);
        if (selected && *selected < layout.segments().size())
            paintSelection(painter, layout, geometry, colours, *selected);
    } else if (!content.rows.empty()) {
        painter.setPen(colours.faintText);
        painter.drawText(geometry.card.adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap, historytext::nothingYet());
    }
    painter.restore();
}

} // namespace dormouse
