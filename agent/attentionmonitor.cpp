// SPDX-License-Identifier: MIT
#include "agent/attentionmonitor.h"

#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/storage/eventlog.h"
#include "shared/storage/writerlock.h"

#include <algorithm>
#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Millis kPast = 30 * 24h; // files older than this are archives

} // namespace

AttentionMonitor::AttentionMonitor(const Parts &parts, QObject *parent) : QObject(parent), m_parts(parts)
{
    connect(&m_parts.dispatcher, &Dispatcher::logged, this, [this](const LogEntry &entry) {
        if (m_isPastKnown)
            m_starvation.add(entry);
        else
            m_sinceStart.push_back(entry);
    });
}

void AttentionMonitor::readPast()
{
    const WallTime until = m_parts.clock.now().wall;
    m_worker.start([this, until, folder = m_parts.dispatcher.paths().logs()] {
        StarvationClock past;
        readEventLog(
            folder, until - kPast, until, false, [&past](const LogEntry &entry) { past.add(entry); }, &m_isOver);
        QMetaObject::invokeMethod(
            this,
            [this, past] {
                m_starvation = past;
                m_isPastKnown = true;
                for (const LogEntry &entry : std::exchange(m_sinceStart, {}))
                    m_starvation.add(entry);
            },
            Qt::QueuedConnection);
    });
}

void AttentionMonitor::look()
{
    const WallTime now = m_parts.clock.now().wall;
    AttentionBoard &board = m_parts.attention;
    board.set(u"wake_signal"_s,
              m_parts.evaluator.isSignalStuck() ? std::optional(
                  QString(u"wake.signal cannot be removed; remove it by hand: "_s + m_parts.dispatcher.paths().wakeSignal()))
                                                : std::nullopt,
              now);
    const int overflow = m_parts.driver.presence().overflow();
    board.set(u"overflow"_s,
              overflow > 0 ? std::optional(
                  u"more than 10 000 heartbeat files; the others are not read. `dormouse clean` removes dead ones"_s)
                           : std::nullopt,
              now);
    const int deferrals = m_parts.cycle.status().value("deferrals"_L1).toInt();
    if (m_isPastKnown)
        board.set(u"starvation"_s, starvationText(m_starvation, m_parts.cycle.view().heldBack, deferrals, now), now);
    board.set(u"quarantine"_s, quarantineText(), now);
    const auto &wrong = m_parts.configuration.error();
    board.set(u"configuration"_s, wrong ? std::optional(wrong->text()) : std::nullopt, now);
    lookAtServices(now);
    board.set(u"python_daemon"_s, pythonDaemonText(), now);
    keepAcknowledged();
}

/// An acknowledgement ends with its cause, on the disk, too.
void AttentionMonitor::keepAcknowledged()
{
    OwnMemory &own = m_parts.evaluator.ownMemory();
    if (!m_isPastKnown || own.acknowledged == m_parts.attention.acknowledged())
        return;
    own.acknowledged = m_parts.attention.acknowledged();
    m_parts.evaluator.ownMemoryChanged();
}

void AttentionMonitor::noteScan(const HeartbeatScan &scan)
{
    const std::optional<Error> &error = scan.error ? scan.error : scan.fileError;
    m_parts.attention.set(u"wrappers_folder"_s,
                          error ? std::optional(QString(u"clients cannot be seen: "_s + error->text())) : std::nullopt, scan.at);
}

void AttentionMonitor::lookAtServices(WallTime now)
{
    const QMap<QString, QString> troubled = m_parts.services.troubled();
    for (const QString &name : std::as_const(m_troubled)) {
        if (!troubled.contains(name))
            m_parts.attention.set(u"service "_s + name, std::nullopt, now);
    }
    m_troubled = troubled.keys();
    for (auto service = troubled.constBegin(); service != troubled.constEnd(); ++service)
        m_parts.attention.set(u"service "_s + service.key(), service.value(), now);
}

void AttentionMonitor::noteChangedCommands(const QStringList &names)
{
    m_parts.attention.set(u"commands_changed"_s, std::nullopt,
                          m_parts.clock.now().wall); // told anew, even if the last time was acknowledged
    m_parts.attention.set(u"commands_changed"_s, QString(u"dormouse.toml brought new commands: "_s + names.join(u", "_s)),
                          m_parts.clock.now().wall);
}

std::optional<QString> AttentionMonitor::quarantineText() const
{
    const QJsonObject quarantine = m_parts.cycle.status().value("quarantine"_L1).toObject();
    if (quarantine.isEmpty())
        return std::nullopt;
    return QString(u"housekeeping is suspended until "_s + quarantine.value("until_ts"_L1).toString() + u": "_s
                   + quarantine.value("reason"_L1).toString() + u"; `dormouse cycle reset-quarantine` ends it"_s);
}

std::optional<QString> AttentionMonitor::pythonDaemonText() const
{
    const qint64 pid = pythonDaemonPid(m_parts.dispatcher.paths());
    const auto isOurs = [pid](const ServiceView &service) { return service.pid == pid; };
    if (pid <= 0 || !m_parts.processes.isAlive(pid) || std::ranges::any_of(m_parts.services.views(), isOurs))
        return std::nullopt;
    return QString(u"a Python daemon (pid "_s + QString::number(pid)
                   + u") uses this folder too; stop it, or let Dormouse manage it as a service"_s);
}

} // namespace dormouse
