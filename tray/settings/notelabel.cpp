// SPDX-License-Identifier: MIT
#include "tray/settings/notelabel.h"

#include "tray/settings/inks.h"

#include <QEvent>
#include <QPainter>

namespace dormouse {

namespace {

constexpr int kSignSide = 14;
constexpr int kSignGap = 5;

} // namespace

NoteLabel::NoteLabel(Kind kind, const QString &text, QWidget *parent) : QLabel(text, parent), m_kind(kind)
{
    setTextFormat(Qt::PlainText); // the agent's words may hold anything
    setWordWrap(true);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    applyDirection();
    applyInk();
}

void NoteLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ParentChange)
        applyInk();
    else if (event->type() == QEvent::LayoutDirectionChange)
        applyDirection();
}

void NoteLabel::applyInk()
{
    // From the parent's palette: ours is what is changed here.
    const QPalette around = parentWidget() != nullptr ? parentWidget()->palette() : palette();
    const QColor ink = m_kind == Kind::Fault ? errorInk(around) : mutedInk(around);
    if (palette().color(QPalette::WindowText) == ink)
        return;
    QPalette own = palette();
    own.setColor(QPalette::WindowText, ink);
    setPalette(own);
}

/// To the side where the layout begins, in whatever language the text is: the agent speaks English only.
void NoteLabel::applyDirection()
{
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    setAlignment((isMirrored ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignTop);
    if (m_kind != Kind::Fault)
        return;
    const int sign = kSignSide + kSignGap;
    setContentsMargins(isMirrored ? 0 : sign, 0, isMirrored ? sign : 0, 0);
}

void NoteLabel::paintEvent(QPaintEvent *event)
{
    QLabel::paintEvent(event);
    if (m_kind != Kind::Fault)
        return;
    const int x = layoutDirection() == Qt::RightToLeft ? width() - kSignSide : 0;
    const int y = (fontMetrics().height() - kSignSide) / 2;
    QPainter(this).drawPixmap(x, std::max(0, y),
                              warningSign(palette().color(QPalette::WindowText), kSignSide, devicePixelRatioF()));
}

} // namespace dormouse
