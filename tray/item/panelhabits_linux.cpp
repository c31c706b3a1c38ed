// SPDX-License-Identifier: MIT
#include "tray/item/panelhabits.h"

#include "tray/item/iconrenderer.h"

#include <QGuiApplication>
#include <QPalette>

#include <algorithm>
#include <array>
#include <optional>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// What the user said, for panels that nobody can guess.
std::optional<bool> askedForLightInk()
{
    const QString wish = qEnvironmentVariable("DORMOUSE_TRAY_INK").trimmed().toLower();
    if (wish == "light"_L1)
        return true;
    if (wish == "dark"_L1)
        return false;
    return std::nullopt;
}

/// These keep a dark panel while windows are light. GNOME's fallback session does not, though it calls itself GNOME too.
bool hasAlwaysDarkPanel()
{
    static constexpr std::array kDarkPanels{"gnome"_L1, "unity"_L1, "x-cinnamon"_L1, "budgie"_L1};
    const QStringList desktops = qEnvironmentVariable("XDG_CURRENT_DESKTOP").toLower().split(u':', Qt::SkipEmptyParts);
    if (desktops.contains("gnome-flashback"_L1))
        return false;
    return std::any_of(kDarkPanels.begin(), kDarkPanels.end(), [&](QLatin1StringView name) { return desktops.contains(name); });
}

bool hasDarkPalette()
{
    const QPalette palette = QGuiApplication::palette();
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

} // namespace

IconInk panelInk()
{
    static const IconInk kLight{QColor(0xf6, 0xf6, 0xf4), QColor(0, 0, 0, 180)};
    static const IconInk kDark{QColor(0x26, 0x26, 0x28), QColor(255, 255, 255, 180)};
    return askedForLightInk().value_or(hasAlwaysDarkPanel() || hasDarkPalette()) ? kLight : kDark;
}

bool panelTakesTemplates()
{
    return false;
}

} // namespace dormouse
