// SPDX-License-Identifier: MIT
#include "tray/history/historyexport.h"

#include "shared/records/timestamp.h"
#include "shared/storage/file.h"
#include "tray/history/historysummary.h"
#include "tray/history/historytext.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <functional>
#include <vector>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kWidth = 1000;
constexpr int kMargin = 20;
constexpr int kGap = 14;
constexpr QSize kKey{22, 14};
constexpr int kKeyGap = 8;
constexpr int kLegendGap = 20;

struct HistoryExport {
    Q_DECLARE_TR_FUNCTIONS(HistoryExport)
};

QFont headingFont(QFont font)
{
    font.setBold(true);
    return font;
}

QRect cardRect(const StripContent &content, const QFont &font)
{
    const int top = kMargin + QFontMetrics(headingFont(font)).height() + kGap;
    const int rows = static_cast<int>(content.rows.size());
    return {kMargin, top, kWidth - 2 * kMargin, StripGeometry::bestHeight(rows, font)};
}

struct LegendItem {
    QString text;
    std::function<void(const QRect &)> paintKey;
};

std::vector<LegendItem> legendOf(QPainter &painter, const StripContent &content, const StripColours &colours)
{
    std::vector<LegendItem> items;
    for (const StateShare &share : summarized(content.history).shares) {
        items.push_back(
            {historytext::stateName(share.state) + u"  "_s + historytext::percent(share.part),
             [&painter, &colours, state = share.state](const QRect &key) { paintStateBar(painter, key, state, colours); }});
    }
    if (!content.history.suspends.empty()) {
        items.push_back({HistoryExport::tr("Machine suspended"),
                         [&painter, &colours](const QRect &key) { paintHatch(painter, key, colours); }});
    }
    return items;
}

int widthOf(const std::vector<LegendItem> &items, const QFont &font)
{
    int width = -kLegendGap;
    for (const LegendItem &item : items)
        width += kKey.width() + kKeyGap + QFontMetrics(font).horizontalAdvance(item.text) + kLegendGap;
    return width;
}

/// In one line, if need be in smaller letters: other languages have longer words.
void paintLegend(QPainter &painter, const QRect &line, const StripContent &content, const StripColours &colours, bool isMirrored)
{
    const std::vector<LegendItem> items = legendOf(painter, content, colours);
    QFont font = painter.font();
    while (font.pointSizeF() > 6 && widthOf(items, font) > line.width())
        font.setPointSizeF(font.pointSizeF() - 0.5);
    painter.setFont(font);
    int x = 0;
    const auto placed = [&line, isMirrored](int left, int wide) {
        return QRect(isMirrored ? line.right() + 1 - left - wide : line.left() + left, line.top(), wide, line.height());
    };
    for (const LegendItem &item : items) {
        QRect key(QPoint(), kKey);
        key.moveCenter(placed(x, kKey.width()).center());
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.card);
        painter.drawRoundedRect(key, 3, 3);
        item.paintKey(key);
        const int width = QFontMetrics(font).horizontalAdvance(item.text);
        painter.setPen(colours.text);
        painter.drawText(placed(x + kKey.width() + kKeyGap, width), Qt::AlignCenter | Qt::TextDontClip, item.text);
        x += kKey.width() + kKeyGap + width + kLegendGap;
    }
}

} // namespace

QByteArray historyCsv(const History &history)
{
    QByteArray text("from,to,state,duration_sec\n");
    for (const HistorySpan &span : history.spans) {
        const QLatin1StringView state = span.state ? toString(*span.state) : "not_running"_L1;
        const double lasted = std::chrono::duration<double>(span.to - span.from).count();
        text += QString(formatTimestamp(span.from) + u',' + formatTimestamp(span.to) + u',' + state + u',').toLatin1()
                + QByteArray::number(lasted, 'f', 3) + '\n';
    }
    return text;
}

QSize historyImageSize(const StripContent &content, const QFont &font)
{
    const QRect card = cardRect(content, font);
    return {kWidth, card.bottom() + 1 + kGap + QFontMetrics(font).height() + kMargin};
}

QImage historyImage(const StripContent &content, const QPalette &palette, const QFont &font, Qt::LayoutDirection direction)
{
    const bool isMirrored = direction == Qt::RightToLeft;
    const QSize size = historyImageSize(content, font);
    QImage image(size * kImageScale, QImage::Format_RGB32);
    image.setDevicePixelRatio(kImageScale);
    image.fill(palette.color(QPalette::Window));
    const QRect card = cardRect(content, font);
    const StripColours colours = stripColours(palette);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colours.text);
    painter.setFont(headingFont(font));
    const QString heading = HistoryExport::tr("Dormouse: %1", "heading of a picture")
                                .arg(historytext::period(content.since, content.now, content.zone));
    painter.drawText(QRect(kMargin, kMargin, kWidth - 2 * kMargin, card.top() - kMargin - kGap),
                     Qt::AlignVCenter | (isMirrored ? Qt::AlignRight : Qt::AlignLeft), heading);
    painter.setFont(font);
    const int rows = static_cast<int>(content.rows.size());
    const StripGeometry geometry = StripGeometry::fitted(card, rows, labelWidth(content, font), font, direction);
    paintStrip(painter, content, StripLayout(content.history, content.rows, geometry.plot.width()), geometry, colours,
               std::nullopt);
    painter.setFont(font);
    paintLegend(painter, QRect(kMargin + 4, card.bottom() + 1 + kGap, kWidth - 2 * kMargin - 8, QFontMetrics(font).height()),
                content, colours, isMirrored);
    return image;
}

Result<void> saveHistoryImage(const QImage &image, const QString &path)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG"))
        return Error{ErrorCode::Io, u"the picture cannot be made"_s, path};
    return writeAtomically(path, bytes);
}

Result<void> saveHistoryCsv(const History &history, const QString &path)
{
    return writeAtomically(path, historyCsv(history));
}

} // namespace dormouse
