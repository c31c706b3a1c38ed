// SPDX-License-Identifier: MIT
#include "cli/palette.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QLatin1StringView sequence(Style style)
{
    switch (style) {
    case Style::Plain: return ""_L1;
    case Style::Bold: return "\033[1m"_L1;
    case Style::Dim: return "\033[2m"_L1;
    case Style::Good: return "\033[32m"_L1;
    case Style::Warning: return "\033[33m"_L1;
    case Style::Bad: return "\033[31m"_L1;
    case Style::Calm: return "\033[36m"_L1;
    }
    return ""_L1;
}

} // namespace

QString Palette::paint(Style style, const QString &text) const
{
    if (!m_coloured || style == Style::Plain || text.isEmpty())
        return text;
    return sequence(style) + text + "\033[0m"_L1;
}

Style styleOf(State state)
{
    switch (state) {
    case State::Wake: return Style::Good;
    case State::Drowsy: return Style::Warning;
    case State::Sleep: return Style::Calm;
    case State::Hibernation: return Style::Dim;
    }
    return Style::Plain;
}

bool wantsColour(bool terminal, const QByteArray &noColor, const QByteArray &term)
{
    return terminal && noColor.isEmpty() && !term.isEmpty() && term != "dumb";
}

} // namespace dormouse
