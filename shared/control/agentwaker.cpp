// SPDX-License-Identifier: MIT
#include "shared/control/agentwaker.h"

#include "shared/base/childstart.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/control/agentclient.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "shared/storage/file.h"
#include "shared/storage/writerlock.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <cerrno>
#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace dormouse {
namespace {

constexpr Millis kPoll = 100ms;
constexpr Millis kProbe = 1s;       // a live agent answers in milliseconds
constexpr Millis kLaunchAgain = 3s; // as long as a directly started agent tries for the lock
constexpr qint64 kComplaintBytesMax = 2000;

QString firstComplaint(QProcess &process)
{
    const QString text = QString::fromUtf8(process.readAllStandardError().left(kComplaintBytesMax)).trimmed();
    return text.isEmpty() ? QString() : u": "_s + sanitized(QStringView(text).left(text.indexOf(u'\n')), 200);
}

/// Lets go of a launcher without waiting for its end: it frees itself.
void abandon(std::unique_ptr<QProcess> process)
{
    if (!process)
        return;
    process->disconnect();
    if (process->state() == QProcess::NotRunning) {
        process.release()->deleteLater();
        return;
    }
    QProcess *left = process.release();
    left->setParent(QCoreApplication::instance()); // should the program end first
    QObject::connect(left, &QProcess::finished, left, &QObject::deleteLater);
    left->kill();
}

} // namespace

class AgentWaker::Impl
{
public:
    Impl(AgentWaker &waker, RootPaths paths, QString socketPath, std::vector<Launcher> launchers)
        : m_waker(waker), m_paths(std::move(paths)), m_socketPath(std::move(socketPath)), m_launchers(std::move(launchers))
    {
    }
    ~Impl() { abandon(std::move(m_process)); }

    void start();

private:
    void ask();
    void answered(const QJsonObject &message);
    void silent();
    void poll();
    void beginLaunching();
    void writeSignal();
    void launch();
    void launchDetached(const Launcher &launcher);
    void launchProgram(const Launcher &launcher);
    void launcherFailed(const QString &why);
    void finish(bool awake);
    void noteFailure(const QString &sentence);
    [[nodiscard]] std::optional<LockHolder> liveHolder() const;

    AgentWaker &m_waker;
    RootPaths m_paths;
    QString m_socketPath;
    std::vector<Launcher> m_launchers;
    SystemClock m_clock;

    std::unique_ptr<AgentClient> m_client; ///< the present try to reach the agent
    std::unique_ptr<QProcess> m_process;   ///< the launcher that runs
    QTimer m_pollTimer;
    QTimer m_probeTimer;
    QTimer m_launcherTimer;
    QTimer m_endTimer;

    bool m_launching = false; ///< the probe is over
    bool m_signalWritten = false;
    bool m_forceWakeSent = false;
    bool m_done = false;
    std::size_t m_next = 0;                ///< the launcher to use now
    std::optional<AwakeTime> m_launchedAt; ///< when it last succeeded
    qint64 m_detachedPid = 0;
    WakeOutcome m_outcome;
};

void AgentWaker::Impl::start()
{
    m_pollTimer.setInterval(kPoll);
    m_probeTimer.setSingleShot(true);
    m_launcherTimer.setSingleShot(true);
    m_endTimer.setSingleShot(true);
    QObject::connect(&m_pollTimer, &QTimer::timeout, &m_waker, [this] { poll(); });
    QObject::connect(&m_probeTimer, &QTimer::timeout, &m_waker, [this] { beginLaunching(); });
    QObject::connect(&m_launcherTimer, &QTimer::timeout, &m_waker,
                     [this] { launcherFailed(u"did not end within %1"_s.arg(formatDuration(defaults::kLauncherWait))); });
    QObject::connect(&m_endTimer, &QTimer::timeout, &m_waker, [this] { finish(false); });
    m_endTimer.start(defaults::kWakeWait);
    m_probeTimer.start(kProbe);
    ask();
}

