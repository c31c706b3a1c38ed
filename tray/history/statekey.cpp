// SPDX-License-Identifier: MIT
#include "tray/history/statekey.h"

#include "tray/history/strippainter.h"

#include <QPainter>

#include <algorithm>

namespace dormouse {

StateKey::StateKey(Kind kind, std::optional<State> state, QWidget *parent) : QWidget(parent), m_kind(kind), m_state(state)
{
    setFixedSize(sizeHint());
}

void StateKey::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const StripColours colours = stripColours(palette());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.card);
    painter.drawRoundedRect(rect(), 3, 3);
    if (m_kind == Kind::Suspended)
        paintHatch(painter, rect(), colours);
    else
        paintStateBar(painter, rect(), m_state, colours);
}

ShareBar::ShareBar(std::optional<State> state, QWidget *parent) : QWidget(parent), m_state(state)
{
    setMinimumSize(60, sizeHint().height());
    setFixedHeight(sizeHint().height());
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ShareBar::setPart(double part)
{
    m_part = std::clamp(part, 0.0, 1.0);
    update();
}

void ShareBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const StripColours colours = stripColours(palette());
    const double radius = height() / 2.0;
    painter.setBrush(colours.grid);
    painter.drawRoundedRect(rect(), radius, radius);
    if (m_part <= 0)
        return;
    QRectF bar(0, 0, std::max(width() * m_part, double(height())), height()); // a dot at least
    if (layoutDirection() == Qt::RightToLeft)
        bar.moveRight(width());
    painter.setBrush(colours.of(m_state));
    painter.drawRoundedRect(bar, radius, radius);
}

} // namespace dormouse
