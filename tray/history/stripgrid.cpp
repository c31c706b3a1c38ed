// SPDX-License-Identifier: MIT
#include "tray/history/stripgrid.h"

#include "tray/history/historytext.h"
#include "tray/history/localtime.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kHoursApart = 3;

struct GridLine {
    double part; ///< of the row's width
    QString text;
    bool isMidnight;
};

/// For rows that are local days.
std::vector<GridLine> linesOfDay()
{
    std::vector<GridLine> lines;
    for (int hour = 0; hour <= 24; hour += kHoursApart)
        lines.push_back({hour / 24.0, u"%1:00"_s.arg(hour, 2, 10, QChar(u'0')), hour % 24 == 0});
    return lines;
}

/// For a row of 24 hours that ends anywhere: local hours, midnight with the name of the day that begins.
std::vector<GridLine> linesOf(const TimeScale &scale, const QTimeZone &zone)
{
    std::vector<GridLine> lines;
    // By steps of half an hour, since some zones are half an hour off the others.
    constexpr std::chrono::minutes kStep(30);
    for (auto at = WallTime(std::chrono::ceil<std::chrono::hours>(scale.from().time_since_epoch())); at <= scale.to();
         at += kStep) {
        const QDateTime local = localDateTime(at, zone);
        if (local.time().minute() != 0 || local.time().hour() % kHoursApart != 0)
            continue;
        const bool isMidnight = local.time().hour() == 0;
        lines.push_back({scale.partAt(at), isMidnight ? historytext::day(local.date()) : local.toString(u"HH:mm"_s), isMidnight});
    }
    return lines;
}

} // namespace

void paintGrid(QPainter &painter, const StripContent &content, const StripGeometry &geometry, const StripColours &colours)
{
    const bool isDays = content.rows.front().date.isValid();
    const std::vector<GridLine> lines = isDays ? linesOfDay() : linesOf(content.rows.front().scale, content.zone);
    const QFont plain = painter.font();
    QFont bold = plain;
    bold.setBold(true);
    int free = geometry.card.left() + 4; // where the next label may begin
    for (const GridLine &line : lines) {
        const double x = geometry.plot.left() + std::round(line.part * geometry.plot.width()) + 0.5;
        painter.setPen(QPen(colours.grid, line.isMidnight && !isDays ? 2 : 1));
        painter.drawLine(QPointF(x, geometry.plot.top()), QPointF(x, geometry.plot.bottom() + 5));
        const bool isNamed = line.isMidnight && !isDays;
        painter.setFont(isNamed ? bold : plain);
        const int width = QFontMetrics(painter.font()).horizontalAdvance(line.text) + 2;
        const int left = std::clamp(static_cast<int>(x) - width / 2, geometry.card.left() + 4, geometry.card.right() - 4 - width);
        if (left < free)
            continue;
        painter.setPen(isNamed ? colours.text : colours.faintText);
        painter.drawText(QRect(left, geometry.plot.bottom() + 7, width, QFontMetrics(painter.font()).height()), Qt::AlignCenter,
                         line.text);
        free = left + width + 6;
    }
    painter.setFont(plain);
}

void paintNow(QPainter &painter, const StripContent &content, const StripGeometry &geometry, const StripColours &colours)
{
    const StripRow &today = content.rows.back();
    if (!today.date.isValid())
        return;
    const QRect row = geometry.rowRect(geometry.rows - 1);
    const double x = row.left() + std::round(today.scale.partAt(content.now) * row.width());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.accent);
    painter.drawRoundedRect(QRectF(x - 0.75, row.top() - 2, 1.5, row.height() + 4), 0.75, 0.75);
}

} // namespace dormouse
