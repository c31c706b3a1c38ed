// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

QT_BEGIN_NAMESPACE
class QAction;
class QCheckBox;
class QLineEdit;
class QRadioButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace dormouse {

class NoteLabel;
class ResetButton;

/// The controls of one key of dormouse.toml, and under them what is wrong with it. Knows texts, not their meaning. GUI thread.
class SettingField : public QWidget
{
    Q_OBJECT

public:
    SettingField(QString key, const QString &help, QWidget *parent);

    [[nodiscard]] const QString &key() const { return m_key; }
    /// Shows a value as the file spells it.
    virtual void setText(const QString &text) = 0;
    /// Whether there is something to reset, and to what.
    void setReset(bool isPossible, const QString &defaultText);
    /// What is wrong, in the agent's words; empty: nothing.
    void setFault(const QString &text);
    [[nodiscard]] QString fault() const;
    /// What a label of the field belongs to.
    [[nodiscard]] virtual QWidget *input() const = 0;

Q_SIGNALS:
    void edited(const QString &text);
    void resetAsked();
    /// The user is done with everything (Return).
    void accepted();

protected:
    /// The control's own way to show that it is wrong.
    virtual void mark(bool isWrong) { Q_UNUSED(isWrong) }
    virtual void setPlaceholder(const QString &text) { Q_UNUSED(text) }
    /// What assistive technology reads out after the name of each control: the help, or what is wrong.
    virtual std::vector<QWidget *> described() const { return {input()}; }
    void changeEvent(QEvent *event) override;

    [[nodiscard]] ResetButton *resetButton() { return m_reset; }
    [[nodiscard]] QVBoxLayout *column() { return m_column; }
    void setResetName(const QString &name) { m_resetName = name; }
    [[nodiscard]] const QString &help() const { return m_help; }
    /// To be called once the controls are there.
    void finish();

private:
    QString m_key;
    QString m_help;
    QString m_resetName;
    QVBoxLayout *m_column;
    ResetButton *m_reset;
    NoteLabel *m_fault;
};

/// A duration as text: "300", "5m", "2h".
class DurationField : public SettingField
{
    Q_OBJECT

public:
    /// `name` is its label, with a mnemonic, which a form shows beside it.
    DurationField(const QString &key, const QString &name, const QString &help, QWidget *parent);
    void setText(const QString &text) override;
    [[nodiscard]] QWidget *input() const override;

protected:
    void mark(bool isWrong) override;
    void setPlaceholder(const QString &text) override;

private:
    QLineEdit *m_edit;
    QAction *m_sign;
};

/// True or false.
class FlagField : public SettingField
{
    Q_OBJECT

public:
    FlagField(const QString &key, const QString &name, const QString &help, QWidget *parent);
    void setText(const QString &text) override;
    [[nodiscard]] QWidget *input() const override;

private:
    QCheckBox *m_box;
};

/// One of a few words, each with what it means.
class ChoiceField : public SettingField
{
    Q_OBJECT

public:
    struct Option {
        QString word; ///< in the file
        QString name; ///< with a mnemonic
        QString help;
    };
    ChoiceField(const QString &key, const QString &name, const std::vector<Option> &options, QWidget *parent);
    void setText(const QString &text) override;
    [[nodiscard]] QWidget *input() const override;

protected:
    [[nodiscard]] std::vector<QWidget *> described() const override;

private:
    std::vector<Option> m_options;
    std::vector<QRadioButton *> m_buttons;
};

/// `text` without its mnemonic and its colon, for a sentence or a screen reader.
[[nodiscard]] QString plainName(const QString &text);

/// A help line that begins where the text of a check box or radio button begins.
[[nodiscard]] QWidget *indentedNote(QWidget *button, QWidget *note);

} // namespace dormouse
