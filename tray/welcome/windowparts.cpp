// SPDX-License-Identifier: MIT
#include "tray/welcome/windowparts.h"

#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QIcon>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>

namespace dormouse {
namespace {

constexpr int kIconSide = 56;
constexpr qreal kTitleScale = 1.6;

} // namespace

QHBoxLayout *titleRow(const QString &title, QWidget *window)
{
    auto *row = new QHBoxLayout;
    const QIcon icon = QGuiApplication::windowIcon();
    if (!icon.isNull()) {
        auto *picture = new QLabel(window);
        picture->setPixmap(icon.pixmap(QSize(kIconSide, kIconSide), window->devicePixelRatioF()));
        row->addWidget(picture);
        row->addSpacing(8);
    }
    auto *label = new QLabel(title, window);
    label->setTextFormat(Qt::PlainText);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * kTitleScale);
    font.setBold(true);
    label->setFont(font);
    row->addWidget(label, 1);
    return row;
}

QLabel *textLabel(const QString &text, QWidget *window)
{
    auto *label = new QLabel(text, window);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QDialogButtonBox *closeButton(QWidget *window)
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, window);
    QObject::connect(buttons, &QDialogButtonBox::rejected, window, &QWidget::close);
    QObject::connect(new QShortcut(QKeySequence::Cancel, window), &QShortcut::activated, window, &QWidget::close);
    return buttons;
}

} // namespace dormouse
