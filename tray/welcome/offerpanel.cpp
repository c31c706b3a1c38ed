// SPDX-License-Identifier: MIT
#include "tray/welcome/offerpanel.h"

#include "tray/welcome/isolated.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStyle>
#include <QTextOption>
#include <QVBoxLayout>

#include <algorithm>

namespace dormouse {
namespace {

constexpr int kPreviewLines = 8;

QLabel *wrappedLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// As high as a service needs, and no more: the window must fit on a small screen.
class TomlView final : public QPlainTextEdit
{
public:
    using QPlainTextEdit::QPlainTextEdit;

    [[nodiscard]] QSize sizeHint() const override
    {
        const int margins = 2 * (frameWidth() + static_cast<int>(document()->documentMargin()));
        return {QPlainTextEdit::sizeHint().width(), fontMetrics().lineSpacing() * kPreviewLines + margins};
    }
};

/// TOML is written from left to right in every language.
QPlainTextEdit *preview(QWidget *parent)
{
    auto *edit = new TomlView(parent);
    edit->setReadOnly(true);
    edit->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    edit->setTabChangesFocus(true);
    edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    edit->setLayoutDirection(Qt::LeftToRight);
    QTextOption option = edit->document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight);
    edit->document()->setDefaultTextOption(option);
    edit->setMinimumHeight(edit->sizeHint().height());
    return edit;
}

} // namespace

OfferPanel::OfferPanel(RootPaths paths, QWidget *parent)
    : QGroupBox(tr("A first service"), parent), m_paths(std::move(paths)), m_status(wrappedLabel(this)),
      m_service(new QComboBox(this)), m_stopIn(new QComboBox(this)), m_advice(wrappedLabel(this)), m_target(wrappedLabel(this)),
      m_preview(preview(this)), m_sign(new QLabel(this)), m_message(wrappedLabel(this)),
      m_again(new QPushButton(tr("&Look Again"), this)), m_add(new QPushButton(tr("&Add"), this))
{
    build();
    connect(m_service, &QComboBox::currentIndexChanged, this, &OfferPanel::changeOffer);
    connect(m_stopIn, &QComboBox::currentIndexChanged, this, &OfferPanel::plan);
    connect(m_again, &QPushButton::clicked, this, &OfferPanel::searchAsked);
    connect(m_add, &QPushButton::clicked, this, &OfferPanel::add);
    showSearching();
}

void OfferPanel::build()
{
    m_form = new QFormLayout;
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->addRow(tr("&Service:"), m_service);
    m_form->addRow(tr("S&top it when:"), m_stopIn);
    m_service->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_service->setAccessibleName(tr("Service"));
    m_stopIn->setAccessibleName(tr("State in which it is stopped"));
    m_preview->setAccessibleName(tr("What is added to dormouse.toml"));
    m_preview->setAccessibleDescription(m_paths.configuration());
    m_message->setObjectName(QStringLiteral("message"));
    m_status->setObjectName(QStringLiteral("status"));
    m_add->setAccessibleDescription(tr("Writes the text above to the end of dormouse.toml"));
    m_target->setText(tr("This goes to the end of %1, and nothing else there changes:").arg(isolated(m_paths.configuration())));
    m_target->setBuddy(m_preview);

    auto *told = new QHBoxLayout;
    told->addWidget(m_sign, 0, Qt::AlignTop);
    told->addWidget(m_message, 1);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_again);
    buttons->addStretch();
    buttons->addWidget(m_add);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(10);
    column->addWidget(m_status);
    column->addLayout(m_form);
    column->addWidget(m_advice);
    column->addWidget(m_target);
    column->addWidget(m_preview, 1);
    column->addLayout(told);
    column->addLayout(buttons);
}

void OfferPanel::showForm(bool visible)
{
    for (QWidget *widget : {static_cast<QWidget *>(m_service), static_cast<QWidget *>(m_stopIn)}) {
        widget->setVisible(visible);
        m_form->labelForField(widget)->setVisible(visible);
    }
    for (QWidget *widget : std::initializer_list<QWidget *>{m_advice, m_target, m_preview, m_add})
        widget->setVisible(visible);
    m_status->setVisible(!visible);
}

void OfferPanel::showSearching()
{
    // What is shown stays until there is an answer: a list that vanishes under the hand is worse than one a moment old.
    if (m_offers.empty()) {
        showForm(false);
        m_status->setText(tr("Looking what runs on this machine…"));
        showMessage({}, false);
    }
    m_again->setEnabled(false);
}

