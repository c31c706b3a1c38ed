// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"
#include "tray/welcome/serviceaddition.h"
#include "tray/welcome/serviceoffer.h"

#include <QGroupBox>

#include <optional>

QT_BEGIN_NAMESPACE
class QComboBox;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
QT_END_NAMESPACE

namespace dormouse {

/// The part of the first-start window that adds a service: a choice, the exact text that would be written, and the button that writes it. GUI thread.
class OfferPanel : public QGroupBox
{
    Q_OBJECT

public:
    explicit OfferPanel(RootPaths paths, QWidget *parent = nullptr);

    /// The machine is being looked at.
    void showSearching();
    void setOffers(const std::vector<ServiceOffer> &offers);

Q_SIGNALS:
    /// dormouse.toml was written.
    void saved();
    void searchAsked();

private:
    void build();
    void changeOffer();
    void plan();
    void add();
    void showForm(bool visible);
    void showPlan(const Result<ServiceAddition> &plan);
    void showMessage(const QString &text, bool isProblem);
    void fillStates(const Configuration &configuration);
    [[nodiscard]] const ServiceOffer *current() const;
    [[nodiscard]] QString offerText(const ServiceOffer &offer) const;
    [[nodiscard]] QString advice(const ServiceOffer &offer) const;

    RootPaths m_paths;
    std::vector<ServiceOffer> m_offers;
    std::optional<ServiceAddition> m_addition; ///< what Add would write
    QFormLayout *m_form = nullptr;
    QLabel *m_status;
    QComboBox *m_service;
    QComboBox *m_stopIn;
    QLabel *m_advice;
    QLabel *m_target;
    QPlainTextEdit *m_preview;
    QLabel *m_sign;
    QLabel *m_message;
    QPushButton *m_again;
    QPushButton *m_add;
};

} // namespace dormouse