void AgentWaker::Impl::ask()
{
    m_client = std::make_unique<AgentClient>(m_socketPath);
    AgentClient *client = m_client.get();
    QObject::connect(client, &AgentClient::connected, &m_waker, [client] {
        client->send({{control::key::kType, control::type::kStatus}});
    });
    QObject::connect(client, &AgentClient::received, &m_waker, [this](const QJsonObject &message) { answered(message); });
    QObject::connect(client, &AgentClient::disconnected, &m_waker, [this](const Error &error) {
        if (error.code == ErrorCode::Refused || error.code == ErrorCode::Malformed || error.code == ErrorCode::Configuration)
            noteFailure(error.text());
        silent();
    });
    client->connectToAgent();
}

void AgentWaker::Impl::silent()
{
    m_client.release()->deleteLater(); // the next poll makes another
    m_forceWakeSent = false;
    m_outcome.status.reset();
    beginLaunching();
}

void AgentWaker::Impl::answered(const QJsonObject &message)
{
    if (m_done)
        return;
    const bool ok = message.value(control::key::kOk).toBool();
    if (m_forceWakeSent) {
        if (!ok)
            noteFailure(u"the running agent refused to wake: "_s + sanitized(message.value(control::key::kError).toString()));
        else if (m_outcome.status && message.value(control::key::kState).isString())
            m_outcome.status->insert(control::key::kState, message.value(control::key::kState));
        return finish(ok);
    }
    if (!ok)
        return noteFailure(u"the agent refused to tell its status: "_s
                           + sanitized(message.value(control::key::kError).toString()));
    m_probeTimer.stop();
    m_outcome.status = message;
    if (m_outcome.way.isEmpty())
        m_outcome.way = u"already running"_s;
    if (m_launching && m_signalWritten)
        return finish(true);
    m_forceWakeSent = true; // it ran already, or could not be told by the signal
    m_client->send({{control::key::kType, control::type::kForceWake}});
}

void AgentWaker::Impl::beginLaunching()
{
    if (m_launching || m_done)
        return;
    m_probeTimer.stop();
    m_launching = true;
    m_outcome.way.clear();
    m_pollTimer.start();
    writeSignal();
    if (!liveHolder())
        launch();
}

/// Keeps asking, and starts the agent again where the one that was there, or was started, is gone.
void AgentWaker::Impl::poll()
{
    if (!m_client)
        ask();
    if (m_process || m_done || liveHolder())
        return;
    if (!m_launchedAt)
        return launch(); // a predecessor was on its way out
    const bool died = m_detachedPid > 0 && ::kill(static_cast<pid_t>(m_detachedPid), 0) != 0 && errno == ESRCH;
    if (died)
        return launcherFailed(u"ended before it answered; run it in a terminal to see why"_s);
    if (m_detachedPid == 0 && m_clock.now().awake - *m_launchedAt >= kLaunchAgain)
        launch();
}

void AgentWaker::Impl::writeSignal()
{
    const QJsonObject content{{u"ts"_s, formatTimestamp(m_clock.now().wall)}, {u"pid"_s, QCoreApplication::applicationPid()}};
    Result<void> written = prepareRoot(m_paths);
    if (written)
        written = writeAtomically(m_paths.wakeSignal(), formatJsonFile(content));
    m_signalWritten = written.ok() || written.error().code == ErrorCode::NotDurable;
    if (!m_signalWritten)
        noteFailure(u"wake.signal could not be written: "_s + written.error().text());
}

void AgentWaker::Impl::launch()
{
    if (m_next >= m_launchers.size()) {
        if (m_launchers.empty())
            noteFailure(
                u"nothing that could start the agent was found: neither an installed unit for this root nor dormouse-agent beside this program"_s);
        return finish(false);
    }
    if (m_signalWritten && !QFileInfo::exists(m_paths.wakeSignal()))
        writeSignal(); // it counted for an agent that is gone
    const Launcher &launcher = m_launchers.at(m_next);
    m_outcome.way = launcher.name;
    m_detachedPid = 0;
    if (launcher.detached)
        launchDetached(launcher);
    else
        launchProgram(launcher);
}