void OfferPanel::setOffers(const std::vector<ServiceOffer> &offers)
{
    const bool hadFocus = m_again->hasFocus();
    m_again->setEnabled(true);
    if (hadFocus)
        m_again->setFocus();
    const QString chosen = m_service->currentText();
    m_offers = offers;
    {
        const QSignalBlocker quiet(m_service);
        m_service->clear();
        for (const ServiceOffer &offer : m_offers)
            m_service->addItem(offerText(offer));
        m_service->setCurrentIndex(std::max(0, m_service->findText(chosen)));
    }
    showForm(!m_offers.empty());
    showMessage({}, false);
    m_status->setText(
        tr("Neither Ollama, llama-server nor the iai-mcp daemon was found here. Start one and look again, or write any other "
           "service into %1 by hand.")
            .arg(isolated(m_paths.configuration())));
    changeOffer();
}

const ServiceOffer *OfferPanel::current() const
{
    const int index = m_service->currentIndex();
    return index >= 0 && index < static_cast<int>(m_offers.size()) ? &m_offers[static_cast<std::size_t>(index)] : nullptr;
}

void OfferPanel::fillStates(const Configuration &configuration)
{
    const QSignalBlocker quiet(m_stopIn);
    const Settings &settings = configuration.settings;
    m_stopIn->clear();
    m_stopIn->addItem(tr("Drowsy – after %1 without anybody").arg(formatDuration(settings.drowsyAfter)),
                      QVariant::fromValue(State::Drowsy));
    m_stopIn->addItem(tr("Asleep – after %1").arg(formatDuration(settings.sleepAfter)), QVariant::fromValue(State::Sleep));
    m_stopIn->addItem(
        tr("Hibernating – once maintenance is done, after %1 at the latest").arg(formatDuration(settings.hibernateAfter)),
        QVariant::fromValue(State::Hibernation));
}

void OfferPanel::changeOffer()
{
    const ServiceOffer *offer = current();
    if (!offer)
        return;
    const Result<QByteArray> text = readConfigurationFile(m_paths.configuration());
    const Result<Configuration> configuration =
        text ? parseConfiguration(text.value(), m_paths.configuration()) : Configuration();
    fillStates(configuration ? configuration.value() : Configuration());
    const bool canAdd = offer->source != ServiceOffer::Source::OutOfReach;
    {
        const QSignalBlocker quiet(m_stopIn);
        m_stopIn->setCurrentIndex(m_stopIn->findData(QVariant::fromValue(offer->config.stopIn)));
    }
    m_stopIn->setEnabled(canAdd);
    m_target->setVisible(canAdd);
    m_preview->setVisible(canAdd);
    m_advice->setText(advice(*offer));
    plan();
}

void OfferPanel::plan()
{
    const ServiceOffer *offer = current();
    if (!offer)
        return;
    if (offer->source == ServiceOffer::Source::OutOfReach) {
        m_addition.reset();
        m_add->setEnabled(false);
        return showMessage({}, false);
    }
    ServiceConfig service = offer->config;
    service.stopIn = m_stopIn->currentData().value<State>();
    const Result<ServiceAddition> planned = planAddition(m_paths, service);
    m_preview->setPlainText(QString::fromUtf8(planned ? planned.value().section : serviceToml(service)));
    showPlan(planned);
}

void OfferPanel::showPlan(const Result<ServiceAddition> &planned)
{
    m_addition = planned ? std::optional(planned.value()) : std::nullopt;
    m_add->setEnabled(planned.ok());
    if (planned)
        showMessage({}, false);
    else if (planned.error().code == ErrorCode::Busy)
        showMessage(tr("This service is in dormouse.toml already."), false);
    else
        showMessage(tr("It cannot be added: %1").arg(isolated(planned.error().text())), true);
}

void OfferPanel::add()
{
    if (!m_addition)
        return;
    const Result<void> written = writeAddition(m_paths, *m_addition);
    // In place, though perhaps not for a power cut: the agent reads it all the same.
    const bool isInPlace = written.ok() || written.error().code == ErrorCode::NotDurable;
    if (!isInPlace && written.error().code == ErrorCode::Busy) {
        plan();
        return showMessage(tr("dormouse.toml was changed meanwhile. Look at the text once more, then add it."), true);
    }
    if (!isInPlace)
        return showMessage(tr("It could not be written: %1").arg(isolated(written.error().text())), true);
    m_addition.reset();
    m_add->setEnabled(false);
    showMessage(written ? tr("Added. The agent starts and stops it from now on.")
                        : tr("Added, but: %1").arg(isolated(written.error().text())),
                !written.ok());
    Q_EMIT saved();
}

void OfferPanel::showMessage(const QString &text, bool isProblem)
{
    const int side = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    const auto icon = isProblem ? QStyle::SP_MessageBoxWarning : QStyle::SP_MessageBoxInformation;
    m_sign->setPixmap(style()->standardIcon(icon, nullptr, this).pixmap(side));
    m_message->setText(text);
    m_message->setAccessibleName(text);
    m_sign->setVisible(!text.isEmpty());
    m_message->setVisible(!text.isEmpty());
}

} // namespace dormouse
