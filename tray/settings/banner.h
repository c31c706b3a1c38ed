// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QString>

#include <functional>
#include <vector>

QT_BEGIN_NAMESPACE
class QHBoxLayout;
class QLabel;
QT_END_NAMESPACE

namespace dormouse {

/// A message across the top of a window, with what can be done about it. Hidden until there is one; read out by screen readers as it comes. GUI thread.
class Banner : public QFrame
{
    Q_OBJECT

public:
    enum class Kind { Information, Fault };
    struct Choice {
        QString text; ///< with a mnemonic
        std::function<void()> chosen;
    };

    explicit Banner(QWidget *parent = nullptr);

    void say(Kind kind, const QString &text, const std::vector<Choice> &choices = {});
    [[nodiscard]] QString text() const;
    [[nodiscard]] Kind kind() const { return m_kind; }

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void applyInk();
    [[nodiscard]] QColor accent() const;

    Kind m_kind = Kind::Information;
    QLabel *m_sign;
    QLabel *m_text;
    QHBoxLayout *m_choices;
};

} // namespace dormouse
