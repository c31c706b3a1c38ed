// SPDX-License-Identifier: MIT
#include "tray/welcome/welcomewindow.h"

#include "shared/control/installedlauncher.h"
#include "tray/welcome/isolated.h"
#include "tray/welcome/offerpanel.h"
#include "tray/welcome/windowparts.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShowEvent>
#include <QVBoxLayout>

namespace dormouse {
namespace {

constexpr int kWidth = 620;
constexpr int kWidthMin = 480;

} // namespace

WelcomeWindow::WelcomeWindow(RootPaths paths, ServiceFinder &finder, StartAtLogin &startAtLogin, QWidget *parent)
    : QWidget(parent, Qt::Window), m_paths(std::move(paths)), m_finder(finder), m_startAtLogin(startAtLogin),
      m_offers(new OfferPanel(m_paths, this)), m_atLogin(new QCheckBox(tr("Start Dormouse’s &tray at login"), this)),
      m_atLoginProblem(textLabel({}, this)), m_agent(textLabel({}, this)),
      m_install(new QPushButton(tr("&Install for This User"), this)), m_installer(m_paths, commandLineProgram())
{
    setWindowTitle(tr("Set Up Dormouse"));
    build();
    connect(m_offers, &OfferPanel::saved, this, &WelcomeWindow::saved);
    connect(m_offers, &OfferPanel::searchAsked, this, &WelcomeWindow::search);
    connect(m_atLogin, &QCheckBox::clicked, this, &WelcomeWindow::changeStartAtLogin);
    connect(m_install, &QPushButton::clicked, this, &WelcomeWindow::install);
    connect(&m_installer, &AgentInstaller::finished, this, [this](const QString &error) {
        showAgent();
        if (!error.isEmpty())
            m_agent->setText(tr("It could not be installed: %1").arg(isolated(error)));
    });
}

void WelcomeWindow::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    column->addLayout(titleRow(tr("Welcome to Dormouse"), this));
    column->addWidget(textLabel(
        tr("Dormouse lets heavy AI services on this machine run only while somebody uses them. When nobody does, it grows drowsy, "
           "falls asleep and hibernates, and stops each service at the point you choose, so that its memory is free. As soon as "
           "somebody comes back, it starts them again."),
        this));
    column->addWidget(m_offers, 1);
    column->addWidget(m_atLogin);
    column->addWidget(m_atLoginProblem);
    auto *agent = new QHBoxLayout;
    agent->setSpacing(12);
    agent->addWidget(m_agent, 1);
    agent->addWidget(m_install);
    column->addLayout(agent);
    column->addWidget(closeButton(this));
    m_atLoginProblem->hide();
    setMinimumWidth(kWidthMin);
    resize(kWidth, layout()->totalHeightForWidth(kWidth));
}

bool WelcomeWindow::event(QEvent *event)
{
    const bool isDone = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) // what is shown has changed
        fit();
    return isDone;
}

void WelcomeWindow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

/// A layout alone does not let a window grow with wrapped text.
void WelcomeWindow::fit()
{
    setMinimumHeight(layout()->totalHeightForWidth(width()));
}

void WelcomeWindow::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (event->spontaneous()) // only restored, not opened
        return;
    showStartAtLogin();
    showAgent();
    search();
}

void WelcomeWindow::search()
{
    if (m_isSearching)
        return;
    m_isSearching = true;
    m_offers->showSearching();
    m_finder.find(this, [this](const std::vector<ServiceOffer> &offers) {
        m_isSearching = false;
        m_offers->setOffers(offers);
    });
}

void WelcomeWindow::showStartAtLogin()
{
    const std::optional<bool> isEnabled = m_startAtLogin.isEnabled();
    m_atLogin->setEnabled(isEnabled.has_value());
    m_atLogin->setChecked(isEnabled.value_or(false));
    m_atLoginProblem->setVisible(!isEnabled);
    m_atLoginProblem->setText(tr("Whether it starts at login cannot be told here."));
}

void WelcomeWindow::changeStartAtLogin(bool isWanted)
{
    const Result<void> changed = m_startAtLogin.setEnabled(isWanted);
    showStartAtLogin();
    if (changed)
        return;
    m_atLoginProblem->setText(tr("It could not be changed: %1").arg(isolated(changed.error().text())));
    m_atLoginProblem->show();
}

void WelcomeWindow::showAgent()
{
    const bool isInstalled = installedLauncher(m_paths, m_paths.socket()).has_value();
    m_agent->setText(
        isInstalled ? tr("The agent is installed as a service of your user account.")
                    : tr("The agent is not installed as a service of your user account: Wake Now in the tray’s menu starts it."));
    m_install->setVisible(!isInstalled && m_installer.isPossible());
    m_install->setEnabled(!m_installer.isRunning());
}

/// `dormouse install` verifies that the agent answers, and undoes everything where it does not.
void WelcomeWindow::install()
{
    m_agent->setText(tr("Installing; this may take some seconds…"));
    m_install->setEnabled(false);
    m_installer.start();
}

} // namespace dormouse
