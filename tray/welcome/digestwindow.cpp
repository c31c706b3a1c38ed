// SPDX-License-Identifier: MIT
#include "tray/welcome/digestwindow.h"

#include "tray/model/notice.h"
#include "tray/welcome/windowparts.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace dormouse {
namespace {

constexpr int kWidth = 440;
constexpr int kHeight = 360;

QTreeWidget *factList(QWidget *window)
{
    auto *list = new QTreeWidget(window);
    list->setColumnCount(2);
    list->setHeaderHidden(true);
    list->setRootIsDecorated(false);
    list->setAlternatingRowColors(true);
    list->setUniformRowHeights(true);
    list->setAllColumnsShowFocus(true);
    list->setTextElideMode(Qt::ElideMiddle);
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    list->header()->setMaximumSectionSize(kWidth / 2);
    return list;
}

} // namespace

DigestWindow::DigestWindow(QWidget *parent) : QWidget(parent, Qt::Window), m_list(factList(this)), m_empty(textLabel({}, this))
{
    setWindowTitle(tr("Last Digest"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    column->addLayout(titleRow(tr("While you were away"), this));
    m_list->setAccessibleName(tr("What the last sleep brought"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setObjectName(QStringLiteral("empty"));
    column->addWidget(m_list, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(closeButton(this));
    resize(kWidth, kHeight);
    setDigest({}, {});
}

void DigestWindow::setDigest(const QJsonObject &digest, WallTime now)
{
    const auto lines = digest.isEmpty() ? decltype(digestLines(digest, now)){} : digestLines(digest, now);
    m_list->clear();
    for (const auto &[name, value] : lines) {
        auto *item = new QTreeWidgetItem(m_list, QStringList{name, value});
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(0, name);
        item->setToolTip(1, value);
        item->setData(0, Qt::AccessibleTextRole, QString(name + u": " + value));
    }
    if (m_list->topLevelItemCount() > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0), 0, QItemSelectionModel::NoUpdate); // where the arrow keys begin
    m_empty->setText(tr("Nothing to tell yet. After the first night of maintenance, what it did stands here."));
    showList(!lines.empty());
}

void DigestWindow::setProblem(const QString &text)
{
    m_list->clear();
    m_empty->setText(text);
    showList(false);
}

void DigestWindow::showList(bool visible)
{
    m_list->setVisible(visible);
    m_empty->setVisible(!visible);
}

} // namespace dormouse
