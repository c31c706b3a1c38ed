// SPDX-License-Identifier: MIT
#pragma once

#include "tray/history/strippainter.h"

#include <QWidget>

namespace dormouse {

/// The strip of states. The mouse and the arrow keys lead from stretch to stretch; what is said of one is the tool tip, goes out as a signal, and is the
/// widget's accessible description. GUI thread.
class StripWidget : public QWidget
{
    Q_OBJECT

public:
    explicit StripWidget(QWidget *parent = nullptr);

    /// The selected stretch stays selected where the new content still has it.
    void setContent(StripContent content);
    [[nodiscard]] const StripContent &content() const { return m_content; }
    [[nodiscard]] const StripLayout &layoutOfStrip() const { return m_layout; }
    [[nodiscard]] const StripGeometry &stripGeometry() const { return m_geometry; }
    /// What is said of the stretch under the mouse, else of the selected one; else what there is to do.
    [[nodiscard]] QString details() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void detailsChanged(const QString &details);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void arrange();
    void tellDetails();
    void select(std::optional<std::size_t> segment);
    void point(std::optional<std::size_t> segment);
    [[nodiscard]] std::optional<std::size_t> afterKey(int key) const;
    [[nodiscard]] std::optional<std::size_t> segmentAt(QPoint position) const;
    [[nodiscard]] QString textOf(std::size_t segment) const;
    [[nodiscard]] QFont smallFont() const;

    StripContent m_content;
    StripLayout m_layout;
    StripGeometry m_geometry;
    std::optional<std::size_t> m_selected; ///< both are indices of segments
    std::optional<std::size_t> m_pointed;
    QString m_details;
};

} // namespace dormouse
