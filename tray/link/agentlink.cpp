// SPDX-License-Identifier: MIT
#include "tray/link/agentlink.h"

#include "shared/base/text.h"
#include "shared/base/version.h"
#include "shared/control/messages.h"
#include "tray/link/agentsession.h"
#include "tray/link/agenttrace.h"
#include "tray/link/rootwatcher.h"

#include <QMetaObject>
#include <QTimer>
#include <QVersionNumber>

#include <algorithm>
#include <utility>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kAnswerLimit = 5s;
constexpr Millis kSilenceLimit = 2s; // after which an agent that lives counts as frozen
constexpr Millis kGrace = 300ms;     // a restart does not blink
constexpr Millis kRetryFirst = 250ms;
constexpr Millis kRetryMax = 60s;
constexpr Millis kGoodAfter = 10s;      // a connection that held for so long was a good one
constexpr Millis kAskedRetryPause = 1s; // a menu opened again and again does not make a storm

} // namespace

class AgentLink::Impl
{
public:
    Impl(AgentLink &link, RootPaths paths, QString socketPath, const Clock &clock, Launchers launchers);

    void start();
    void check();
    void wake();
    void request(const QJsonObject &message, QObject *context, Reply reply, Millis limit);
    [[nodiscard]] const AgentPicture &picture() const { return m_picture; }

private:
    void look();
    void tryAgent(const AgentTrace &trace);
    void scheduleRetry();
    void lose(const Error &error);

    void showConnected(const Snapshot &snapshot);
    void showFrozen();
    void showAbsent();
    void showBroken(const QString &trouble);
    void tell();

    void launch();
    void endWake(const QString &failure);

    AgentLink &m_link;
    RootPaths m_paths;
    QString m_socketPath;
    const Clock &m_clock;
    Launchers m_launchers;

    AgentPicture m_picture;
    AgentPicture m_told; ///< at the last pictureChanged
    bool m_isTellQueued = false;

    RootWatcher m_watcher; ///< stopped while the agent itself tells
    AgentSession m_session;
    std::unique_ptr<AgentWaker> m_waker;
    std::optional<AgentTrace> m_trace; ///< of the agent that is, or was last, spoken to
    QString m_failure;                 ///< why the last connection failed
    qint64 m_brokenPid = 0;            ///< whose answers were not understood
    QTimer m_retry;
    QTimer m_patience; ///< an agent lives, and has not told a snapshot
    QTimer m_grace;    ///< a connection was lost just now
    Millis m_delay{0}; ///< of the last retry
    AwakeTime m_triedAt;
    std::optional<AwakeTime> m_connectedAt; ///< of the connection that is, or was last
};

AgentLink::Impl::Impl(AgentLink &link, RootPaths paths, QString socketPath, const Clock &clock, Launchers launchers)
    : m_link(link), m_paths(std::move(paths)), m_socketPath(socketPath.isEmpty() ? m_paths.socket() : std::move(socketPath)),
      m_clock(clock), m_launchers(std::move(launchers)), m_watcher(m_paths), m_session(m_socketPath, clock)
{
    if (!m_launchers)
        m_launchers = [this] { return availableLaunchers(m_paths, m_socketPath); };
    m_retry.setSingleShot(true);
    m_patience.setSingleShot(true);
    m_patience.setInterval(kSilenceLimit);
    m_grace.setSingleShot(true);
    m_grace.setInterval(kGrace);
    QObject::connect(&m_watcher, &RootWatcher::changed, &m_link, [this] { look(); });
    QObject::connect(&m_retry, &QTimer::timeout, &m_link, [this] { look(); });
    QObject::connect(&m_grace, &QTimer::timeout, &m_link, [this] { look(); });
    QObject::connect(&m_patience, &QTimer::timeout, &m_link, [this] {
        const std::optional<AgentTrace> trace = liveAgentTrace(m_paths, m_socketPath);
        if (trace && trace == m_trace)
            return showFrozen();
        look(); // it died, of which no file tells, or another one came
    });
    QObject::connect(&m_session, &AgentSession::silent, &m_link, [this] { showFrozen(); });
    QObject::connect(&m_session, &AgentSession::ended, &m_link, [this](const Error &error) { lose(error); });
    QObject::connect(&m_session, &AgentSession::snapshotArrived, &m_link,
                     [this](const Snapshot &snapshot) { showConnected(snapshot); });
    QObject::connect(&m_session, &AgentSession::notUnderstood, &m_link, [this](const QString &version) {
        const QString ours = QString::fromLatin1(kVersion);
        showBroken(
            QVersionNumber::fromString(version) > QVersionNumber::fromString(ours)
                ? AgentLink::tr(
                      "the agent's version %1 is newer than this tray (%2), which does not know its state; restart or update the tray")
                      .arg(version, ours)
                : AgentLink::tr("the agent is in a state that this tray (version %1) does not know").arg(ours));
    });
}

