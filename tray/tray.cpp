// SPDX-License-Identifier: MIT
#include "tray/tray.h"

#include "shared/base/defaults.h"
#include "shared/base/exitcodes.h"
#include "shared/base/logging.h"
#include "shared/control/messages.h"
#include "shared/idle/makeidlesource.h"
#include "tray/wrapperlist.h"

#include <QApplication>
#include <QDateTime>
#include <QFileInfo>

#include <csignal>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using Verb = TrayCommand::Verb;

constexpr Millis kHostPatience = 2s; // panels start beside us at login

} // namespace

Tray::Tray(const TrayOptions &options)
    : m_options(options), m_signals({SIGTERM, SIGINT, SIGHUP}), m_instance(options.paths),
      m_startAtLogin(makeStartAtLogin(options.paths, options.socketPath)), m_link(options.paths, options.socketPath, m_clock),
      m_userIdle(
          m_clock, [this](const QJsonObject &message) { m_link.request(message, this, [](const Result<QJsonObject> &) {}); },
          [this] { return makeIdleSource(m_clock); }),
      m_commands(m_link, m_clock), m_windows(options.paths, m_clock, *m_startAtLogin), m_status(m_menu.menu()),
      m_told(options.paths), m_notices(m_told.load())
{
}

Tray::~Tray() = default;

std::optional<int> Tray::start()
{
    const Result<bool> isFirst = m_instance.claim(m_options.page.isEmpty() ? u"status"_s : m_options.page);
    if (!isFirst) {
        qCCritical(lcTray, "%s", qPrintable(isFirst.error().text()));
        return kExitTryAgain;
    }
    if (!isFirst.value())
        return kExitOk;
    m_item = makeStatusItem();
    m_hostWatch = makeHostWatch();
    connectParts();
    refresh();
    m_item->setMenu(m_menu.menu());
    m_item->show();
    m_link.start();
    if (!m_options.page.isEmpty())
        showPage(m_options.page);
    else if (!QFileInfo::exists(m_options.paths.configuration()))
        m_windows.showWelcome();
    QTimer::singleShot(kHostPatience, this, &Tray::sayWhereTheIconIs);
    awaitMidnight();
    return {};
}

/// "since 15:30" is of today: from midnight on it needs its day. The one timer while nothing changes, once a day.
void Tray::awaitMidnight()
{
    const auto sinceEpoch = std::chrono::duration_cast<Millis>(m_clock.now().wall.time_since_epoch());
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(sinceEpoch.count());
    m_midnight.start(std::chrono::milliseconds(now.msecsTo(now.date().addDays(1).startOfDay())) + 1s);
}

void Tray::connectParts()
{
    connect(&m_signals, &SignalPipe::raised, this, [] { QApplication::exit(kExitOk); });
    connect(&m_instance, &SingleInstance::pageAsked, this, &Tray::showPage);
    connect(&m_link, &AgentLink::pictureChanged, this, [this] {
        m_userIdle.follow(m_link.picture());
        if (m_link.picture().link != LinkState::Connected)
            m_context.wrappers.reset(); // those of an agent that is gone
        refresh();
        tellNews();
    });
    connect(&m_commands, &AgentCommands::undoChanged, this, &Tray::refresh);
    connect(&m_commands, &AgentCommands::failed, this, &Tray::complain);
    connect(&m_commands, &AgentCommands::stopped, this, &Tray::quit);
    connect(&m_commands, &AgentCommands::reloaded, &m_windows, &Windows::showReloadAnswer);
    connect(&m_commands, &AgentCommands::sleepStarted, this, [this] {
        m_item->tell({u"undo"_s, Notice::Kind::Information, tr("Going to sleep"),
                      tr("Click here within 10 seconds, or choose Undo in the menu, to take it back.")});
    });
    connect(&m_windows, &Windows::failed, this, &Tray::complain);
    connect(&m_windows, &Windows::saved, this, [this] {
        m_commands.reload();
        refresh();
    });
    connect(&m_menu, &TrayMenu::aboutToOpen, this, &Tray::openMenu);
    connect(&m_menu, &TrayMenu::chosen, this, &Tray::carryOut);
    connect(&m_status, &StatusWindow::chosen, this, &Tray::carryOut);
    connect(m_item.get(), &StatusItem::activated, this, &Tray::showStatus);
    connect(m_item.get(), &StatusItem::noticeClicked, this, [this](const QString &id) {
        if (id == u"undo"_s && m_commands.undoUntil())
            m_commands.carryOut({Verb::UndoSleep, {}, {}, 0});
        else if (id != u"undo"_s)
            showStatus();
    });
    m_midnight.setSingleShot(true);
    m_midnight.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_midnight, &QTimer::timeout, this, [this] {
        refresh();
        awaitMidnight();
    });
    connect(m_hostWatch.get(), &HostWatch::restartNeeded, this, [this] {
        m_isRestartDue = m_windows.closeSettings(); // what is being typed is worth more than the icon
        if (m_isRestartDue)
            QApplication::exit(kExitOk);
    });
}

