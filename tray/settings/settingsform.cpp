// SPDX-License-Identifier: MIT
#include "tray/settings/settingsform.h"

#include "tray/settings/notelabel.h"
#include "tray/settings/settingfield.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QStyleOptionToolButton>
#include <QStylePainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kGroupSpacing = 14;
constexpr int kFieldSpacing = 10;

/// Opens and closes what is below it. Its arrow tells which; it does not stay pressed.
class FoldButton : public QToolButton
{
public:
    using QToolButton::QToolButton;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QStylePainter painter(this);
        QStyleOptionToolButton option;
        initStyleOption(&option);
        option.state &= ~QStyle::State_On;
        if (!option.state.testFlag(QStyle::State_MouseOver) && !isDown())
            option.state &= ~QStyle::State_Raised;
        painter.drawComplexControl(QStyle::CC_ToolButton, option);
    }
};

QFormLayout *makeForm()
{
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    form->setLabelAlignment(Qt::AlignLeading | Qt::AlignTop);
    form->setVerticalSpacing(kFieldSpacing);
    return form;
}

/// Beside the first line of the field, however many lines there are below it.
void addRow(QFormLayout *form, const QString &name, DurationField *field)
{
    auto *label = new QLabel(name);
    label->setBuddy(field->input());
    label->setFixedHeight(field->input()->sizeHint().height());
    form->addRow(label, field);
}

} // namespace

SettingsForm::SettingsForm(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this))
{
    m_column->setSpacing(kGroupSpacing);
    addTimers();
    addPresence();
    addMaintenance();
    addLogin();
    addAdvanced();
    m_column->addStretch(1);
}

QVBoxLayout *SettingsForm::addGroup(const QString &title)
{
    auto *group = new QGroupBox(title, this);
    auto *column = new QVBoxLayout(group);
    column->setSpacing(kFieldSpacing);
    m_column->addWidget(group);
    m_groups.push_back(group);
    return column;
}

void SettingsForm::addField(SettingField *field)
{
    m_fields.push_back(field);
}

void SettingsForm::addTimers()
{
    QVBoxLayout *group = addGroup(tr("When nobody is there"));
    group->addWidget(new NoteLabel(
        NoteLabel::Kind::Help,
        tr("Counted from the moment the last client was gone. A number means seconds; 90s, 5m, 2h and 1d are understood, too."),
        this));
    QFormLayout *form = makeForm();
    const auto add = [&](const QString &key, const QString &name, const QString &help) {
        auto *field = new DurationField(key, name, help, this);
        addRow(form, name, field);
        addField(field);
    };
    add(u"timers.drowsy_after"_s, tr("&Drowsy after:"), tr("Everything still runs, ready at once"));
    add(u"timers.sleep_after"_s, tr("S&leep after:"), tr("Maintenance may run"));
    add(u"timers.hibernate_after"_s, tr("&Hibernate after:"), tr("Services are stopped, their memory is free"));
    group->addLayout(form);
}

void SettingsForm::addPresence()
{
    QVBoxLayout *group = addGroup(tr("Who keeps it awake"));
    const std::vector<ChoiceField::Option> options{
        {u"attached"_s, tr("Every &open client"), tr("A client that is open counts, even when nobody uses it.")},
        {u"active"_s, tr("Only clients in &use"),
         tr("A client counts while it was last used within the time of “Drowsy after”.")},
    };
    auto *presence = new ChoiceField(u"lifecycle.presence"_s, tr("who keeps it awake"), options, this);
    auto *leaked = new FlagField(u"lifecycle.ignore_leaked"_s, tr("&Ignore clients that were left behind"),
                                 tr("Clients whose own program is gone keep nothing awake."), this);
    for (SettingField *field : {static_cast<SettingField *>(presence), static_cast<SettingField *>(leaked)}) {
        group->addWidget(field);
        addField(field);
    }
}

