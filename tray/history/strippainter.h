// SPDX-License-Identifier: MIT
#pragma once

#include "tray/history/stripcolours.h"
#include "tray/history/striplayout.h"

#include <QFont>
#include <QRect>
#include <QString>

#include <optional>
#include <vector>

class QPainter;

namespace dormouse {

/// What the strip shows: one answer of the event log.
struct StripContent {
    HistoryRange range = HistoryRange::Day;
    WallTime since;
    WallTime now;
    QTimeZone zone;
    std::vector<StripRow> rows; ///< never empty once there is an answer
    History history;
};

/// Where the strip's rows lie on a card of a given size. Time runs from left to right in every language; the labels stand where lines begin.
struct StripGeometry {
    QRect card;
    QRect plot; ///< of all rows, without labels and axis
    int rowHeight = 0;
    int pitch = 0; ///< from one row to the next
    int rows = 0;
    bool isMirrored = false;

    /// For `rows` rows in `card`; `labels` is the width of the widest row label, 0 for none.
    static StripGeometry fitted(const QRect &card, int rows, int labels, const QFont &font, Qt::LayoutDirection direction);
    /// The height of a card whose rows are as high as they look best, or as low as they can be.
    static int bestHeight(int rows, const QFont &font);
    static int leastHeight(int rows, const QFont &font);

    [[nodiscard]] QRect rowRect(int row) const;
    [[nodiscard]] QRect labelRect(int row) const;
    /// The row at height `y`, the gap below it included.
    [[nodiscard]] std::optional<int> rowAt(int y) const;
};

/// Width of the widest row label; 0 where rows have none.
[[nodiscard]] int labelWidth(const StripContent &content, const QFont &font);

/// The hatch of a suspended machine.
void paintHatch(QPainter &painter, const QRect &rect, const StripColours &colours);
/// One state's bar standing on the bottom of `rect`, as high as it is awake. Also the key in the legend.
void paintStateBar(QPainter &painter, const QRect &rect, std::optional<State> state, const StripColours &colours);

/// The card with everything on it. `selected`: index of a segment; all pieces of its span are outlined.
void paintStrip(QPainter &painter, const StripContent &content, const StripLayout &layout, const StripGeometry &geometry,
                const StripColours &colours, std::optional<std::size_t> selected);

} // namespace dormouse
