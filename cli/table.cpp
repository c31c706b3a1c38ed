// SPDX-License-Identifier: MIT
#include "cli/table.h"

#include <QChar>

#include <algorithm>
#include <array>

namespace dormouse {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Unicode's East Asian Width W and F (UAX #11), in coarse blocks: enough to keep columns straight.
constexpr std::array kWide{
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},
    Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD},
};

int widthOf(char32_t character)
{
    const QChar::Category category = QChar::category(character);
    if (category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing || category == QChar::Other_Format)
        return 0;
    const auto holds = [character](const Range &range) { return character >= range.first && character <= range.last; };
    return std::any_of(kWide.begin(), kWide.end(), holds) ? 2 : 1;
}

} // namespace

int displayWidth(QStringView text)
{
    int width = 0;
    for (const char32_t character : text.toUcs4())
        width += widthOf(character);
    return width;
}

QString Table::text(const Palette &palette) const
{
    std::vector<int> widths;
    for (const std::vector<Cell> &row : m_rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], displayWidth(row[i].text));
    }
    QString result;
    for (const std::vector<Cell> &row : m_rows) {
        QString line;
        int pending = 0; // blanks that are only written when something follows them
        for (std::size_t i = 0; i < row.size(); ++i) {
            const int missing = widths[i] - displayWidth(row[i].text);
            const int before = row[i].right ? missing : 0;
            if (!row[i].text.isEmpty()) {
                line += QString(pending + before, u' ') + palette.paint(row[i].style, row[i].text);
                pending = 2 + (row[i].right ? 0 : missing);
            } else {
                pending += 2 + widths[i];
            }
        }
        result += line + u'\n';
    }
    return result;
}

} // namespace dormouse