void AgentWaker::Impl::launchDetached(const Launcher &launcher)
{
    QStringList arguments = launcher.arguments;
    if (!arguments.contains("--socket"_L1) && m_socketPath != m_paths.socket())
        arguments << u"--socket"_s << QFileInfo(m_socketPath).absoluteFilePath();
    // startDetached() forks twice with setsid() between: the agent shares neither our terminal nor our process group, so a
    // Ctrl-C here does not reach it.
    QProcess agent;
    agent.setProgram(launcher.program);
    agent.setArguments(arguments);
    agent.setStandardInputFile(QProcess::nullDevice());
    agent.setStandardOutputFile(QProcess::nullDevice());
    agent.setStandardErrorFile(QProcess::nullDevice());
    agent.setWorkingDirectory(u"/"_s);
    agent.setProcessEnvironment(environmentForOthers());
    const WithheldDescriptors withheld;
    if (!agent.startDetached(&m_detachedPid))
        return launcherFailed(u"could not be started ("_s + agent.errorString() + u')');
    m_launchedAt = m_clock.now().awake;
}

void AgentWaker::Impl::launchProgram(const Launcher &launcher)
{
    m_process = std::make_unique<QProcess>();
    m_process->setProgram(launcher.program);
    m_process->setArguments(launcher.arguments);
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setStandardOutputFile(QProcess::nullDevice());
    QObject::connect(m_process.get(), &QProcess::errorOccurred, &m_waker, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            launcherFailed(u"could not be started ("_s + m_process->errorString() + u')');
    });
    QObject::connect(m_process.get(), &QProcess::finished, &m_waker, [this](int code, QProcess::ExitStatus status) {
        if (status != QProcess::NormalExit)
            return launcherFailed(u"was killed"_s + firstComplaint(*m_process));
        if (code != 0)
            return launcherFailed(u"ended with %1"_s.arg(code) + firstComplaint(*m_process));
        m_launcherTimer.stop();
        m_launchedAt = m_clock.now().awake;
        abandon(std::move(m_process));
    });
    m_launcherTimer.start(defaults::kLauncherWait);
    m_process->start(QIODevice::ReadOnly);
}

void AgentWaker::Impl::launcherFailed(const QString &why)
{
    if (m_done)
        return;
    m_launcherTimer.stop();
    const Launcher &launcher = m_launchers.at(m_next);
    noteFailure(u"%1: %2 %3"_s.arg(launcher.name, launcher.program, why));
    abandon(std::move(m_process));
    m_outcome.way.clear();
    m_launchedAt.reset();
    m_detachedPid = 0;
    ++m_next;
    launch();
}

void AgentWaker::Impl::finish(bool awake)
{
    if (m_done)
        return;
    m_done = true;
    m_pollTimer.stop();
    m_probeTimer.stop();
    m_launcherTimer.stop();
    m_endTimer.stop();
    m_outcome.awake = awake;
    if (!awake) {
        if (const std::optional<LockHolder> holder = liveHolder())
            noteFailure(u"an agent (pid %1) holds the lock but did not answer within %2"_s.arg(holder->pid)
                            .arg(formatDuration(defaults::kWakeWait)));
        else if (m_launchedAt)
            noteFailure(u"%1: the agent did not answer within %2"_s.arg(m_outcome.way, formatDuration(defaults::kWakeWait)));
        m_outcome.way.clear();
    }
    if (m_client) {
        m_client->disconnect(&m_waker);
        m_client->disconnectFromAgent();
        m_client.release()->deleteLater();
    }
    abandon(std::move(m_process));
    // Queued, so that whoever hears it may delete the waker.
    AgentWaker *waker = &m_waker;
    QMetaObject::invokeMethod(
        waker, [waker, outcome = m_outcome] { Q_EMIT waker->finished(outcome); }, Qt::QueuedConnection);
}

void AgentWaker::Impl::noteFailure(const QString &sentence)
{
    if (!m_outcome.failures.contains(sentence))
        m_outcome.failures.append(sentence);
}

std::optional<LockHolder> AgentWaker::Impl::liveHolder() const
{
    std::optional<LockHolder> holder = readLockHolder(m_paths);
    return holder && holder->alive ? holder : std::nullopt;
}

AgentWaker::AgentWaker(RootPaths paths, QString socketPath, std::vector<Launcher> launchers, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(*this, std::move(paths), std::move(socketPath), std::move(launchers)))
{
}

AgentWaker::~AgentWaker() = default;

void AgentWaker::start()
{
    m_impl->start();
}

} // namespace dormouse
