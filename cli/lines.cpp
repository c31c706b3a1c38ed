// SPDX-License-Identifier: MIT
#include "cli/lines.h"

namespace dormouse {
namespace {

constexpr int kLabelWidth = 12;

}

void Lines::add(QLatin1StringView label, const QString &text)
{
    const QString shown = label == m_last ? QString() : QString(label);
    m_last = label;
    m_text += m_palette.paint(Style::Dim, shown.leftJustified(kLabelWidth)) + text + u'\n';
}

} // namespace dormouse
