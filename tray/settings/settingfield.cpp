// SPDX-License-Identifier: MIT
#include "tray/settings/settingfield.h"

#include "tray/settings/inks.h"
#include "tray/settings/notelabel.h"
#include "tray/settings/resetbutton.h"

#include <QAction>
#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRadioButton>
#include <QRegularExpression>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kRowSpacing = 3;
constexpr int kDurationWidth = 15; ///< characters: "365d" and a sign, and room for what people try
constexpr int kDurationLength = 64;

QHBoxLayout *makeRow()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    return row;
}

} // namespace

QString plainName(const QString &text)
{
    static const QRegularExpression mnemonic(u"\\s*\\(&.\\)|&(?=.)|[:\\x{FF1A}]\\s*$"_s);
    return QString(text).remove(mnemonic);
}

QWidget *indentedNote(QWidget *button, QWidget *note)
{
    const bool isRadio = qobject_cast<QRadioButton *>(button) != nullptr;
    const QStyle *style = button->style();
    const int indent =
        style->pixelMetric(isRadio ? QStyle::PM_ExclusiveIndicatorWidth : QStyle::PM_IndicatorWidth, nullptr, button)
        + style->pixelMetric(isRadio ? QStyle::PM_RadioButtonLabelSpacing : QStyle::PM_CheckBoxLabelSpacing, nullptr, button);
    auto *holder = new QWidget(button->parentWidget());
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addSpacing(indent);
    row->addWidget(note, 1);
    return holder;
}

SettingField::SettingField(QString key, const QString &help, QWidget *parent)
    : QWidget(parent), m_key(std::move(key)), m_help(help), m_column(new QVBoxLayout(this)), m_reset(new ResetButton(this)),
      m_fault(new NoteLabel(NoteLabel::Kind::Fault, {}, this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(kRowSpacing);
    m_fault->hide();
    connect(m_reset, &ResetButton::clicked, this, [this] {
        input()->setFocus(Qt::OtherFocusReason); // the button will be disabled, and a keyboard must not be left nowhere
        Q_EMIT resetAsked();
    });
}

void SettingField::finish()
{
    m_column->addWidget(m_fault);
    setFault({});
}

void SettingField::setReset(bool isPossible, const QString &defaultText)
{
    m_reset->setEnabled(isPossible);
    m_reset->describe(m_resetName, defaultText);
    setPlaceholder(defaultText);
}

void SettingField::setFault(const QString &text)
{
    m_fault->setText(text);
    m_fault->setVisible(!text.isEmpty());
    mark(!text.isEmpty());
    for (QWidget *control : described())
        control->setAccessibleDescription(text.isEmpty() ? control->property("help").toString() : text);
}

QString SettingField::fault() const
{
    return m_fault->text();
}

void SettingField::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mark(!fault().isEmpty());
}

DurationField::DurationField(const QString &key, const QString &name, const QString &help, QWidget *parent)
    : SettingField(key, help, parent), m_edit(new QLineEdit(this)), m_sign(nullptr)
{
    setResetName(plainName(name));
    m_edit->setAccessibleName(plainName(name));
    m_edit->setProperty("help", help);
    m_edit->setMaxLength(kDurationLength);
    m_edit->setFixedWidth(m_edit->fontMetrics().averageCharWidth() * kDurationWidth);
    m_edit->setToolTip(key);
    auto *note = new NoteLabel(NoteLabel::Kind::Help, help, this);
    auto *row = makeRow();
    // All beside the first line of the note, however many it has.
    const int height = m_edit->sizeHint().height();
    note->setContentsMargins(0, std::max(0, (height - note->fontMetrics().height()) / 2), 0, 0);
    row->addWidget(m_edit, 0, Qt::AlignTop);
    row->addWidget(resetButton(), 0, Qt::AlignTop);
    row->addWidget(note, 1);
    column()->addLayout(row);
    setTabOrder(m_edit, resetButton());
    connect(m_edit, &QLineEdit::textEdited, this, &DurationField::edited);
    connect(m_edit, &QLineEdit::returnPressed, this, &DurationField::accepted);
    finish();
}

void DurationField::setText(const QString &text)
{
    if (m_edit->text() != text)
        m_edit->setText(text);
}

QWidget *DurationField::input() const
{
    return m_edit;
}

void DurationField::mark(bool isWrong)
{
    delete std::exchange(m_sign, nullptr);
    if (!isWrong)
        return;
    const int side = m_edit->fontMetrics().height();
    m_sign = m_edit->addAction(QIcon(warningSign(errorInk(palette()), side, devicePixelRatioF())), QLineEdit::TrailingPosition);
}

void DurationField::setPlaceholder(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

FlagField::FlagField(const QString &key, const QString &name, const QString &help, QWidget *parent)
    : SettingField(key, help, parent), m_box(new QCheckBox(name, this))
{
    setResetName(plainName(name));
    m_box->setProperty("help", help);
    m_box->setToolTip(key);
    auto *row = makeRow();
    row->addWidget(m_box);
    row->addStretch(1);
    row->addWidget(resetButton());
    column()->addLayout(row);
    column()->addWidget(indentedNote(m_box, new NoteLabel(NoteLabel::Kind::Help, help, this)));
    setTabOrder(m_box, resetButton());
    connect(m_box, &QCheckBox::clicked, this, [this](bool isOn) { Q_EMIT edited(isOn ? u"true"_s : u"false"_s); });
    finish();
}

void FlagField::setText(const QString &text)
{
    m_box->setChecked(text == "true"_L1);
}

QWidget *FlagField::input() const
{
    return m_box;
}

ChoiceField::ChoiceField(const QString &key, const QString &name, const std::vector<Option> &options, QWidget *parent)
    : SettingField(key, {}, parent), m_options(options)
{
    setResetName(plainName(name));
    for (const Option &option : options) {
        auto *button = new QRadioButton(option.name, this);
        button->setProperty("help", option.help);
        button->setToolTip(key);
        auto *row = makeRow();
        row->addWidget(button);
        row->addStretch(1);
        if (m_buttons.empty())
            row->addWidget(resetButton());
        column()->addLayout(row);
        column()->addWidget(indentedNote(button, new NoteLabel(NoteLabel::Kind::Help, option.help, this)));
        connect(button, &QRadioButton::clicked, this, [this, word = option.word] { Q_EMIT edited(word); });
        m_buttons.push_back(button);
    }
    for (std::size_t i = 1; i < m_buttons.size(); ++i)
        setTabOrder(m_buttons[i - 1], m_buttons[i]);
    setTabOrder(m_buttons.back(), resetButton());
    finish();
}

void ChoiceField::setText(const QString &text)
{
    for (QRadioButton *button : m_buttons)
        button->setAutoExclusive(false); // so that a wrong word leaves all of them off
    for (std::size_t i = 0; i < m_buttons.size(); ++i)
        m_buttons[i]->setChecked(m_options[i].word == text);
    for (QRadioButton *button : m_buttons)
        button->setAutoExclusive(true);
    // Tab reaches one of them, arrows the others. Qt sees to that as buttons are clicked, not as they are set.
    for (QRadioButton *button : m_buttons)
        button->setFocusPolicy(button == input() ? Qt::StrongFocus : Qt::ClickFocus);
}

QWidget *ChoiceField::input() const
{
    for (QRadioButton *button : m_buttons) {
        if (button->isChecked())
            return button;
    }
    return m_buttons.front();
}

std::vector<QWidget *> ChoiceField::described() const
{
    return {m_buttons.begin(), m_buttons.end()};
}

} // namespace dormouse
