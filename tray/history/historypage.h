// SPDX-License-Identifier: MIT
#pragma once

#include "tray/history/historyrange.h"

#include <array>

class QBoxLayout;
class QLabel;
class QToolButton;
class QWidget;

namespace dormouse {

class StripWidget;
class SummaryPanel;

/// The controls of the history window, laid out; the window owns them.
struct HistoryPage {
    explicit HistoryPage(QWidget &window);
    void setRange(HistoryRange range);

    std::array<QToolButton *, kAllRanges.size()> rangeButtons{};
    QLabel *status = nullptr;
    QToolButton *imageButton = nullptr;
    QToolButton *tableButton = nullptr;
    StripWidget *strip = nullptr;
    QLabel *details = nullptr;
    SummaryPanel *summary = nullptr;

private:
    QBoxLayout *makeBar(QWidget &window);
};

} // namespace dormouse
