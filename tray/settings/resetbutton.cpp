// SPDX-License-Identifier: MIT
#include "tray/settings/resetbutton.h"

#include <QPainterPath>
#include <QStyleOptionToolButton>
#include <QStylePainter>

namespace dormouse {

ResetButton::ResetButton(QWidget *parent) : QToolButton(parent)
{
    setAutoRaise(true);
    setFocusPolicy(Qt::StrongFocus); // by Tab, too
}

void ResetButton::describe(const QString &setting, const QString &defaultText)
{
    setAccessibleName(tr("Reset %1 to its default").arg(setting));
    setToolTip(tr("Back to the default: %1").arg(defaultText));
}

QSize ResetButton::sizeHint() const
{
    const int side = fontMetrics().height() + 8;
    return {side, side};
}

void ResetButton::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ToolButton, option);
    if (hasFocus()) { // some styles draw none on a button without a frame
        QStyleOptionFocusRect focus;
        focus.initFrom(this);
        focus.rect = rect().adjusted(2, 2, -2, -2);
        painter.drawPrimitive(QStyle::PE_FrameFocusRect, focus);
    }

    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(QRectF(rect()).center());
    const double scale = fontMetrics().height() / 16.0;
    // It goes back to where the line begins.
    painter.scale(layoutDirection() == Qt::RightToLeft ? -scale : scale, scale);
    const QColor ink = palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::ButtonText);
    painter.setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    QPainterPath arrow;
    arrow.arcMoveTo(QRectF(-5, -5, 10, 10), 150);
    arrow.arcTo(QRectF(-5, -5, 10, 10), 150, -290);
    const QPointF tip(-4.33, -2.5);
    arrow.moveTo(tip + QPointF(-0.9, -3.3));
    arrow.lineTo(tip);
    arrow.lineTo(tip + QPointF(3.4, 0.1));
    painter.drawPath(arrow);
}

} // namespace dormouse
