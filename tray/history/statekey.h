// SPDX-License-Identifier: MIT
#pragma once

#include "shared/lifecycle/lifecycle.h"

#include <QWidget>

#include <optional>

namespace dormouse {

/// The legend's sample of a state: its bar as the strip draws it, or the hatch of a suspended machine. Decoration: the words beside it say the same.
class StateKey : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { State, Suspended };
    StateKey(Kind kind, std::optional<State> state, QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override { return {22, 16}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Kind m_kind;
    std::optional<State> m_state;
};

/// A share of the whole as a bar; grows from where lines begin.
class ShareBar : public QWidget
{
    Q_OBJECT

public:
    explicit ShareBar(std::optional<State> state, QWidget *parent = nullptr);
    /// 0 to 1.
    void setPart(double part);
    [[nodiscard]] double part() const { return m_part; }
    [[nodiscard]] QSize sizeHint() const override { return {180, 10}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::optional<State> m_state;
    double m_part = 0;
};

} // namespace dormouse