void AgentLink::Impl::start()
{
    m_watcher.start(); // first, so that nothing falls between
    look();
}

void AgentLink::Impl::check()
{
    if (m_session.isOpen())
        return m_session.check();
    if (m_clock.now().awake - m_triedAt >= kAskedRetryPause)
        m_retry.stop();
    look();
}

void AgentLink::Impl::request(const QJsonObject &message, QObject *context, Reply reply, Millis limit)
{
    m_session.request(message, context ? context : &m_link, std::move(reply), limit);
}

/// Looks who is there, by the files alone, and acts on it. Harmless at any time.
void AgentLink::Impl::look()
{
    if (m_session.isAnswering())
        return;
    const std::optional<AgentTrace> trace = liveAgentTrace(m_paths, m_socketPath);
    if (trace)
        return tryAgent(*trace);
    m_session.close();
    m_retry.stop();
    m_patience.stop();
    m_delay = {};
    m_trace.reset();
    if (!m_grace.isActive())
        showAbsent();
}

void AgentLink::Impl::tryAgent(const AgentTrace &trace)
{
    if (m_trace != trace) {
        m_trace = trace;
        m_session.close(); // of somebody who is no longer meant
        m_retry.stop();
        m_delay = {};
        m_failure.clear();
    }
    const bool isKnownBroken = m_picture.link == LinkState::Broken && m_brokenPid == trace.pid;
    if (!m_patience.isActive() && m_picture.link != LinkState::Frozen && !isKnownBroken)
        m_patience.start();
    if (m_session.isOpen() || m_retry.isActive())
        return;
    m_triedAt = m_clock.now().awake;
    m_connectedAt.reset();
    m_session.open();
}

void AgentLink::Impl::scheduleRetry()
{
    m_delay = m_delay == Millis(0) ? kRetryFirst : std::min(m_delay * 2, kRetryMax);
    m_retry.start(m_delay);
}

void AgentLink::Impl::lose(const Error &error)
{
    m_watcher.start();
    if (m_connectedAt && m_clock.now().awake - *m_connectedAt >= kGoodAfter)
        m_delay = {};
    scheduleRetry();
    m_failure = error.message;
    switch (error.code) {
    case ErrorCode::Malformed: return showBroken(AgentLink::tr("what answers on the agent's socket does not speak its protocol"));
    case ErrorCode::Busy: return showBroken(AgentLink::tr("the agent refuses this tray: %1").arg(error.message));
    case ErrorCode::Refused:
    case ErrorCode::Configuration: return showBroken(sanitized(error.message));
    case ErrorCode::Io:
    case ErrorCode::NotFound:
    case ErrorCode::Permission:
    case ErrorCode::TooLarge:
    case ErrorCode::NotDurable:
    case ErrorCode::Unavailable: break;
    }
    // One that went to hibernate leaves a record that looks like its last snapshot.
    if (m_picture.link == LinkState::Connected && m_picture.snapshot && m_picture.snapshot->state != State::Hibernation)
        m_grace.start();
    look();
}

void AgentLink::Impl::showConnected(const Snapshot &snapshot)
{
    m_watcher.stop();
    m_retry.stop();
    m_patience.stop();
    m_grace.stop();
    m_failure.clear();
    if (!m_connectedAt)
        m_connectedAt = m_clock.now().awake;
    m_picture.link = LinkState::Connected;
    m_picture.snapshot = snapshot;
    m_picture.record.reset();
    m_picture.trouble.clear();
    if (snapshot.state == State::Wake && !m_picture.isWaking)
        m_picture.wakeFailure.clear();
    tell();
}

