// SPDX-License-Identifier: MIT
#include "tray/history/historypage.h"

#include "tray/history/historywindow.h"
#include "tray/history/stripwidget.h"
#include "tray/history/summarypanel.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QToolButton *button(const QString &name, const QString &text, const QString &toolTip, QWidget &window)
{
    auto *made = new QToolButton(&window);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(toolTip);
    made->setFocusPolicy(Qt::StrongFocus);
    made->setMinimumHeight(made->fontMetrics().height() + 12);
    return made;
}

QString textOf(HistoryRange range)
{
    switch (range) {
    case HistoryRange::Day: return HistoryWindow::tr("&24 hours");
    case HistoryRange::Week: return HistoryWindow::tr("&7 days");
    case HistoryRange::Month: return HistoryWindow::tr("&30 days");
    }
    return {};
}

} // namespace

HistoryPage::HistoryPage(QWidget &window)
{
    auto *column = new QVBoxLayout(&window);
    column->setContentsMargins(18, 16, 18, 18);
    column->setSpacing(12);
    column->addLayout(makeBar(window));
    strip = new StripWidget(&window);
    column->addWidget(strip, 1);
    details = new QLabel(&window);
    details->setObjectName(u"details"_s);
    details->setTextFormat(Qt::PlainText);
    details->setWordWrap(true);
    details->setContentsMargins(4, 0, 4, 0);
    details->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    details->setFixedHeight(2 * details->fontMetrics().lineSpacing()); // room for a second line, so that nothing jumps
    column->addWidget(details);
    summary = new SummaryPanel(&window);
    column->addWidget(summary);
    strip->setFocus();
}

QBoxLayout *HistoryPage::makeBar(QWidget &window)
{
    auto *bar = new QHBoxLayout;
    bar->setSpacing(6);
    auto *group = new QButtonGroup(&window);
    for (std::size_t i = 0; i < rangeButtons.size(); ++i) {
        const QString key = QString::number(i + 1);
        rangeButtons[i] = button(u"range"_s + key, textOf(kAllRanges[i]), HistoryWindow::tr("Key %1").arg(key), window);
        rangeButtons[i]->setCheckable(true);
        QFont bold = rangeButtons[i]->font();
        bold.setBold(true);
        // Wide enough for the bold text of the chosen one, so that nothing moves.
        rangeButtons[i]->setMinimumWidth(QFontMetrics(bold).horizontalAdvance(textOf(kAllRanges[i])) + 20);
        group->addButton(rangeButtons[i]);
        bar->addWidget(rangeButtons[i]);
    }
    status = new QLabel(&window);
    status->setObjectName(u"status"_s);
    status->setTextFormat(Qt::PlainText);
    status->setContentsMargins(10, 0, 10, 0);
    status->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // a long path must not widen the window
    bar->addWidget(status, 1);
    imageButton = button(u"exportImage"_s, HistoryWindow::tr("Save &Picture…"),
                         HistoryWindow::tr("The strip with its legend, as PNG"), window);
    tableButton =
        button(u"exportTable"_s, HistoryWindow::tr("Save &Table…"), HistoryWindow::tr("A line for each stretch, as CSV"), window);
    for (QToolButton *exporting : {imageButton, tableButton}) {
        exporting->setEnabled(false);
        bar->addWidget(exporting);
    }
    return bar;
}

void HistoryPage::setRange(HistoryRange range)
{
    for (std::size_t i = 0; i < rangeButtons.size(); ++i) {
        const bool isChosen = kAllRanges[i] == range;
        rangeButtons[i]->setChecked(isChosen);
        // Some styles hardly tell a button that is down from one that is not.
        QFont font = rangeButtons[i]->font();
        font.setBold(isChosen);
        rangeButtons[i]->setFont(font);
    }
}

} // namespace dormouse
