// SPDX-License-Identifier: MIT
#pragma once

#include <QToolButton>

namespace dormouse {

/// A small button that puts a setting back to its default: an arrow that goes back, drawn in the ink of the palette. GUI thread.
class ResetButton : public QToolButton
{
    Q_OBJECT

public:
    explicit ResetButton(QWidget *parent = nullptr);

    /// What it resets, for those who do not see where it stands: the setting's name and its default.
    void describe(const QString &setting, const QString &defaultText);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace dormouse
