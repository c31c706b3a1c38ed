// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/signalpipe.h"
#include "tray/agentcommands.h"
#include "tray/hostwatch.h"
#include "tray/idle/useridlereporter.h"
#include "tray/item/statusitem.h"
#include "tray/link/agentlink.h"
#include "tray/link/singleinstance.h"
#include "tray/menu/traymenu.h"
#include "tray/options.h"
#include "tray/statuswindow.h"
#include "tray/toldnotices.h"
#include "tray/windows.h"

#include <QObject>

namespace dormouse {

/// Composition root of the tray: builds the parts, connects them, owns them. GUI thread.
class Tray : public QObject
{
    Q_OBJECT

public:
    explicit Tray(const TrayOptions &options);
    ~Tray() override;

    /// The exit code where there is nothing to run: another tray lives and shows what was asked for, or nothing can be set up (told on stderr).
    [[nodiscard]] std::optional<int> start();
    /// After the event loop: the program should start itself anew, because a panel has appeared that only a new process can use.
    [[nodiscard]] bool isRestartDue() const { return m_isRestartDue; }

private:
    void connectParts();
    void refresh();
    void openMenu();
    void askWrappers();
    void awaitMidnight();
    void tellNews();
    void askDigest(bool peek, bool inWindow);
    void carryOut(const TrayCommand &command);
    void showPage(const QString &page);
    void showStatus();
    void complain(const QString &title, const QString &text);
    void sayWhereTheIconIs();
    void quit();

    TrayOptions m_options;
    SystemClock m_clock;
    SignalPipe m_signals;
    SingleInstance m_instance;
    std::unique_ptr<StartAtLogin> m_startAtLogin;
    AgentLink m_link;
    UserIdleReporter m_userIdle;
    AgentCommands m_commands;
    TrayMenu m_menu;
    Windows m_windows;
    StatusWindow m_status;
    ToldNotices m_told;
    NoticeBook m_notices;
    std::unique_ptr<StatusItem> m_item;
    std::unique_ptr<HostWatch> m_hostWatch;
    TrayContext m_context;
    TrayView m_view;
    QTimer m_midnight;
    bool m_isRestartDue = false;
};

} // namespace dormouse
