// SPDX-License-Identifier: MIT
#include "tray/settings/banner.h"

#include "tray/settings/inks.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace dormouse {

namespace {

constexpr int kSignSide = 18;
constexpr double kRadius = 6;

} // namespace

Banner::Banner(QWidget *parent) : QFrame(parent), m_sign(new QLabel(this)), m_text(new QLabel(this)), m_choices(new QHBoxLayout)
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    m_text->setSizePolicy(policy);

    auto *body = new QVBoxLayout;
    body->setSpacing(8);
    body->addWidget(m_text);
    body->addLayout(m_choices);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(10);
    row->addWidget(m_sign, 0, Qt::AlignTop);
    row->addLayout(body, 1);
    hide();
}

void Banner::say(Kind kind, const QString &text, const std::vector<Choice> &choices)
{
    m_kind = kind;
    while (QLayoutItem *item = m_choices->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // it may be the one that was just clicked
        }
        delete item;
    }
    m_text->setText(text);
    setAccessibleName(text);
    for (const Choice &choice : choices) {
        auto *button = new QPushButton(choice.text, this);
        connect(button, &QPushButton::clicked, this, choice.chosen);
        m_choices->addWidget(button);
    }
    if (!choices.empty())
        m_choices->addStretch(1);
    applyInk();
    setVisible(!text.isEmpty());
    if (!text.isEmpty()) {
        QAccessibleEvent event(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&event);
    }
}

QString Banner::text() const
{
    return m_text->text();
}

QColor Banner::accent() const
{
    return m_kind == Kind::Fault ? errorInk(palette()) : palette().color(QPalette::Highlight);
}

void Banner::applyInk()
{
    m_sign->setVisible(m_kind == Kind::Fault);
    m_text->setAlignment((isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignVCenter);
    m_sign->setPixmap(warningSign(accent(), kSignSide, devicePixelRatioF()));
    update();
}

void Banner::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::LayoutDirectionChange)
        applyInk();
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor window = palette().color(QPalette::Window);
    painter.setPen(QPen(blended(accent(), window, 0.55), 1));
    painter.setBrush(blended(accent(), window, 0.10));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
}

} // namespace dormouse
