// SPDX-License-Identifier: MIT
#include "tray/windows.h"

#include "tray/history/historywindow.h"
#include "tray/settings/settingswindow.h"
#include "tray/welcome/aboutwindow.h"
#include "tray/welcome/digestwindow.h"
#include "tray/welcome/servicefinder.h"
#include "tray/welcome/welcomewindow.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QUrl>

namespace dormouse {
namespace {

void bringUp(QWidget *window)
{
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->show();
    window->raise();
    window->activateWindow();
}

} // namespace

Windows::Windows(RootPaths paths, const Clock &clock, StartAtLogin &startAtLogin, QObject *parent)
    : QObject(parent), m_paths(std::move(paths)), m_clock(clock), m_startAtLogin(startAtLogin)
{
}

Windows::~Windows()
{
    delete m_history;
    delete m_settings;
    delete m_welcome;
    delete m_about;
    delete m_digest;
}

void Windows::showHistory()
{
    if (!m_history) {
        m_history = new HistoryWindow(m_paths, m_clock);
        m_history->setCurrent(m_current);
    }
    bringUp(m_history);
}

void Windows::showSettings()
{
    if (!m_settings) {
        m_settings = new SettingsWindow(m_paths, m_startAtLogin);
        connect(m_settings, &SettingsWindow::saved, this, &Windows::saved);
    }
    bringUp(m_settings);
}

void Windows::showWelcome()
{
    if (!m_finder)
        m_finder = makeServiceFinder();
    if (!m_welcome) {
        m_welcome = new WelcomeWindow(m_paths, *m_finder, m_startAtLogin);
        connect(m_welcome, &WelcomeWindow::saved, this, &Windows::saved);
    }
    bringUp(m_welcome);
}

void Windows::showAbout(const QString &agentVersion)
{
    if (!m_about)
        m_about = new AboutWindow(m_paths);
    m_about->setAgentVersion(agentVersion);
    bringUp(m_about);
}

void Windows::showDigest(const Result<QJsonObject> &digest)
{
    if (!m_digest)
        m_digest = new DigestWindow;
    if (digest)
        m_digest->setDigest(digest.value(), m_clock.now().wall);
    else
        m_digest->setProblem(digest.error().text());
    bringUp(m_digest);
}

void Windows::openConfiguration()
{
    if (!QFileInfo::exists(m_paths.configuration()))
        return showWelcome();
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(m_paths.configuration())))
        Q_EMIT failed(tr("No program opens text files here"), tr("The configuration is %1").arg(m_paths.configuration()));
}

void Windows::openLogs()
{
    const QString folder = QFileInfo::exists(m_paths.logs()) ? m_paths.logs() : m_paths.root;
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        Q_EMIT failed(tr("No program opens folders here"), tr("The logs are in %1").arg(folder));
}

void Windows::setCurrent(std::optional<State> state)
{
    m_current = state;
    if (m_history)
        m_history->setCurrent(state);
}

void Windows::showReloadAnswer(const QString &error)
{
    if (m_settings && m_settings->isVisible())
        m_settings->showReloadAnswer(error);
    else if (!error.isEmpty())
        Q_EMIT failed(tr("The agent keeps its old configuration"), error);
}

bool Windows::closeSettings()
{
    return !m_settings || m_settings->close();
}

} // namespace dormouse
