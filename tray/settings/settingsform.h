// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace dormouse {

class NoteLabel;
class SettingField;

/// Every control of the settings, laid out in groups. GUI thread.
class SettingsForm : public QWidget
{
    Q_OBJECT

public:
    explicit SettingsForm(QWidget *parent = nullptr);

    [[nodiscard]] const std::vector<SettingField *> &fields() const { return m_fields; }
    /// Of dormouse.toml only: start at login has nothing to do with it.
    void setFieldsEnabled(bool isEnabled);
    /// Opens what is folded away when something in it is wrong.
    void showFaults();

    /// Nothing: it cannot be told here.
    void setLogin(std::optional<bool> isOn);
    void setLoginFault(const QString &text);
    [[nodiscard]] bool isLoginOn() const;

Q_SIGNALS:
    void loginEdited();
    /// More was unfolded than there may be room for.
    void unfolded(QWidget *what);

private:
    void addTimers();
    void addPresence();
    void addMaintenance();
    void addLogin();
    void addAdvanced();
    QVBoxLayout *addGroup(const QString &title);
    void addField(SettingField *field);

    QVBoxLayout *m_column;
    std::vector<SettingField *> m_fields;
    std::vector<QWidget *> m_groups; ///< that hold fields
    QCheckBox *m_login = nullptr;
    NoteLabel *m_loginNote = nullptr;
    NoteLabel *m_loginFault = nullptr;
    QToolButton *m_fold = nullptr;
    QWidget *m_advanced = nullptr;
};

} // namespace dormouse
