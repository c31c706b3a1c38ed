// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/lifecycle/lifecycle.h"
#include "shared/storage/rootpaths.h"
#include "tray/history/historyrange.h"

#include <QWidget>

#include <memory>
#include <optional>

namespace dormouse {

/// What the machine did: a strip of the states over 24 h, 7 d or 30 d, time in each state, memory freed, wake-to-ready times. Reads the event log itself, on a worker
/// thread, so that it works without an agent. GUI thread.
class HistoryWindow : public QWidget
{
    Q_OBJECT

public:
    HistoryWindow(RootPaths paths, const Clock &clock, QWidget *parent = nullptr);
    ~HistoryWindow() override;

    /// The state now, when an agent runs: it closes the last span. Reads anew (soon, and at most once a second) when the window is visible.
    void setCurrent(std::optional<State> state);

    /// What the range buttons do. Reads anew.
    void showRange(HistoryRange range);
    /// What is on show, as a picture or as a table (CSV). Errors: those of writeAtomically(); Unavailable before the first answer of the log.
    [[nodiscard]] Result<void> exportImage(const QString &path) const;
    [[nodiscard]] Result<void> exportTable(const QString &path) const;

Q_SIGNALS:
    /// What was read last is on show.
    void shown();

protected:
    void showEvent(QShowEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
