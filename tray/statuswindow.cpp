// SPDX-License-Identifier: MIT
#include "tray/statuswindow.h"

#include "tray/item/iconrenderer.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>

namespace dormouse {
namespace {

constexpr int kIconSide = 64;
constexpr int kTextWidth = 420;

using Verb = TrayCommand::Verb;

const MenuEntry *entryOf(const std::vector<MenuEntry> &entries, Verb verb)
{
    const auto found = std::ranges::find_if(entries, [verb](const MenuEntry &entry) { return entry.command.verb == verb; });
    return found == entries.end() ? nullptr : &*found;
}

QLabel *plain(QLabel *label)
{
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

/// As the menu's entry: its text, whether it can be chosen, and why not.
void follow(QPushButton &button, const std::vector<MenuEntry> &entries, Verb verb)
{
    const MenuEntry *entry = entryOf(entries, verb);
    button.setVisible(entry != nullptr);
    if (!entry)
        return;
    button.setText(entry->text);
    button.setEnabled(entry->isEnabled);
    button.setToolTip(entry->hint);
    button.setAccessibleDescription(entry->hint);
}

} // namespace

StatusWindow::StatusWindow(QMenu *menu, QWidget *parent) : QWidget(parent)
{
    setWindowTitle(tr("Dormouse"));
    m_icon.setFixedSize(kIconSide, kIconSide);
    QFont heading = m_state.font();
    heading.setPointSizeF(heading.pointSizeF() * 1.5);
    heading.setBold(true);
    m_state.setFont(heading);
    m_more.setText(tr("&Menu"));
    m_more.setMenu(menu);

    auto *texts = new QVBoxLayout;
    texts->setSpacing(4);
    for (QLabel *label : {&m_state, &m_details, &m_why}) {
        plain(label)->setFixedWidth(kTextWidth);
        texts->addWidget(label);
    }
    auto *top = new QHBoxLayout;
    top->setSpacing(16);
    top->addWidget(&m_icon, 0, Qt::AlignTop);
    top->addLayout(texts, 1);
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : {&m_wake, &m_sleep, &m_history}) {
        buttons->addWidget(button);
        const Verb verb = button == &m_wake ? Verb::WakeNow : button == &m_sleep ? Verb::SleepNow : Verb::ShowHistory;
        connect(button, &QPushButton::clicked, this, [this, verb] { Q_EMIT chosen(TrayCommand{verb, {}, {}, 0}); });
    }
    buttons->addStretch();
    buttons->addWidget(&m_more);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(20);
    layout->setSizeConstraint(QLayout::SetFixedSize); // it grows with its texts
    layout->addLayout(top);
    layout->addLayout(buttons);
    m_wake.setDefault(true);
}

void StatusWindow::show(const TrayView &view, bool isConnected)
{
    m_look = view.icon;
    paintIcon();
    const qsizetype split = view.headline.indexOf(QStringLiteral(" · "));
    m_state.setText(split < 0 ? view.headline : view.headline.left(split));
    m_details.setText(split < 0 ? QString() : view.headline.mid(split + 3));
    m_details.setVisible(split >= 0);
    const qsizetype line = view.toolTip.indexOf(u'\n');
    m_why.setText(line < 0 ? QString() : view.toolTip.mid(line + 1));
    m_why.setVisible(line >= 0);
    follow(m_wake, view.menu, Verb::WakeNow);
    follow(m_sleep, view.menu, Verb::SleepNow);
    follow(m_history, view.menu, Verb::ShowHistory);
    m_icon.setAccessibleName(isConnected ? m_state.text() : tr("No agent"));
}

void StatusWindow::openMenu()
{
    m_more.setFocus();
    m_more.showMenu();
}

void StatusWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QWidget::keyPressEvent(event);
}

void StatusWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paintIcon();
    QWidget::changeEvent(event);
}

void StatusWindow::paintIcon()
{
    const qreal ratio = devicePixelRatioF();
    QImage image = renderIcon(m_look, qRound(kIconSide * ratio), {palette().color(QPalette::WindowText), Qt::transparent});
    image.setDevicePixelRatio(ratio);
    m_icon.setPixmap(QPixmap::fromImage(image));
}

} // namespace dormouse
