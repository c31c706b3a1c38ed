// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"
#include "tray/startatlogin.h"
#include "tray/welcome/agentinstaller.h"
#include "tray/welcome/servicefinder.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QLabel;
class QPushButton;
QT_END_NAMESPACE

namespace dormouse {

class OfferPanel;

/// The first-start window: says what Dormouse does, adds a first service from what runs on this machine, installs the agent for this user. Looks at the machine each time it is shown. GUI thread.
class WelcomeWindow : public QWidget
{
    Q_OBJECT

public:
    /// `finder` and `startAtLogin` outlive the window.
    WelcomeWindow(RootPaths paths, ServiceFinder &finder, StartAtLogin &startAtLogin, QWidget *parent = nullptr);

Q_SIGNALS:
    /// dormouse.toml was written: the agent should read it.
    void saved();

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void build();
    void fit();
    void search();
    void showStartAtLogin();
    void changeStartAtLogin(bool isWanted);
    void showAgent();
    void install();

    RootPaths m_paths;
    ServiceFinder &m_finder;
    StartAtLogin &m_startAtLogin;
    bool m_isSearching = false;
    OfferPanel *m_offers;
    QCheckBox *m_atLogin;
    QLabel *m_atLoginProblem;
    QLabel *m_agent;
    QPushButton *m_install;
    AgentInstaller m_installer;
};

} // namespace dormouse
