// SPDX-License-Identifier: MIT
#pragma once

#include "tray/agentcommands.h"
#include "tray/options.h"
#include "tray/startatlogin.h"

#include <QObject>
#include <QPointer>

#include <memory>

namespace dormouse {

class AboutWindow;
class DigestWindow;
class HistoryWindow;
class ServiceFinder;
class SettingsWindow;
class WelcomeWindow;

/// The windows, each made when it is first asked for and gone when it is closed. GUI thread.
class Windows : public QObject
{
    Q_OBJECT

public:
    Windows(RootPaths paths, const Clock &clock, StartAtLogin &startAtLogin, QObject *parent = nullptr);
    ~Windows() override;

    void showHistory();
    void showSettings();
    void showWelcome();
    void showAbout(const QString &agentVersion);
    /// An error instead: why there is none to show.
    void showDigest(const Result<QJsonObject> &digest);
    /// Opens dormouse.toml in the user's editor; without one, the welcome window, which makes one.
    void openConfiguration();
    void openLogs();

    /// The state now, when an agent runs: the history ends with it.
    void setCurrent(std::optional<State> state);
    void showReloadAnswer(const QString &error);
    /// False: it holds changes that are not saved, and asks what to do with them.
    [[nodiscard]] bool closeSettings();

Q_SIGNALS:
    /// dormouse.toml or start-at-login was changed.
    void saved();
    void failed(const QString &title, const QString &text);

private:
    RootPaths m_paths;
    const Clock &m_clock;
    StartAtLogin &m_startAtLogin;
    std::unique_ptr<ServiceFinder> m_finder;
    std::optional<State> m_current;
    QPointer<HistoryWindow> m_history;
    QPointer<SettingsWindow> m_settings;
    QPointer<WelcomeWindow> m_welcome;
    QPointer<AboutWindow> m_about;
    QPointer<DigestWindow> m_digest;
};

} // namespace dormouse
