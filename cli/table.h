// SPDX-License-Identifier: MIT
#pragma once

#include "cli/palette.h"

#include <QString>

#include <vector>

namespace dormouse {

/// One cell: text that is safe to show (foreign text has gone through sanitized()).
struct Cell {
    QString text;
    Style style = Style::Plain;
    bool right = false; ///< aligned to the right: numbers
};

/// Aligned columns, two spaces apart, as wide as their widest cell; the last one is not padded.
class Table
{
public:
    void addRow(std::vector<Cell> row) { m_rows.push_back(std::move(row)); }
    [[nodiscard]] bool isEmpty() const { return m_rows.empty(); }
    /// One line a row, each ended by a newline, without blanks at its end.
    [[nodiscard]] QString text(const Palette &palette) const;

private:
    std::vector<std::vector<Cell>> m_rows;
};

/// How many columns `text` takes on a terminal: wide East Asian characters two, combining marks none.
[[nodiscard]] int displayWidth(QStringView text);

} // namespace dormouse
