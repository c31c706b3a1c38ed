// SPDX-License-Identifier: MIT
#include "tray/item/panelhabits.h"

#include "tray/item/iconrenderer.h"

namespace dormouse {

IconInk panelInk()
{
    return {QColor(Qt::black), QColor(Qt::transparent)};
}

bool panelTakesTemplates()
{
    return true;
}

} // namespace dormouse
