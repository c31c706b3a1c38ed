// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/history.h"
#include "tray/history/historyrange.h"

#include <optional>
#include <vector>

namespace dormouse {

/// A piece of a span in one row, in logical pixels from the row's left edge.
struct StripSegment {
    int row = 0;
    int left = 0;
    int width = 0;        ///< ≥ 1
    std::size_t span = 0; ///< index into History::spans; the longest, where several share the pixel
    int others = 0;       ///< how many further spans share it: only where a row has more spans than pixels

    bool operator==(const StripSegment &) const = default;
};

/// A suspend of the machine in one row; lies on top of the segments.
struct StripSuspend {
    int row = 0;
    int left = 0;
    int width = 0;           ///< ≥ 1
    std::size_t suspend = 0; ///< index into History::suspends

    bool operator==(const StripSuspend &) const = default;
};

/// Where everything in the strip lies: a pure function of history, rows and width. In each row the segments touch, never overlap, and cover
/// exactly what is known of it.
class StripLayout
{
public:
    StripLayout() = default;
    /// `width` of a row, ≥ 1.
    StripLayout(const History &history, const std::vector<StripRow> &rows, int width);

    [[nodiscard]] const std::vector<StripSegment> &segments() const { return m_segments; } ///< by row, then from left to right
    [[nodiscard]] const std::vector<StripSuspend> &suspends() const { return m_suspends; }

    /// Index of the segment under pixel `x` of `row`; nothing where nothing is known.
    [[nodiscard]] std::optional<std::size_t> segmentAt(int row, int x) const;
    /// The next segment of another span, `step` 1 or -1; the same one at the end.
    [[nodiscard]] std::size_t neighbour(std::size_t segment, int step) const;
    /// The segment in the row above (-1) or below (1) that is nearest to the middle of this one; the same one where there is none.
    [[nodiscard]] std::size_t neighbourRow(std::size_t segment, int step) const;

private:
    void addRow(const History &history, const StripRow &row, int index, int width);

    std::vector<StripSegment> m_segments;
    std::vector<StripSuspend> m_suspends;
};

} // namespace dormouse