void SettingsForm::addMaintenance()
{
    QVBoxLayout *group = addGroup(tr("When it may sleep"));
    auto *idle = new FlagField(u"sleep.require_user_idle"_s, tr("Only while &nobody is at the machine"),
                               tr("Sleep waits until keyboard, mouse or display say so."), this);
    auto *power = new FlagField(u"sleep.require_ac"_s, tr("Maintenance waits for the &power plug"),
                                tr("On battery it waits, a day at most."), this);
    for (FlagField *field : {idle, power}) {
        group->addWidget(field);
        addField(field);
    }
}

void SettingsForm::addLogin()
{
    QVBoxLayout *group = addGroup(tr("This icon"));
    m_groups.pop_back(); // it does not stand in the file
    m_login = new QCheckBox(tr("Start a&t login"), this);
    m_loginNote = new NoteLabel(NoteLabel::Kind::Help, {}, this);
    m_loginFault = new NoteLabel(NoteLabel::Kind::Fault, {}, this);
    m_loginFault->hide();
    auto *column = new QVBoxLayout;
    column->setSpacing(3);
    column->addWidget(m_login);
    column->addWidget(indentedNote(m_login, m_loginNote));
    column->addWidget(m_loginFault);
    group->addLayout(column);
    connect(m_login, &QCheckBox::clicked, this, &SettingsForm::loginEdited);
}

void SettingsForm::addAdvanced()
{
    m_fold = new FoldButton(this);
    m_fold->setText(tr("&Advanced"));
    m_fold->setCheckable(true);
    m_fold->setAutoRaise(true);
    m_fold->setFocusPolicy(Qt::StrongFocus);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_column->addWidget(m_fold, 0, Qt::AlignLeading);

    QVBoxLayout *group = addGroup({});
    m_advanced = m_groups.back();
    m_advanced->setAccessibleName(plainName(m_fold->text()));
    QFormLayout *form = makeForm();
    const auto add = [&](const QString &key, const QString &name, const QString &help) {
        auto *field = new DurationField(key, name, help, this);
        addRow(form, name, field);
        addField(field);
    };
    add(u"timers.stale_after"_s, tr("Client is &gone after:"), tr("Without a sign of life for so long, it no longer counts"));
    add(u"timers.tick"_s, tr("Loo&k every:"), tr("How often the agent looks by itself; a minute at most"));
    group->addLayout(form);

    const auto fold = [this](bool isOpen) {
        const Qt::ArrowType closed = isRightToLeft() ? Qt::LeftArrow : Qt::RightArrow;
        m_fold->setArrowType(isOpen ? Qt::DownArrow : closed);
        m_advanced->setVisible(isOpen);
        if (isOpen)
            Q_EMIT unfolded(m_advanced);
    };
    connect(m_fold, &QToolButton::toggled, this, fold);
    fold(false);
}

void SettingsForm::setFieldsEnabled(bool isEnabled)
{
    for (QWidget *group : m_groups)
        group->setEnabled(isEnabled);
}

void SettingsForm::showFaults()
{
    const bool isWrong = std::any_of(m_fields.begin(), m_fields.end(), [this](const SettingField *field) {
        return m_advanced->isAncestorOf(field) && !field->fault().isEmpty();
    });
    if (isWrong)
        m_fold->setChecked(true);
}

void SettingsForm::setLogin(std::optional<bool> isOn)
{
    m_login->setEnabled(isOn.has_value());
    m_login->setChecked(isOn.value_or(false));
    const QString help = isOn ? tr("The icon is there when you log in.") : tr("This cannot be set on this desktop.");
    m_loginNote->setText(help);
    m_login->setAccessibleDescription(help);
}

void SettingsForm::setLoginFault(const QString &text)
{
    m_loginFault->setText(text);
    m_loginFault->setVisible(!text.isEmpty());
    m_login->setAccessibleDescription(text.isEmpty() ? m_loginNote->text() : text);
}

bool SettingsForm::isLoginOn() const
{
    return m_login->isChecked();
}

} // namespace dormouse
