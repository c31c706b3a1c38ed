// SPDX-License-Identifier: MIT
#include "tray/history/stripcolours.h"

namespace dormouse {
namespace {

QColor mixed(const QColor &a, const QColor &b, float part)
{
    const auto between = [part](float from, float to) { return from + (to - from) * part; };
    return QColor::fromRgbF(between(a.redF(), b.redF()), between(a.greenF(), b.greenF()), between(a.blueF(), b.blueF()));
}

/// From warm and light for day to cool and deep for night.
void setStates(StripColours &colours, bool isDark)
{
    colours.awake = QColor(isDark ? 0xf5c04a : 0xc9740c);
    colours.drowsy = QColor(isDark ? 0xd95fb8 : 0xa83668);
    colours.asleep = QColor(isDark ? 0x55bdf4 : 0x1d7fc6);
    colours.hibernating = QColor(isDark ? 0x8083f3 : 0x24256a);
    colours.off = QColor(isDark ? 0xabb1ba : 0x7a8492);
}

} // namespace

QColor StripColours::of(std::optional<State> state) const
{
    if (!state)
        return off;
    switch (*state) {
    case State::Wake: return awake;
    case State::Drowsy: return drowsy;
    case State::Sleep: return asleep;
    case State::Hibernation: return hibernating;
    }
    return off;
}

StripColours stripColours(const QPalette &palette)
{
    const bool isDark = palette.color(QPalette::Window).lightness() < 128;
    StripColours colours;
    setStates(colours, isDark);
    colours.card = palette.color(QPalette::Base);
    colours.text = palette.color(QPalette::Text);
    colours.border = mixed(colours.card, colours.text, 0.16F);
    colours.track = mixed(colours.card, colours.text, isDark ? 0.06F : 0.035F);
    colours.grid = mixed(colours.card, colours.text, 0.13F);
    colours.faintText = mixed(colours.card, colours.text, isDark ? 0.68F : 0.66F);
    colours.accent = colours.text;
    return colours;
}

double heightPart(std::optional<State> state)
{
    if (!state)
        return 0;
    switch (*state) {
    case State::Wake: return 1;
    case State::Drowsy: return 0.75;
    case State::Sleep: return 0.5;
    case State::Hibernation: return 0.25;
    }
    return 0;
}

} // namespace dormouse