void AgentLink::Impl::showFrozen()
{
    m_watcher.start();
    m_picture.link = LinkState::Frozen;
    m_picture.record.reset();
    const qint64 pid = m_trace ? m_trace->pid : 0;
    m_picture.trouble = m_failure.isEmpty()
                            ? AgentLink::tr("the agent (pid %1) does not answer").arg(pid)
                            : AgentLink::tr("the agent (pid %1) does not answer: %2").arg(pid).arg(sanitized(m_failure));
    tell();
}

void AgentLink::Impl::showAbsent()
{
    m_picture.link = LinkState::Absent;
    m_picture.snapshot.reset();
    m_picture.trouble.clear();
    m_picture.record = leftRecord(m_paths);
    tell();
}

void AgentLink::Impl::showBroken(const QString &trouble)
{
    m_patience.stop();
    m_grace.stop();
    if (m_session.isOpen())
        m_watcher.stop(); // the connection tells of its end
    m_brokenPid = m_trace ? m_trace->pid : 0;
    m_picture.link = LinkState::Broken;
    m_picture.snapshot.reset();
    m_picture.record.reset();
    m_picture.trouble = trouble;
    tell();
}

void AgentLink::Impl::tell()
{
    if (std::exchange(m_isTellQueued, true))
        return;
    QMetaObject::invokeMethod(
        &m_link,
        [this] {
            m_isTellQueued = false;
            if (std::exchange(m_told, m_picture) != m_picture)
                Q_EMIT m_link.pictureChanged();
        },
        Qt::QueuedConnection);
}

void AgentLink::Impl::wake()
{
    if (std::exchange(m_picture.isWaking, true))
        return;
    tell();
    if (m_picture.link != LinkState::Connected || !m_session.isAnswering())
        return launch();
    const auto answered = [this](const Result<QJsonObject> &answer) {
        if (answer && answer.value().value(control::key::kOk).toBool())
            return endWake({});
        if (answer)
            return endWake(AgentLink::tr("the agent refused to wake: %1")
                               .arg(sanitized(answer.value().value(control::key::kError).toString())));
        if (m_session.isAnswering())
            return endWake(answer.error().message);
        launch(); // it left just then
    };
    request({{control::key::kType, control::type::kForceWake}}, &m_link, answered, kSilenceLimit);
}

void AgentLink::Impl::launch()
{
    m_waker = std::make_unique<AgentWaker>(m_paths, m_socketPath, m_launchers());
    QObject::connect(m_waker.get(), &AgentWaker::finished, &m_link, [this](const WakeOutcome &outcome) {
        m_waker.release()->deleteLater(); // it is the one that calls
        const QString failures = sanitized(outcome.failures.join("; "_L1), 1000);
        endWake(outcome.awake ? QString() : failures.isEmpty() ? AgentLink::tr("the agent could not be woken") : failures);
    });
    m_waker->start();
}

void AgentLink::Impl::endWake(const QString &failure)
{
    m_picture.isWaking = false;
    m_picture.wakeFailure = failure;
    tell();
    if (!failure.isEmpty())
        return;
    m_retry.stop(); // it answers: no reason to wait
    m_delay = {};
    look();
}

AgentLink::AgentLink(RootPaths paths, QString socketPath, const Clock &clock, QObject *parent, Launchers launchers)
    : QObject(parent), m_impl(std::make_unique<Impl>(*this, std::move(paths), std::move(socketPath), clock, std::move(launchers)))
{
}

AgentLink::~AgentLink() = default;

void AgentLink::start()
{
    m_impl->start();
}

const AgentPicture &AgentLink::picture() const
{
    return m_impl->picture();
}

void AgentLink::request(const QJsonObject &message, QObject *context, Reply reply)
{
    m_impl->request(message, context, std::move(reply), kAnswerLimit);
}

void AgentLink::check()
{
    m_impl->check();
}

void AgentLink::wake()
{
    m_impl->wake();
}

} // namespace dormouse
