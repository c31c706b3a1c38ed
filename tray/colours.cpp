// SPDX-License-Identifier: MIT
#include "tray/colours.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QPalette darkPalette()
{
    const QColor window(0x23, 0x24, 0x28);
    const QColor base(0x33, 0x35, 0x3b); // lighter than the window: Fusion outlines what can be filled in by its darkness
    const QColor text(0xec, 0xec, 0xee);
    const QColor faint(0x8a, 0x8c, 0x93);
    QPalette palette(text, QColor(0x33, 0x35, 0x3b), QColor(0x4a, 0x4d, 0x55), QColor(0x14, 0x15, 0x17), QColor(0x2b, 0x2d, 0x32),
                     text, Qt::white, base, window);
    palette.setColor(QPalette::AlternateBase, QColor(0x27, 0x28, 0x2d));
    palette.setColor(QPalette::ToolTipBase, QColor(0x33, 0x35, 0x3b));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, faint);
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6f, 0xb8));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x7f, 0xb4, 0xf0));
    for (const QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faint);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(0x3a, 0x3c, 0x42));
    return palette;
}

} // namespace

void applyColourScheme(ColourScheme scheme)
{
    if (scheme == ColourScheme::Auto)
        return;
    QStyle *style = QStyleFactory::create(u"Fusion"_s);
    const QPalette light = style->standardPalette();
    QApplication::setStyle(style);
    QApplication::setPalette(scheme == ColourScheme::Dark ? darkPalette() : light);
}

} // namespace dormouse
