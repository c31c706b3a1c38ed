// SPDX-License-Identifier: MIT
#include "tray/history/summarypanel.h"

#include "tray/history/historytext.h"
#include "tray/history/statekey.h"

#include <QGridLayout>
#include <QLabel>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QFont scaled(QFont font, double factor, bool isBold)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    font.setBold(isBold);
    return font;
}

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setFont(scaled(label->font(), 1.0, true));
    return label;
}

QString pointedName(std::optional<State> state)
{
    return state ? QString(toString(*state)) : u"not_running"_s;
}

} // namespace

SummaryPanel::SummaryPanel(QWidget *parent) : QWidget(parent)
{
    auto *sides = new QHBoxLayout(this);
    sides->setContentsMargins(4, 0, 4, 0);
    sides->setSpacing(48);
    sides->addWidget(makeTable(), 3);
    sides->addWidget(makeFacts(), 2);
}

QWidget *SummaryPanel::makeTable()
{
    auto *table = new QWidget(this);
    auto *grid = new QGridLayout(table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(7);
    grid->addWidget(heading(tr("Time in each state"), table), 0, 0, 1, 5);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const std::optional<State> state = kStatesAndOff[i];
        Row &row = m_rows[i];
        row.bar = new ShareBar(state, table);
        row.time = new QLabel(table);
        row.percent = new QLabel(table);
        row.time->setObjectName(u"time_"_s + pointedName(state));
        row.percent->setObjectName(u"percent_"_s + pointedName(state));
        for (QLabel *label : {row.time, row.percent})
            label->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
        const int line = static_cast<int>(i) + 1;
        grid->addWidget(new StateKey(StateKey::Kind::State, state, table), line, 0);
        grid->addWidget(new QLabel(historytext::stateName(state), table), line, 1);
        grid->addWidget(row.bar, line, 2);
        grid->addWidget(row.time, line, 3);
        grid->addWidget(row.percent, line, 4);
    }
    const int last = static_cast<int>(m_rows.size()) + 1;
    grid->addWidget(new StateKey(StateKey::Kind::Suspended, std::nullopt, table), last, 0);
    grid->addWidget(new QLabel(tr("Machine suspended (the state goes on through it)"), table), last, 1, 1, 4);
    grid->setColumnStretch(2, 1);
    return table;
}

SummaryPanel::Fact SummaryPanel::makeFact(const QString &name)
{
    Fact fact{new QLabel(this), new QLabel(this)};
    fact.value->setObjectName(name);
    fact.value->setFont(scaled(fact.value->font(), 1.7, false));
    fact.caption->setObjectName(name + u"_caption");
    fact.caption->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    return fact;
}

QWidget *SummaryPanel::makeFacts()
{
    auto *facts = new QWidget(this);
    auto *grid = new QGridLayout(facts);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(32);
    grid->setVerticalSpacing(2);
    m_saved = makeFact(u"saved"_s);
    m_wakes = makeFact(u"wakes"_s);
    m_ready = makeFact(u"ready"_s);
    grid->addWidget(heading(tr("Memory freed"), facts), 0, 0);
    grid->addWidget(heading(tr("Wakes"), facts), 0, 1);
    grid->addWidget(m_saved.value, 1, 0);
    grid->addWidget(m_wakes.value, 1, 1);
    grid->addWidget(m_saved.caption, 2, 0);
    grid->addWidget(m_wakes.caption, 2, 1);
    grid->setRowMinimumHeight(3, 12);
    grid->addWidget(heading(tr("Wake to ready"), facts), 4, 0, 1, 2);
    grid->addWidget(m_ready.value, 5, 0, 1, 2);
    grid->addWidget(m_ready.caption, 6, 0, 1, 2);
    grid->setRowStretch(7, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    return facts;
}

void SummaryPanel::setSummary(const HistorySummary &summary)
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const StateShare &share = summary.shares[i];
        const QString time = historytext::duration(share.time);
        const QString percent = historytext::percent(share.part);
        m_rows[i].bar->setPart(share.part);
        m_rows[i].bar->setAccessibleName(tr("%1: %2", "state, percent").arg(historytext::stateName(share.state), percent));
        m_rows[i].time->setText(share.time > Millis(0) ? time : u"–"_s);
        m_rows[i].percent->setText(share.time > Millis(0) ? percent : u"–"_s);
    }
    m_saved.value->setText(historytext::saved(summary.savedGigabyteHours));
    m_saved.caption->setText(tr("gigabytes × hours"));
    m_wakes.value->setText(QLocale().toString(summary.wakes));
    m_wakes.caption->setText(tr("from drowsy or deeper", "caption below the number of wakes"));
    m_ready.value->setText(historytext::ready(summary));
    m_ready.caption->setText(historytext::readyNote(summary));
}

} // namespace dormouse