void Tray::refresh()
{
    m_context.undoUntil = m_commands.undoUntil();
    m_context.startsAtLogin = m_startAtLogin->isEnabled();
    m_context.isConfigured = QFileInfo::exists(m_options.paths.configuration());
    const AgentPicture &picture = m_link.picture();
    m_view = trayView(picture, m_context, m_clock.now().wall);
    m_item->setLook(m_view.icon);
    m_item->setToolTip(m_view.toolTip);
    m_menu.setEntries(m_view.menu);
    m_status.show(m_view, picture.link == LinkState::Connected);
    const bool isTold = picture.link == LinkState::Connected && picture.snapshot;
    m_windows.setCurrent(isTold ? std::optional<State>(picture.snapshot->state) : std::nullopt);
}

/// Texts with ages in them are as of now; what only the agent knows is asked for, and comes while the menu is open.
void Tray::openMenu()
{
    refresh();
    m_link.check();
    if (m_link.picture().link == LinkState::Connected)
        askWrappers();
}

void Tray::askWrappers()
{
    const QJsonObject message{{control::key::kType, QString(control::type::kWrappers)}, {"limit"_L1, kWrappersShown}};
    m_link.request(message, this, [this](const Result<QJsonObject> &answer) {
        if (!answer || !answer.value().value(control::key::kOk).toBool())
            return;
        m_context.wrappers = wrappersFromJson(answer.value());
        refresh();
    });
}

void Tray::tellNews()
{
    const std::vector<Notice> news = m_notices.observe(m_link.picture());
    for (const Notice &notice : news)
        m_item->tell(notice);
    if (!news.empty())
        m_told.save(m_notices.told());
    if (m_notices.isDigestDue(m_link.picture()))
        askDigest(false, false);
}

/// Without `peek` the agent gives it out at most once in 18 hours; then it is told as a notice.
void Tray::askDigest(bool peek, bool inWindow)
{
    QJsonObject message{{control::key::kType, QString(control::type::kDigest)}};
    if (peek)
        message.insert("peek"_L1, true);
    m_link.request(message, this, [this, inWindow](const Result<QJsonObject> &answer) {
        if (inWindow && !answer)
            return m_windows.showDigest(answer.error());
        const QJsonObject digest = answer ? answer.value().value("digest"_L1).toObject() : QJsonObject();
        if (inWindow)
            m_windows.showDigest(digest);
        else if (!digest.isEmpty())
            m_item->tell(digestNotice(digest, m_clock.now().wall));
    });
}

void Tray::carryOut(const TrayCommand &command)
{
    if (m_commands.carryOut(command))
        return;
    switch (command.verb) {
    case Verb::ShowStatus: return showStatus();
    case Verb::ShowHistory: return m_windows.showHistory();
    case Verb::ShowDigest: return askDigest(true, true);
    case Verb::ShowSettings: return m_windows.showSettings();
    case Verb::ShowWelcome: return m_windows.showWelcome();
    case Verb::ShowAbout: return m_windows.showAbout(m_link.picture().snapshot ? m_link.picture().snapshot->version : QString());
    case Verb::OpenConfiguration: return m_windows.openConfiguration();
    case Verb::OpenLogs: return m_windows.openLogs();
    case Verb::SetStartAtLogin:
        if (const Result<void> set = m_startAtLogin->setEnabled(command.seconds != 0); !set)
            complain(tr("Start at login could not be changed"), set.error().text());
        return refresh();
    case Verb::QuitAndStop: return m_commands.stopAgent();
    case Verb::Quit: return quit();
    case Verb::None:
    case Verb::WakeNow:
    case Verb::SleepNow:
    case Verb::UndoSleep:
    case Verb::KeepAwake:
    case Verb::EndHold:
    case Verb::Service:
    case Verb::IgnoreWrapper:
    case Verb::Dismiss:
    case Verb::RunMaintenance:
    case Verb::ResetQuarantine: return; // the agent's, and carried out above
    }
}

void Tray::showPage(const QString &page)
{
    if (page == u"history"_s)
        return m_windows.showHistory();
    if (page == u"settings"_s)
        return m_windows.showSettings();
    if (page == u"welcome"_s)
        return m_windows.showWelcome();
    if (page == u"about"_s)
        return carryOut({Verb::ShowAbout, {}, {}, 0});
    if (page == u"digest"_s)
        return carryOut({Verb::ShowDigest, {}, {}, 0});
    showStatus();
    if (page == u"menu"_s)
        QTimer::singleShot(0, &m_status, &StatusWindow::openMenu);
}

void Tray::showStatus()
{
    refresh();
    m_link.check();
    m_status.QWidget::show();
    m_status.raise();
    m_status.activateWindow();
}

void Tray::complain(const QString &title, const QString &text)
{
    m_item->tell({u"failure"_s, Notice::Kind::Warning, title, text});
}

void Tray::sayWhereTheIconIs()
{
    if (m_item->isHosted())
        return;
    qCWarning(
        lcTray,
        "this desktop shows no tray icons now; Dormouse waits for a panel. `dormouse-tray --show status` opens a window instead");
}

/// Not with settings that are not saved: their window asks, and Quit is there to be chosen again.
void Tray::quit()
{
    if (m_windows.closeSettings())
        QApplication::exit(kExitOk);
}

} // namespace dormouse
