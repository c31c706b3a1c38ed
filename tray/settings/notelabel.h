// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

namespace dormouse {

/// A line of explanation under a control, or what is wrong with it. Plain text, broken into lines; its ink follows the palette. GUI thread.
class NoteLabel : public QLabel
{
    Q_OBJECT

public:
    enum class Kind { Help, Fault };
    NoteLabel(Kind kind, const QString &text, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void applyInk();
    void applyDirection();

    Kind m_kind;
};

} // namespace dormouse
