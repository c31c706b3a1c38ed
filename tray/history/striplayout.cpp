// SPDX-License-Identifier: MIT
#include "tray/history/striplayout.h"

#include <algorithm>
#include <cmath>

namespace dormouse {
namespace {

/// The part of a span, or of several that share a pixel, in one row.
struct Piece {
    double left;
    double right;
    std::size_t span;
    int others = 0;
    WallTime::duration length{}; ///< of the span that is shown
};

struct PixelRange {
    int left;
    int right;
};

/// The pixels from `left` to `right` (parts of `width`), one at least.
PixelRange pixelRange(double left, double right, int width)
{
    const int from = std::min(static_cast<int>(std::lround(left * width)), width - 1);
    return {from, std::max(static_cast<int>(std::lround(right * width)), from + 1)};
}

std::vector<Piece> piecesOf(const History &history, const TimeScale &scale)
{
    const auto endsBefore = [](const HistorySpan &span, WallTime at) { return span.to <= at; };
    auto span = std::lower_bound(history.spans.begin(), history.spans.end(), scale.from(), endsBefore);
    std::vector<Piece> pieces;
    for (; span != history.spans.end() && span->from < scale.to(); ++span) {
        const auto index = static_cast<std::size_t>(span - history.spans.begin());
        pieces.push_back({scale.partAt(span->from), scale.partAt(span->to), index, 0, span->to - span->from});
    }
    return pieces;
}

/// For a row with more pieces than pixels: those that begin in the same pixel become one, which shows the longest of them.
std::vector<Piece> shared(const std::vector<Piece> &pieces, PixelRange pixels)
{
    const double begin = pieces.front().left;
    const double whole = std::max(pieces.back().right - begin, 1e-12);
    const int count = pixels.right - pixels.left;
    std::vector<Piece> result;
    int last = -1;
    for (const Piece &piece : pieces) {
        const int pixel = std::min(static_cast<int>((piece.left - begin) / whole * count), count - 1);
        if (std::exchange(last, pixel) != pixel) {
            result.push_back(piece);
            continue;
        }
        Piece &together = result.back();
        together.right = piece.right;
        ++together.others;
        if (piece.length > together.length) {
            together.length = piece.length;
            together.span = piece.span;
        }
    }
    return result;
}

/// The edges between the pieces, rounded to pixels and then pushed apart, so that each piece has one pixel at least. There are enough for all.
std::vector<int> edgesOf(const std::vector<Piece> &pieces, PixelRange pixels, int width)
{
    std::vector<int> edges;
    edges.reserve(pieces.size() + 1);
    edges.push_back(pixels.left);
    for (std::size_t i = 1; i < pieces.size(); ++i)
        edges.push_back(std::max(static_cast<int>(std::lround(pieces[i].left * width)), edges.back() + 1));
    edges.push_back(pixels.right);
    for (std::size_t i = pieces.size() - 1; i > 0; --i)
        edges[i] = std::min(edges[i], edges[i + 1] - 1);
    return edges;
}

} // namespace

StripLayout::StripLayout(const History &history, const std::vector<StripRow> &rows, int width)
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        addRow(history, rows[i], static_cast<int>(i), std::max(width, 1));
}

void StripLayout::addRow(const History &history, const StripRow &row, int index, int width)
{
    for (std::size_t i = 0; i < history.suspends.size(); ++i) {
        const HistorySuspend &suspend = history.suspends[i];
        if (suspend.to <= row.scale.from() || suspend.from >= row.scale.to())
            continue;
        const PixelRange pixels = pixelRange(row.scale.partAt(suspend.from), row.scale.partAt(suspend.to), width);
        m_suspends.push_back({index, pixels.left, pixels.right - pixels.left, i});
    }
    std::vector<Piece> pieces = piecesOf(history, row.scale);
    if (pieces.empty())
        return;
    const PixelRange pixels = pixelRange(pieces.front().left, pieces.back().right, width);
    if (pieces.size() > static_cast<std::size_t>(pixels.right - pixels.left))
        pieces = shared(pieces, pixels);
    const std::vector<int> edges = edgesOf(pieces, pixels, width);
    for (std::size_t i = 0; i < pieces.size(); ++i)
        m_segments.push_back({index, edges[i], edges[i + 1] - edges[i], pieces[i].span, pieces[i].others});
}

std::optional<std::size_t> StripLayout::segmentAt(int row, int x) const
{
    const auto endsBefore = [](const StripSegment &segment, std::pair<int, int> place) {
        return std::pair(segment.row, segment.left + segment.width) <= place;
    };
    const auto found = std::lower_bound(m_segments.begin(), m_segments.end(), std::pair(row, x), endsBefore);
    if (found == m_segments.end() || found->row != row || x < found->left)
        return std::nullopt;
    return static_cast<std::size_t>(found - m_segments.begin());
}

std::size_t StripLayout::neighbour(std::size_t segment, int step) const
{
    std::size_t at = segment;
    while (step < 0 ? at > 0 : at + 1 < m_segments.size()) {
        at = step < 0 ? at - 1 : at + 1;
        if (m_segments[at].span != m_segments[segment].span)
            return at;
    }
    return segment;
}

std::size_t StripLayout::neighbourRow(std::size_t segment, int step) const
{
    const StripSegment &from = m_segments[segment];
    const int middle = from.left + from.width / 2;
    std::size_t best = segment;
    int bestDistance = 0;
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        const StripSegment &candidate = m_segments[i];
        if (candidate.row != from.row + step)
            continue;
        const int distance = std::max({candidate.left - middle, middle - (candidate.left + candidate.width - 1), 0});
        if (best == segment || distance < bestDistance) {
            best = i;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace dormouse
