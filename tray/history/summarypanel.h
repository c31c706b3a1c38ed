// SPDX-License-Identifier: MIT
#pragma once

#include "tray/history/historysummary.h"

#include <QWidget>

#include <array>

class QLabel;

namespace dormouse {

class ShareBar;

/// The legend of the strip and its sums: time in each state, memory saved, wakes, wake-to-ready. GUI thread.
class SummaryPanel : public QWidget
{
    Q_OBJECT

public:
    explicit SummaryPanel(QWidget *parent = nullptr);
    void setSummary(const HistorySummary &summary);

private:
    struct Row {
        ShareBar *bar = nullptr;
        QLabel *time = nullptr;
        QLabel *percent = nullptr;
    };
    struct Fact {
        QLabel *value = nullptr;
        QLabel *caption = nullptr;
    };
    QWidget *makeTable();
    QWidget *makeFacts();
    Fact makeFact(const QString &name);

    std::array<Row, kStatesAndOff.size()> m_rows;
    Fact m_saved;
    Fact m_wakes;
    Fact m_ready;
};

} // namespace dormouse
